"""From a visitor's first page to a signature that counts, through HTTP alone.

    python tests/ci/first_signature.py http://127.0.0.1:8000

Needs Python's standard library and a running demo; ends with 0 or 1, and a sentence that says why.
"""

import json
import re
import secrets
import sys
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

# Seconds for the mail to be written and for the count to follow: both take about one.
PATIENCE = 60.0
NAME, POSTAL_CODE = "Ève Premier", "38130"


class Failed(Exception):
    """What a visitor could not do, in a sentence."""


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    # Boxes that must be ticked: consent, age.
    required_boxes: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The links and forms of a page, as a browser without JavaScript would use them."""

    def __init__(self, address: str, html: str):
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._is_in_form = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self.forms.append(Form(action, given.get("method", "get").lower()))
            self._is_in_form = True
        elif self._is_in_form and tag in ("input", "select", "textarea") and given.get("name"):
            self._add_field(self.forms[-1], given)

    def handle_endtag(self, tag):
        self._is_in_form = self._is_in_form and tag != "form"

    def _add_field(self, form: Form, given: dict):
        if given.get("type") != "checkbox":
            form.values[given["name"]] = given.get("value") or ""
        elif "required" in given:
            form.required_boxes.append(given["name"])

    def link(self, pattern: str, what: str) -> str:
        """The first link whose path matches. Raises Failed."""
        for link in self.links:
            if re.fullmatch(pattern, urlsplit(link).path):
                return link
        raise Failed(f"{self.address} has no link to {what}.")

    def form(self, name: str, what: str) -> Form:
        """The first form to post that has a field of that name. Raises Failed."""
        for form in self.forms:
            if form.method == "post" and name in form.values:
                return form
        raise Failed(f"{self.address} has no form to {what}.")


class Visitor:
    """A browser of one's own: cookies are kept, the shell's proxy is not asked."""

    def __init__(self):
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def read(self, address: str, typed: dict[str, str] | None = None) -> tuple[str, str]:
        """Where one lands and what stands there; with `typed`, by POST. Raises Failed."""
        body = urlencode(typed).encode() if typed is not None else None
        try:
            with self.opener.open(address, body, timeout=20) as answer:
                return answer.url, answer.read().decode()
        except HTTPError as error:
            raise Failed(f"{address} answers {error.code}.") from error
        except (URLError, HTTPException, OSError) as error:
            raise Failed(f"{address} can't be reached: {error}.") from error

    def open(self, address: str) -> Page:
        return Page(*self.read(address))

    def send(self, form: Form, **typed: str) -> Page:
        ticked = dict.fromkeys(form.required_boxes, "on")
        return Page(*self.read(form.action, form.values | ticked | typed))


def find_petition(visitor: Visitor, site: str) -> Page:
    """From home through the list to the first open petition."""
    home = visitor.open(f"{site}/")
    petitions = visitor.open(home.link(r"/petitions/", "the petitions"))
    return visitor.open(petitions.link(r"/petitions/\d+-[\w-]+/", "an open petition"))


def ask_to_sign(visitor: Visitor, petition: Page, email: str) -> None:
    page = visitor.open(petition.link(r"/petitions/\d+/signature/", "sign the petition"))
    landed = visitor.send(page.form("email", "sign"), name=NAME, email=email, postal_code=POSTAL_CODE)
    if landed.address == page.address:
        raise Failed("The signing form was not accepted.")


def find_mail(visitor: Visitor, site: str, email: str) -> Page:
    """The mail to that address in the demo's mailbox, once it is there."""

    def look() -> Page | None:
        address, html = visitor.read(f"{site}/demo/courrier/")
        lines = re.findall(r"<li\b.*?</li>", html, flags=re.DOTALL)
        mail = next((line for line in lines if email in line), None)
        return mail and visitor.open(Page(address, mail).link(r"/demo/courrier/\d+/", "the mail"))

    return wait_for(look, f"No mail to {email} came to the demo's mailbox")


def confirm(visitor: Visitor, mail: Page) -> None:
    page = visitor.open(mail.link(r"/petitions/\d+/signature/lien/[^/]+/", "confirm the signature"))
    thanks = visitor.send(page.form("csrfmiddlewaretoken", "confirm the signature"))
    if not thanks.address.endswith("/signature/merci/"):
        raise Failed(f"Confirming led to {thanks.address} instead of thanks.")


def count_of(visitor: Visitor, site: str, petition: Page) -> int:
    number = re.search(r"/petitions/(\d+)-", petition.address)[1]
    return json.loads(visitor.read(f"{site}/petitions/{number}/count.json")[1])["count"]


def wait_for(look, sentence: str):
    """What `look` finds within PATIENCE. Raises Failed with the sentence."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Failed(f"{sentence} within {PATIENCE:.0f} seconds.")
        time.sleep(0.3)
    return found


def sign(site: str) -> str:
    """The whole way; returns what was shown. Raises Failed."""
    visitor, email = Visitor(), f"eve.{secrets.token_hex(6)}@example.org"
    petition = find_petition(visitor, site)
    before = count_of(visitor, site, petition)
    ask_to_sign(visitor, petition, email)
    # The mail is often opened elsewhere: on a telephone, without the cookies of the first page.
    elsewhere = Visitor()
    confirm(elsewhere, find_mail(elsewhere, site, email))
    confirmed_at = time.monotonic()
    after = wait_for(
        lambda: (count := count_of(visitor, site, petition)) > before and count, f"The count stayed at {before}"
    )
    took = time.monotonic() - confirmed_at
    return f"A signature is confirmed and counted: {before}, then {after} after {took:.1f} s ({petition.address})."


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("Usage: first_signature.py ADDRESS, for example http://127.0.0.1:8000\n")
        return 1
    try:
        sys.stdout.write(f"{sign(arguments[0].rstrip('/'))}\n")
    except Failed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

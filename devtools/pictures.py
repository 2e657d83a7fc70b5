"""`./run pictures`: the product's pages as pictures, at 360 and 1280 pixels, light and dark, in var/pictures/.

It walks through the running demo as a visitor, an author and a moderator, so that each picture shows
real content; what it signs and writes stays in the demo. Names of pages may be given to take only those.
"""

import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from devtools.setup import VAR

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
SIZES = {360: 740, 1280: 900}
SCHEMES = ("light", "dark")


class Walk:
    """One visitor of the demo, at one size and scheme, who takes pictures on the way."""

    def __init__(self, browser: Browser, base: str, folder: Path, wanted: set[str], width: int, scheme: str):
        self.base, self.folder, self.wanted = base, folder, wanted
        self.width, self.suffix = width, f"{width}-{scheme}"
        context = browser.new_context(
            viewport={"width": width, "height": SIZES[width]},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="fr-FR",
        )
        self.page: Page = context.new_page()

    def go(self, address: str, name: str = "") -> None:
        self.page.goto(self.base + address)
        if name:
            self.shoot(name)

    def shoot(self, name: str) -> None:
        if not self.wanted or name in self.wanted:
            # As tall as the page, so that what keeps to the bottom of a screen hides nothing of it.
            height = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size({"width": self.width, "height": height})
            self.page.screenshot(path=self.folder / f"{name}-{self.suffix}.png")
            self.page.set_viewport_size({"width": self.width, "height": SIZES[self.width]})

    def send(self) -> None:
        """Press the main button of the page's form."""
        self.page.locator("main form[method=post] button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def be(self, first_name: str) -> None:
        self.go("/demo/")
        self.page.get_by_role("button", name=re.compile(first_name)).click()
        self.page.wait_for_load_state()


def anyone(walk: Walk) -> None:
    """What is read without an account, and the pages of trouble."""
    walk.go("/", "home")
    walk.go("/petitions/", "list")
    walk.go("/petitions/?q=introuvable", "empty")
    walk.go("/petitions/?etat=refusees", "list-refused")
    walk.page.locator("ol.rows a").first.click()
    walk.shoot("petition-refused")
    walk.go("/petitions/?etat=a-venir", "list-scheduled")
    walk.go("/petitions/?etat=closes")
    walk.page.locator("ol.rows a").first.click()
    walk.shoot("petition-closed")
    walk.go("/compte/login/", "sign-in")
    walk.go("/compte/signup/", "sign-up")
    walk.go("/accessibilite/", "accessibility")
    walk.go("/aide/", "help")
    walk.go("/demo/", "demo")
    walk.go("/nulle-part/", "error")


def signer(walk: Walk) -> None:
    """Signing by mail, up to one's own page."""
    walk.go("/petitions/?tri=signatures")
    walk.page.locator("ol.rows a").nth(1).click()
    walk.shoot("petition")
    walk.page.locator("a[href$='/signature/']").first.click()
    walk.shoot("signing")
    walk.send()
    walk.shoot("signing-errors")
    page = walk.page
    page.fill("[name=name]", "Josette Martin")
    page.fill("[name=email]", f"josette-{walk.suffix}-{os.getpid()}@example.org")
    page.fill("[name=postal_code]", "38130")
    page.check("[name=is_old_enough]")
    page.check("[name=consent]")
    walk.send()
    walk.shoot("after-asking")
    walk.go("/demo/courrier/", "mailbox")
    page.locator("main a[href*='/demo/courrier/']").first.click()
    walk.shoot("mail")
    link = re.search(r"/petitions/\d+/signature/lien/[^/\s\"<]+/", page.content())
    if link is None:
        raise SystemExit("the newest mail of the demo holds no link to confirm")
    walk.go(link[0], "confirming")
    walk.send()
    walk.shoot("after-signing")
    walk.go(link[0], "own-signature")


def author(walk: Walk) -> None:
    """The steps of writing."""
    walk.be("Amina")
    walk.go("/petitions/miennes/", "mine")
    walk.go("/petitions/nouvelle/", "writing-title")
    walk.page.fill("[name=title]", "Un abri éclairé pour les bus du soir")
    walk.send()
    walk.shoot("writing-request")
    walk.go("/compte/", "account")


def resident(walk: Walk) -> None:
    """Signing with an account, and what one finds of it."""
    walk.be("Bruno")
    walk.go("/petitions/?tri=echeance")
    walk.page.locator("ol.rows a").first.click()
    walk.page.locator("a[href$='/signature/']").first.click()
    walk.shoot("signing-with-account")
    walk.go("/petitions/signatures/", "signatures")
    walk.go("/compte/", "account-resident")


def clerk(walk: Walk) -> None:
    walk.be("Colette")
    walk.shoot("account-clerk")


def moderator(walk: Walk) -> None:
    """The desk."""
    walk.be("Mireille")
    walk.go("/moderation/", "moderation")
    walk.page.locator("main a[href*='/moderation/']").first.click()
    walk.shoot("moderation-case")


WALKS: tuple[Callable[[Walk], None], ...] = (anyone, signer, author, resident, clerk, moderator)


def main() -> None:
    base = running_product(VAR / "run.lock")
    folder = VAR / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for width in SIZES:
            for scheme in SCHEMES:
                for walk in WALKS:
                    walk(Walk(browser, base, folder, set(sys.argv[1:]), width, scheme))
                print(f"{width} pixels, {scheme}", flush=True)
    print(f"{len(list(folder.glob('*.png')))} images : {folder}")


def running_product(note: Path) -> str:
    """The address that `./run` noted when it started, if it still answers there."""
    base = note.read_text().rstrip("/") if note.exists() else ""
    try:
        urllib.request.urlopen(f"{base}/demo/", timeout=10).close()
    except (ValueError, urllib.error.URLError):
        raise SystemExit("Lancez d'abord « ./run » dans un autre terminal.") from None
    return base


@contextmanager
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        raise SystemExit("Il faut Chromium (sur Debian : apt install chromium).")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main()

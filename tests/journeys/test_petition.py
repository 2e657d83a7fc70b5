"""A petition from its first word to a signature taken back, while others look at its page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import WAYS
from tests.product import PATIENCE, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

LINK = re.compile(r"https?://[^/\s]+(/petitions/\d+/signature/lien/\S+/)")
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)
SUBMIT = "main form:not([role=search]) button[type=submit]"


def write(author, title) -> None:
    author.open("/petitions/")
    author.press("a[href='/petitions/nouvelle/']")
    author.fill(title=title)
    author.press(SUBMIT)
    author.fill(request="Un passage surélevé devant l’école avant la rentrée.")
    author.press(SUBMIT)
    author.fill(details="Les voitures passent vite.")
    author.press(SUBMIT)
    # Back, and forth again: nothing is lost.
    author.press("[name=back]")
    assert author.find("[name=details]").input_value() == "Les voitures passent vite."
    author.press(SUBMIT)
    author.choose(theme="Se déplacer", quarter="Surieux")
    author.press(SUBMIT)
    assert author.page.get_by_text("Les voitures passent vite.").is_visible()
    author.press(SUBMIT)
    assert author.is_at("/petitions/miennes/$")


def publish(moderator, title) -> None:
    moderator.open("/moderation/")
    moderator.press(f"main a:has-text('{title}')")
    moderator.press("form[action$='/prise/'] button")
    moderator.press("button[name=action][value=publish]")


def newest_mail(product, to) -> str:
    sql = 'SELECT text FROM notifications_outgoingmail WHERE "to" = %s AND sent_at IS NOT NULL ORDER BY id DESC LIMIT 1'
    return wait_until(lambda: product.query(sql, to), "the mail leaves")[0][0]


def ask_to_sign(signer, name, email) -> None:
    signer.press("a[href$='/signature/']")
    signer.fill(name=name, email=email, postal_code="38130")
    signer.tick("is_old_enough", "consent", "shows_name")
    signer.press(SUBMIT)
    assert signer.is_at("/signature/code/$")


def shows(visitor, page, text) -> bool:
    visitor.open(page)
    return visitor.page.get_by_text(text).is_visible()


class Onlooker:
    """An open page on which nothing is pressed: its count moves by itself, and it is never loaded again."""

    def __init__(self, visitor, path, *, sockets=True):
        self.visitor = visitor
        if not sockets:
            visitor.page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
        visitor.open(path)
        visitor.page.evaluate("window.isTheSame = true")
        self.count = visitor.page.locator("[data-live=count] strong").first

    def sees(self, number: int) -> None:
        expect(self.count).to_have_text(str(number), timeout=PATIENCE * 1000)
        assert self.visitor.page.evaluate("window.isTheSame")


@pytest.mark.parametrize("way", WAYS)
def test_written_published_signed_and_taken_back(product, visit, way, request):
    title = f"Une traversée sûre, {request.node.callspec.id}"
    author = visit("amina", **way)
    write(author, title)
    publish(visit("mireille", **way), title)
    ((petition,),) = product.query("SELECT id FROM petitions_petition WHERE title = %s", title)

    stranger = visit()
    stranger.open("/petitions/")
    stranger.press(f"main a:has-text('{title}')")
    page = stranger.page.url.removeprefix(product.origin)
    onlooker = Onlooker(visit(), page)
    onlooker.sees(0)

    # With an account: one page, one box, one button.
    bruno = visit("bruno", **way)
    bruno.open(page)
    bruno.press("a[href$='/signature/']")
    bruno.tick("consent")
    bruno.press(SUBMIT)
    assert bruno.is_at(f"/petitions/{petition}/signature/merci/$")
    onlooker.sees(1)

    # By mail, with the button behind the link.
    odile, address = visit(**way), f"odile.{petition}@example.org"
    odile.open(page)
    ask_to_sign(odile, "Odile Garnier", address)
    own_page = LINK.search(newest_mail(product, address)).group(1)
    odile.open(own_page)
    odile.press(SUBMIT)
    assert odile.is_at(f"/petitions/{petition}/signature/merci/$")
    landing = odile.page.url
    onlooker.sees(2)

    # By mail, with the code.
    paul, address = visit(**way), f"paul.{petition}@example.org"
    paul.open(page)
    ask_to_sign(paul, "Paul Rey", address)
    paul.fill(code=CODE.search(newest_mail(product, address)).group(1))
    paul.press("form:has([name=code]) button")
    assert paul.is_at("/signature/merci/$")
    onlooker.sees(3)

    # The address where Odile landed shows a stranger the petition, with the name that she shows.
    stranger.open(landing)
    assert stranger.page.url == product.origin + page
    wait_until(lambda: shows(stranger, page, "Odile Garnier"), "the page shows who asked for it")

    # Her own page: the name hidden, then the signature taken back.
    odile.open(own_page)
    odile.tick_off("shows_name")
    odile.press("form[action$='/choix/'] button")
    odile.press("form[action$='/retrait/'] button")
    onlooker.sees(2)
    wait_until(lambda: not shows(stranger, page, "Odile Garnier"), "the name goes from the page and from its cache")


def test_the_count_moves_where_sockets_are_blocked(product, visit):
    (petition,) = product.stage("crowd", 0, 1)["petitions"]
    onlooker = Onlooker(visit(), f"/petitions/{petition}/", sockets=False)
    bruno = visit("bruno")
    bruno.open(f"/petitions/{petition}/signature/")
    bruno.tick("consent")
    bruno.press(SUBMIT)
    onlooker.sees(1)
    bruno.open(f"/petitions/{petition}/signature/")
    bruno.press("form[action$='/retrait/'] button")
    onlooker.sees(0)


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_is_found_and_mended(visit, product, way):
    (petition,) = product.stage("crowd", 0, 1)["petitions"]
    odile = visit(**way)
    odile.open(f"/petitions/{petition}/signature/")
    odile.fill(name="Odile Garnier", email="odile", postal_code="381")
    odile.hand.press(odile.find(SUBMIT))
    expect(odile.page.locator("#errors")).to_be_visible()
    # The summary has the focus, and its first link leads to the field.
    expect(odile.page.locator("#errors")).to_be_focused()
    odile.hand.press(odile.find("#errors a"))
    expect(odile.page.locator("[name=email]")).to_be_focused()
    assert odile.find("[name=name]").input_value() == "Odile Garnier"
    odile.fill(email="odile.mistaken@example.org", postal_code="38130")
    odile.tick("is_old_enough", "consent")
    odile.press(SUBMIT)
    assert odile.is_at("/signature/code/$")
    # The address was not the right one: only the new one is written to.
    odile.hand.press(odile.find("details summary"))
    odile.fill(email=f"odile.{petition}@example.org")
    odile.press("form[action$='/adresse/'] button")
    code = CODE.search(newest_mail(product, f"odile.{petition}@example.org")).group(1)
    odile.fill(code=code)
    odile.press("form:has([name=code]) button")
    assert odile.is_at("/signature/merci/$")

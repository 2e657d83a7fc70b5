"""The debate beside a session that is live: read and written by several at once, while the clerk moves on."""

import pytest
from playwright.sync_api import expect

from tests.product import PATIENCE

pytestmark = pytest.mark.browser
MILLISECONDS = PATIENCE * 1000
WRITE = "#exchanges a[href$='/reagir/']"
NO_SOCKETS = "WebSocket = class { static OPEN = 1; constructor() { setTimeout(() => this.onclose?.()); } close() {} };"


@pytest.fixture
def session(product, cast):
    return product.stage("sitting", 3)


def say(visitor, text):
    if not visitor.page.locator("#exchanges textarea").count():
        visitor.hand.press(visitor.find(WRITE))
    visitor.fill(text=text)
    visitor.hand.press(visitor.find("#exchanges .debate-form button"))
    expect(visitor.page.locator("#exchanges .comment", has_text=text)).to_be_visible(timeout=MILLISECONDS)


def test_what_comes_is_counted_flows_where_one_wants_it_and_reaches_who_has_no_socket(visit, session):
    bruno, amina, polled, plain = visit("bruno"), visit("amina", width=360), visit(), visit(scripts=False)
    polled.page.add_init_script(NO_SOCKETS)
    for visitor in (bruno, amina, polled):
        visitor.open(session["address"])
    say(bruno, "Première idée.")
    news = amina.page.locator("[data-waiting]")
    expect(news).to_have_text("1 nouvelle réaction", timeout=MILLISECONDS)
    expect(amina.page.locator("#exchanges .comment")).to_have_count(0)
    expect(amina.page.get_by_role("log", name="Débat")).to_have_attribute("aria-live", "polite")
    amina.page.get_by_label("Afficher aussitôt").check()
    expect(amina.page.locator("#exchanges .comment")).to_have_count(1)
    amina.page.get_by_label("Ne pas les faire lire").check()
    expect(amina.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    focused = amina.page.evaluate("document.activeElement.dataset.way")
    say(bruno, "Deuxième idée.")
    expect(amina.page.locator("#exchanges .comment")).to_have_count(2, timeout=MILLISECONDS)
    expect(news).to_be_hidden()
    assert amina.page.evaluate("document.activeElement.dataset.way") == focused
    expect(polled.page.locator("[data-waiting]")).to_have_text("2 nouvelles réactions", timeout=MILLISECONDS)
    plain.open(session["address"])
    expect(plain.page.locator("#exchanges .comment")).to_have_count(2)
    assert plain.page.locator(WRITE).is_visible()
    for visitor in (bruno, amina, polled, plain):
        visitor.check()


def test_when_the_council_moves_on_what_one_writes_goes_along(visit, session, product):
    bruno, reader = visit("bruno", width=360, keyboard=True), visit()
    bruno.open(session["address"])
    reader.open(session["address"])
    bruno.hand.press(bruno.find(WRITE))
    bruno.fill(text="Un long texte auquel je tiens.")
    product.stage("advance", session["pk"], 2)
    offer = bruno.page.locator("[data-offer]")
    expect(offer).to_be_visible(timeout=MILLISECONDS)
    expect(bruno.find("[name=text]")).to_be_focused()
    assert bruno.find("[name=text]").input_value() == "Un long texte auquel je tiens."
    bruno.hand.press(bruno.find("[data-offer] a"))
    expect(bruno.page.locator(f"[data-log='{session['threads'][1]}']")).to_be_visible()
    expect(bruno.find("[name=text]")).to_have_value("Un long texte auquel je tiens.")
    expect(bruno.find("[name=text]")).to_be_focused()
    expect(offer).to_be_hidden()
    bruno.hand.press(bruno.find(".debate-form button"))
    expect(bruno.page.locator("#exchanges .comment__text")).to_have_text("Un long texte auquel je tiens.")
    # Who comes along later has what was said meanwhile, and then what is said.
    reader.hand.press(reader.find("[data-offer] a"))
    expect(reader.page.locator("#exchanges .comment__text")).to_have_text("Un long texte auquel je tiens.")
    say(bruno, "Encore un mot.")
    expect(reader.page.locator("[data-waiting]")).to_have_text("1 nouvelle réaction", timeout=MILLISECONDS)
    for visitor in (bruno, reader):
        visitor.check()

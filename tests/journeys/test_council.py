"""A council sits: two clerks at their desks, and people who watch, each in a way of their own."""

import pytest
from playwright.sync_api import expect

from tests.product import PATIENCE, wait_until

pytestmark = pytest.mark.browser
MILLISECONDS = PATIENCE * 1000
# As behind a proxy that lets none through.
NO_SOCKETS = """window.WebSocket = class {
  static OPEN = 1;
  readyState = 3;
  constructor() { setTimeout(() => this.onclose?.()); }
  close() {}
};"""


@pytest.fixture
def sitting(product, cast):
    """Convened, its members there: its number and the address of its page."""
    return product.stage("council")


@pytest.fixture
def desk(sitting):
    return f"/seances/bureau/{sitting['pk']}/conduite/"


def act(clerk, name: str) -> None:
    clerk.press(f"button[name=act][value={name}]")


def now(visitor):
    return visitor.page.locator("[data-live=now]")


def shows(visitor, *words: str) -> None:
    for word in words:
        expect(now(visitor)).to_contain_text(word, timeout=MILLISECONDS)


def reads(visitor, address: str, words: str) -> None:
    """Without scripts one loads the page again; a cache may know for a moment only what was true before."""

    def is_there():
        visitor.open(address)
        return words in now(visitor).inner_text()

    wait_until(is_there, words)


def live_regions(visitor) -> list[tuple[str, str]]:
    """What a screen reader follows by itself, as the accessibility tree has it: role and politeness."""
    session = visitor.context.new_cdp_session(visitor.page)
    found = []
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        facts = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
        if facts.get("live", "off") != "off":
            found.append((node["role"]["value"], facts["live"]))
    return found


def test_a_session_from_its_opening_to_its_end(visit, sitting, desk):
    colette, bruno, reader, remote = visit("colette"), visit("bruno", width=360), visit(scripts=False), visit()
    remote.page.add_init_script(NO_SOCKETS)
    for viewer in (bruno, reader, remote):
        viewer.open(sitting["address"])
        shows(viewer, "Commence le")
    colette.open(desk)
    link = bruno.page.get_by_role("link", name="Ajouter à votre agenda")
    link.focus()
    # Nothing interrupts who listens.
    assert {politeness for _role, politeness in live_regions(bruno)} == {"polite"}
    assert ("log", "polite") in live_regions(bruno)

    act(colette, "open")
    shows(bruno, "En direct")
    act(colette, "go")
    expect(bruno.page.get_by_role("status").filter(has_text="Les tarifs")).to_be_visible(timeout=MILLISECONDS)
    expect(bruno.page.locator(".agenda .is-current")).to_contain_text("Les tarifs de la piscine")
    # Whatever comes, the keyboard stays where its user is.
    expect(link).to_be_focused()
    shows(remote, "1. Les tarifs de la piscine")

    colette.press("[data-key=v]")
    colette.press("nav a:has-text('main levée')")
    colette.press("#entry button[type=submit]")
    shows(bruno, "Adopté à l’unanimité")
    expect(bruno.page.locator(".agenda .vote tfoot")).to_contain_text("3")
    colette.open(desk)

    act(colette, "go")
    shows(bruno, "2. Le budget")
    act(colette, "undo")
    shows(bruno, "1. Les tarifs de la piscine")
    act(colette, "close_doors")
    shows(bruno, "Huis clos")
    expect(now(bruno)).not_to_contain_text("piscine")
    reads(reader, sitting["address"], "Huis clos")
    expect(reader.page.locator(".vote")).to_have_count(1)
    act(colette, "resume")
    colette.page.locator("#end summary").click()
    act(colette, "adjourn")
    for viewer in (bruno, remote):
        shows(viewer, "Terminée le")
    reads(reader, sitting["address"], "Terminée le")
    expect(link).to_be_focused()
    for visitor in (colette, bruno, reader, remote):
        visitor.check()


def test_two_clerks_see_each_other_and_lose_nothing_that_was_typed(visit, desk):
    colette, carole = visit("colette"), visit("carole")
    colette.open(desk)
    act(colette, "open")
    carole.page.clock.install(time=0)
    carole.open(desk)
    carole.page.clock.pause_at(60_000)
    question = carole.page.locator("[name=question]")
    question.fill("Faut-il un banc ?")
    question.press("Home")
    carole.page.locator("#end summary").click()
    carole.page.locator("#member").select_option(index=2)
    question.focus()

    act(colette, "go")
    current = carole.page.locator(".conduct__item")
    wait_for_colleague(carole, current, "1. Les tarifs de la piscine")
    expect(question).to_have_value("Faut-il un banc ?")
    expect(question).to_be_focused()
    assert question.evaluate("field => field.selectionStart") == 0
    assert carole.page.locator("#member").evaluate("menu => menu.selectedIndex") == 2
    expect(carole.page.locator("#end")).to_have_attribute("open", "")
    expect(carole.page.locator("[data-said]")).to_contain_text("collègue")

    # She meant the button that stood there a moment ago.
    carole.page.locator("button[value=go]").first.click()
    expect(carole.page.locator("[data-said]")).to_contain_text("rien n’a été envoyé")
    expect(current).to_have_text("1. Les tarifs de la piscine")
    carole.page.clock.run_for(1_000)
    act(carole, "go")
    expect(colette.page.locator(".conduct__item")).to_have_text("2. Le budget", timeout=MILLISECONDS)
    for clerk in (colette, carole):
        clerk.check()


def wait_for_colleague(clerk, place, text: str) -> None:
    """Her clock stands still unless it is moved: what comes is shown a moment later."""
    for _ in range(PATIENCE * 4):
        clerk.page.clock.run_for(200)
        if place.inner_text() == text:
            return
        clerk.page.wait_for_timeout(250)
    raise AssertionError(f"never came: {text}")


def test_keys_conduct_a_session_and_can_be_switched_off(visit, desk):
    colette = visit("colette")
    page = colette.page
    colette.open(desk)
    act(colette, "open")
    current, badge = page.locator(".conduct__item"), page.locator(".conduct__now .badge")
    for key, place, text in (
        ("n", current, "1. Les tarifs de la piscine"),
        ("n", current, "2. Le budget"),
        ("u", current, "1. Les tarifs de la piscine"),
        ("s", badge, "Suspendue"),
        ("s", badge, "En direct"),
    ):
        page.keyboard.press(key)
        expect(place).to_have_text(text)
    page.keyboard.press("?")
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("v")
    expect(current).to_have_text("1. Les tarifs de la piscine")
    assert colette.is_at("/conduite/$")
    colette.check()

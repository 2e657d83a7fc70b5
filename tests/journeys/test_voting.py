"""A resident votes: on a phone, by keyboard alone, without scripts; each page of the way is looked at as gates do."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser import WAYS
from tests.gates.test_pages import AXE_OPTIONS, BUDGET

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

KINDS = ("single", "multiple", "ranking", "grades", "points", "basket")
CODE = re.compile(r"^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){4}$")
ANSWERS = "SELECT answers FROM consultations_openballot WHERE consultation_id = %s"
ENVELOPES = "SELECT count(*) FROM consultations_envelope WHERE consultation_id = %s"
NEXT = ".actions button[value=next]"


class Voter:
    """Somebody of the cast on the way through a vote."""

    def __init__(self, visitor, consultation: int, *, scripts: bool):
        self.visitor, self.page, self.scripts = visitor, visitor.page, scripts
        # Once is enough: with scripts, on a phone.
        self.looks = scripts and visitor.page.viewport_size["width"] == 360
        visitor.open(f"/consultations/{consultation}/")
        visitor.press("a[href$='/participer/']")
        self.look()
        visitor.tick("of_age")
        self.go()

    def look(self) -> None:
        """The page is accessible, and light."""
        if not self.looks:
            return
        assert self.page.evaluate("document.getElementsByTagName('*').length") <= BUDGET["elements"]
        self.page.evaluate(AXE_SCRIPT)
        violations = self.page.evaluate("options => axe.run(options)", AXE_OPTIONS)["violations"]
        assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []

    def go(self, button: str = NEXT) -> None:
        self.visitor.press(button)
        self.look()

    def tick(self, *ids: str) -> None:
        for each in ids:
            self.visitor.hand.tick(self.visitor.find(f"#{each}"))

    def do(self, act: str) -> None:
        """A button of a line: with scripts the page stays, and so does the focus."""
        button = f"button[name=do][value='{act}']"
        if not self.scripts:
            return self.visitor.press(button)
        self.visitor.hand.press(self.visitor.find(button))
        return None

    def value(self, id: str) -> str:
        return self.page.locator(f"#{id}").input_value()


@pytest.fixture
def vote(product):
    def make(*kinds, secrecy="secret") -> int:
        return product.stage("vote", secrecy, *kinds)["pk"]

    return make


@pytest.mark.parametrize("way", WAYS)
def test_every_kind_of_question_is_answered(product, visit, vote, way):
    consultation = vote(*KINDS, secrecy="confidential")
    bruno = Voter(visit("bruno", **way), consultation, scripts=way["scripts"])
    bruno.tick("q1-o1")
    bruno.go()
    bruno.tick("q2-o1", "q2-o3")
    bruno.go()
    rank(bruno, 3)
    bruno.go()
    bruno.tick("q4-o1-0", "q4-o2-0")
    bruno.go()
    for _ in range(3):
        bruno.do("5:more:o2")
    assert bruno.value("q5-o2") == "3"
    expect(bruno.page.locator("[data-left]")).to_have_text("2")
    bruno.go()
    bruno.tick("q6-o1", "q6-o3")
    if not way["scripts"]:
        bruno.visitor.press("[data-recount]")
    expect(bruno.page.locator("[data-left]")).to_have_text(re.compile(r"^0\s€$"))
    bruno.go()
    expect(bruno.page.locator("h1")).to_have_text("Relisez votre vote")
    bruno.go(".actions button[value=send]")
    assert CODE.match(bruno.page.locator("#code").inner_text())
    ((answers,),) = product.query(
        "SELECT answers FROM consultations_openballot WHERE consultation_id = %s", consultation
    )
    assert answers == {
        "q-single": "o1", "q-multiple": ["o1", "o3"], "q-ranking": ["o3", "o2"], "q-grades": {"o1": 0, "o2": 0},
        "q-points": {"o2": 3}, "q-basket": ["o1", "o3"],
    }  # fmt: skip


def rank(voter: Voter, number: int) -> None:
    """Two go in, the second goes up past the first, a third goes in and out again."""
    voter.do(f"{number}:in:o2")
    voter.do(f"{number}:in:o3")
    voter.do(f"{number}:up:o3")
    # The focus stays on the button that was pressed, wherever its line has gone.
    expect(voter.page.locator(":focus")).to_have_attribute("value", f"{number}:up:o3")
    voter.do(f"{number}:in:o1")
    voter.do(f"{number}:out:o1")
    assert [voter.value(f"q{number}-{option}") for option in ("o3", "o2", "o1")] == ["1", "2", ""]
    rows = voter.page.locator(".ranking input")
    assert rows.evaluate_all("fields => fields.map(field => field.id)") == [
        f"q{number}-{o}" for o in ("o3", "o2", "o1")
    ]


@pytest.mark.parametrize("way", WAYS)
def test_a_ranking_is_written_in_numbers_and_a_mistake_mended(product, visit, vote, way):
    bruno = Voter(visit("bruno", **way), vote("ranking"), scripts=way["scripts"])
    bruno.visitor.fill(**{"q1-o1": "1", "q1-o2": "1"})
    bruno.go()
    expect(bruno.page.locator("#errors")).to_be_focused()
    assert bruno.value("q1-o2") == "1"
    bruno.visitor.hand.press(bruno.visitor.find("#errors a"))
    expect(bruno.page.locator("#q1-o1:focus, #q1-o2:focus")).to_have_count(1)
    bruno.visitor.fill(**{"q1-o2": "2"})
    bruno.go()
    assert bruno.page.locator(".said--ranked li").all_inner_texts() == ["Un parc", "Une piscine"]


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_vote_is_sent_once_and_told_calmly_afterwards(product, visit, vote, way):
    consultation = vote("single", "multiple")
    bruno = Voter(visit("bruno", **way), consultation, scripts=way["scripts"])
    bruno.tick("q1-o1")
    bruno.go()
    bruno.go(".actions button[value=blank]")
    expect(bruno.page.locator("dl.review")).to_contain_text("Vote blanc")
    bruno.go(".actions button[value=send]")
    code = bruno.page.locator("#code").inner_text()
    expect(bruno.page.locator("main")).to_contain_text("votre navigateur" if way["scripts"] else "notre seul serveur")
    bruno.visitor.open(f"/consultations/{consultation}/participer/")
    expect(bruno.page.locator("h1")).to_have_text("Vous avez voté")
    assert code not in bruno.page.content()
    assert product.query("SELECT count(*) FROM consultations_envelope WHERE consultation_id = %s", consultation) == [
        (1,)
    ]


def test_back_shows_the_page_before_as_it_was_filled_in_and_sends_no_second_vote(product, visit, vote):
    consultation = vote("single", "multiple")
    bruno = Voter(visit("bruno", width=360), consultation, scripts=True)
    bruno.tick("q1-o2")
    bruno.go()
    bruno.tick("q2-o1")
    bruno.page.go_back()
    expect(bruno.page.locator("#q1-o2")).to_be_checked()
    bruno.page.go_forward()
    expect(bruno.page.locator("#q2-o1")).to_be_checked()
    bruno.go()
    bruno.go(".actions button[value=send]")
    bruno.page.go_back()
    expect(bruno.page.locator("h1")).to_have_text("Relisez votre vote")
    bruno.page.locator(".actions button[value=send]").click()
    expect(bruno.page.locator("h1")).to_have_text("Vous avez voté")
    bruno.page.reload()
    expect(bruno.page.locator("h1")).to_have_text("Vous avez voté")
    assert product.query("SELECT count(*) FROM consultations_rollentry WHERE consultation_id = %s", consultation) == [
        (1,)
    ]


def test_the_basket_never_goes_over_the_total(visit, vote):
    bruno = Voter(visit("bruno", width=360), vote("basket"), scripts=True)
    bruno.tick("q1-o1")
    bruno.page.locator("label[for=q1-o2]").click()
    expect(bruno.page.locator("#q1-o2")).not_to_be_checked()
    expect(bruno.page.locator("[data-said]")).to_contain_text("ne tient pas")
    expect(bruno.page.locator("[data-left]")).to_have_text(re.compile(r"^40\s€$"))
    bruno.tick("q1-o3")
    expect(bruno.page.locator("[data-said]")).to_have_text("")


def test_projects_are_held_side_by_side(visit, vote):
    consultation = vote("basket", "single")
    stranger = visit(width=360)
    stranger.open(f"/consultations/{consultation}/")
    stranger.press("a[href*='/projets/']")
    boxes = stranger.page.locator("input[name=c]")
    for number in (0, 2):
        boxes.nth(number).check()
    stranger.press(".projects__compare button")
    assert stranger.page.locator(".compare__one").count() == 2
    assert stranger.page.locator(".compare__title").all_inner_texts() == ["Un parc", "Un chemin"]


def test_letters_twice_as_big_hide_nothing(visit, vote):
    """At 200 % on a phone no page of the way is wider than the screen."""
    bruno = Voter(visit("bruno", width=180), vote(*KINDS), scripts=False)
    bruno.tick("q1_blank")
    bruno.visitor.check()
    bruno.go()
    for _ in KINDS[1:]:
        bruno.go(".actions button[value=blank]")
    bruno.go(".actions button[value=send]")
    assert CODE.match(bruno.page.locator("#code").inner_text())

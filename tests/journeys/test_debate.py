"""A debate between two browsers: written in place or on pages of its own, with a mouse or a keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Keyboard
from tests.product import PATIENCE

pytestmark = pytest.mark.browser
MILLISECONDS = PATIENCE * 1000
WRITE = "a[href$='/reagir/']"


@pytest.fixture
def petition(product, cast) -> str:
    """The address of a new petition that is open."""
    [pk] = product.stage("crowd", 0, 1)["petitions"]
    return f"/petitions/{pk}/"


def take_position(visitor, position: str) -> None:
    radio = visitor.find(f"[name=position][value={position}]")
    if isinstance(visitor.hand, Keyboard):
        visitor.hand.reach(visitor.find("[name=position]"))
        visitor.page.keyboard.press("Space")
    else:
        radio.check()
    assert radio.is_checked()


def say(visitor, text: str) -> None:
    """Write a comment without leaving the page."""
    visitor.hand.press(visitor.find(WRITE))
    take_position(visitor, "for")
    visitor.fill(text=text)
    visitor.hand.press(visitor.find(".debate-form button"))
    expect(visitor.page.locator(".comment", has_text=text).first).to_be_visible(timeout=MILLISECONDS)


def new_ones(visitor):
    return visitor.page.locator("[data-waiting]")


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
def test_a_comment_and_a_reply_reach_the_other_browser_and_move_nothing(visit, petition, keyboard):
    amina, bruno = visit("amina", keyboard=keyboard), visit("bruno", keyboard=keyboard)
    for visitor in (amina, bruno):
        visitor.open(petition)
    address = bruno.page.url
    say(bruno, "Je passe là tous les matins.")
    assert bruno.page.url == address
    expect(bruno.page.locator(".comment:focus")).to_have_count(1)

    expect(new_ones(amina)).to_have_text("1 nouvelle réaction", timeout=MILLISECONDS)
    expect(amina.page.locator(".comment")).to_have_count(0)
    amina.hand.press(new_ones(amina))
    expect(amina.page.locator(".comment")).to_have_text([re.compile("Je passe là tous les matins")])
    expect(amina.page.locator(".comment:focus")).to_have_count(1)

    amina.hand.press(amina.find("a[href$='/repondre/']"))
    amina.fill(text="Moi aussi, à vélo.")
    amina.hand.press(amina.find(".debate-form button"))
    expect(amina.page.locator(".replies .comment")).to_have_count(1)
    expect(new_ones(bruno)).to_have_text("1 nouvelle réaction", timeout=MILLISECONDS)
    bruno.hand.press(new_ones(bruno))
    expect(bruno.page.locator(".replies .comment")).to_have_count(1)
    for visitor in (amina, bruno):
        expect(visitor.page.locator(".debate__count")).to_have_text("2 réactions")
        visitor.check()


def test_without_scripts_each_act_has_its_page(visit, petition):
    bruno = visit("bruno", scripts=False)
    bruno.open(petition)
    bruno.press(WRITE)
    bruno.press(".debate-form button")
    assert bruno.page.locator("#errors").is_visible()
    take_position(bruno, "for")
    bruno.fill(text="Écrit sans script.")
    bruno.press(".debate-form button")
    assert bruno.is_at(r"/commentaires/\d+/$")
    assert bruno.page.locator(".comment__text").inner_text() == "Écrit sans script."
    bruno.press("a[href$='/corriger/']")
    bruno.fill(text="Corrigé sans script.")
    bruno.press(".debate-form button")
    assert bruno.page.locator(".comment__text").inner_text() == "Corrigé sans script."
    bruno.press("a[href$='/repondre/']")
    bruno.fill(text="Je me réponds.")
    bruno.press(".debate-form button")
    assert bruno.page.locator(".replies .comment").count() == 1
    bruno.press(".replies a[href$='/supprimer/']")
    bruno.press(".debate-form button")
    assert bruno.page.locator(".replies .comment__gone").is_visible()


def test_a_support_is_given_at_once_and_its_number_follows_everywhere(visit, petition):
    amina, bruno = visit("amina"), visit("bruno")
    bruno.open(petition)
    say(bruno, "À soutenir.")
    amina.open(petition)
    amina.hand.press(amina.find("a[href$='/soutenir/']"))
    expect(amina.page.locator(".comment__own")).to_be_visible()
    for visitor in (amina, bruno):
        expect(visitor.page.get_by_text("1 soutien")).to_be_visible(timeout=MILLISECONDS)
        visitor.check()


def test_a_number_that_came_before_the_answer_to_the_support_stays(visit, petition):
    amina, bruno = visit("amina"), visit("bruno")
    bruno.open(petition)
    say(bruno, "À soutenir.")
    amina.open(petition)
    number = amina.page.get_by_text("1 soutien")

    def answer_late(route):
        answer = route.fetch()
        if route.request.method == "POST":
            expect(number).to_be_visible(timeout=MILLISECONDS)
        route.fulfill(response=answer)

    amina.page.route("**/soutenir/", answer_late)
    amina.hand.press(amina.find("a[href$='/soutenir/']"))
    expect(amina.page.locator(".comment__own")).to_be_visible()
    expect(number).to_be_visible()


def test_what_was_typed_stays_where_the_debate_closed_meanwhile(visit, petition, product):
    bruno = visit("bruno")
    bruno.open(petition)
    bruno.hand.press(bruno.find(WRITE))
    take_position(bruno, "against")
    bruno.fill(text="Un long texte auquel je tiens.")
    product.query("UPDATE comments_thread SET closed_at = now() WHERE closed_at IS NULL RETURNING id")
    bruno.hand.press(bruno.find(".debate-form button"))
    expect(bruno.page.locator("[data-problem]")).to_contain_text("Il reste lisible")
    assert bruno.find("[name=text]").input_value() == "Un long texte auquel je tiens."


def test_what_was_typed_stays_where_the_network_fails(visit, petition):
    bruno = visit("bruno")
    bruno.open(petition)
    bruno.hand.press(bruno.find(WRITE))
    take_position(bruno, "against")
    bruno.fill(text="Un long texte auquel je tiens.")
    bruno.page.route("**/reagir/", lambda route: route.abort())
    bruno.hand.press(bruno.find(".debate-form button"))
    expect(bruno.page.locator("[data-problem]")).to_contain_text("Le réseau n’a pas répondu")
    assert bruno.find("[name=text]").input_value() == "Un long texte auquel je tiens."
    bruno.page.unroute("**/reagir/")
    bruno.hand.press(bruno.find(".debate-form button"))
    expect(bruno.page.locator(".comment__text")).to_have_text("Un long texte auquel je tiens.")


def test_a_correction_and_a_deletion_reach_open_pages(visit, petition):
    bruno, reader = visit("bruno"), visit()
    bruno.open(petition)
    say(bruno, "Première version.")
    reader.open(petition)
    bruno.hand.press(bruno.find("a[href$='/corriger/']"))
    bruno.fill(text="Seconde version.")
    bruno.hand.press(bruno.find(".debate-form button"))
    for visitor in (bruno, reader):
        expect(visitor.page.locator(".comment__text")).to_have_text("Seconde version.", timeout=MILLISECONDS)
    bruno.hand.press(bruno.find("a[href$='/supprimer/']"))
    bruno.hand.press(bruno.find(".debate-form button"))
    expect(reader.page.locator(".comment__gone")).to_be_visible(timeout=MILLISECONDS)
    assert "version" not in reader.page.locator(".debate").inner_text()
    reader.check()

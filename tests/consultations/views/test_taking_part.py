"""From "who may take part" to the receipt, without scripts; nothing is kept on the server in between."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template import TemplateSyntaxError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations import codes, naming
from consultations.models import Consultation, Envelope, OpenBallot, RollEntry
from consultations.views import taking_part
from tests.consultations.ballot_box import unfrozen
from tests.consultations.views.conftest import move_vote, nothing_is_stored

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){4}\b")
ANSWERS = {
    "single": {"q1": "o2"},
    "multiple": {"q2": ["o1", "o3"]},
    "ranking": {"q3__o1": "2", "q3__o3": "1"},
    "grades": {"q4__o1": "0", "q4__o2": "2"},
    "points": {"q5__o1": "3", "q5__o3": "2"},
    "basket": {"q6": ["o1", "o3"]},
}


@pytest.fixture
def every(make_vote):
    return make_vote(*ANSWERS)


def filled(resident):
    """Up to the page where everything is read again."""
    resident.press(of_age="on")
    for typed in ANSWERS.values():
        resident.press(**typed)
    return resident


def test_every_kind_of_answer_reaches_the_box(every, resident):
    bruno = filled(resident(every))
    assert "Relisez votre vote" in bruno.text
    for said in ("Une piscine", "Un parc : Très bien", "Un parc : 3 points", "100 € sur 100 €"):
        assert said in bruno.text
    assert bruno.press("send").answer.status_code == 200
    assert CODE.search(bruno.text)
    assert OpenBallot.objects.get().answers == {
        "q-single": "o2",
        "q-multiple": ["o1", "o3"],
        "q-ranking": ["o3", "o1"],
        "q-grades": {"o1": 0, "o2": 2},
        "q-points": {"o1": 3, "o3": 2},
        "q-basket": ["o1", "o3"],
    }


def test_each_page_shows_one_question_and_says_which(every, resident):
    bruno = resident(every).press(of_age="on")
    assert "Question 1 sur 6" in bruno.text
    assert "Question single" in bruno.text
    assert "Question multiple" not in bruno.text
    assert "Question 2 sur 6" in bruno.press(q1="o2").text


def test_nothing_is_written_before_the_vote_is_sent(every, resident, rows_written):
    bruno = resident(every)
    before = rows_written()
    filled(bruno)
    assert rows_written() == before
    assert nothing_is_stored()


def test_every_answer_may_not_be_kept_by_anyone(every, resident):
    bruno = filled(resident(every))
    for page in (bruno, bruno.press("send")):
        assert page.answer["Cache-Control"] == "private, no-store"


def test_each_question_can_be_left_blank(every, resident):
    bruno = resident(every).press(of_age="on")
    bruno.press(q1="")
    for number in range(2, 7):
        assert f"Question {number} sur 6" in bruno.text
        bruno.press("blank")
    assert bruno.text.count("Vote blanc") == 6
    bruno.press("send")
    assert set(OpenBallot.objects.get().answers.values()) == {None}


def test_an_answer_can_be_changed_before_it_is_sent(every, resident):
    bruno = filled(resident(every)).press("3")
    assert "Question 3 sur 6" in bruno.text
    assert 'name="q3-o3" value="1"' in bruno.answer.content.decode()
    bruno.press(q3__o1="1", q3__o3="", q3__o2="2")
    while "Relisez" not in bruno.text:
        number = int(re.search(r"Question (\d) sur 6", bruno.text)[1])
        bruno.press(**ANSWERS[list(ANSWERS)[number - 1]])
    bruno.press("send")
    assert OpenBallot.objects.get().answers["q-ranking"] == ["o1", "o2"]


def test_going_back_keeps_what_was_filled_in(every, resident):
    bruno = resident(every).press(of_age="on").press(q1="o3").press("back", q2=["o1"])
    assert re.search(r'value="o3" checked', bruno.answer.content.decode())
    bruno.press(q1="o3")
    assert re.search(r'value="o1" checked', bruno.answer.content.decode())
    assert "J’ai 16 ans ou plus" in bruno.press("back").press("back").text


# --- What is refused ------------------------------------------------------------------------


def test_an_answer_that_needs_another_look_is_told_on_its_page(every, resident):
    bruno = resident(every).press(of_age="on").press()
    assert bruno.answer.status_code == 422
    assert "Choisissez une réponse" in bruno.text
    assert 'href="#q1-o1"' in bruno.answer.content.decode()
    assert 'id="q1-o1"' in bruno.answer.content.decode()
    assert (
        '<fieldset class="question field--wrong" id="q1" aria-describedby="q1_error">' in bruno.answer.content.decode()
    )


def test_one_invalid_answer_among_several_saves_none_and_shows_all_as_typed(every, resident):
    bruno = filled(resident(every)).press("send", q5__o1="9")
    page = bruno.answer.content.decode()
    assert bruno.answer.status_code == 422
    assert nothing_is_stored()
    assert "« Un parc » a 9 points : 3 au plus pour chacun." in bruno.text
    assert 'href="#q5-o1"' in page
    for typed in ('name="q5-o1" value="9"', 'name="q3-o3" value="1"', 'value="o2" checked'):
        assert typed in page
    # Mended, all goes on from there.
    bruno.press("review", q1="o2", q2=["o1"], q6=["o1"], **ANSWERS["ranking"], **ANSWERS["grades"], **ANSWERS["points"])
    assert "Relisez votre vote" in bruno.text


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("single", {"q1": "o9"}, "n’est pas proposée ici"),
        ("multiple", {"q1": ["o1", "o2", "o3"]}, "2 au plus"),
        ("multiple", {"q1": ["o1", "o1"]}, "envoyé deux fois"),
        ("ranking", {"q1-o1": "1", "q1-o2": "1"}, "portent tous deux"),
        ("points", {"q1-o1": "3", "q1-o2": "3"}, "retirez-en 1"),
        ("basket", {"q1": ["o1", "o2"]}, "10 € de plus"),
    ],
)
def test_a_ballot_sent_from_elsewhere_is_refused_with_a_sentence(make_vote, client, bruno, kind, typed, sentence):
    consultation = make_vote(kind)
    client.force_login(bruno)
    data = {"page": "review", "go": "send", "of_age": "on"} | typed
    answer = client.post(f"/consultations/{consultation.pk}/participer/", data)
    assert answer.status_code == 422
    text = answer.content.decode().replace("\u00a0", " ")
    assert sentence in text
    assert nothing_is_stored()


def test_an_option_of_another_question_is_refused(make_vote, client, bruno):
    consultation = make_vote("single", "multiple")
    with unfrozen():
        question = consultation.questions.last()
        question.options.create(rank=4, slug="ailleurs", label="Ailleurs")
        question.tie_order.append("ailleurs")
        question.save()
    client.force_login(bruno)
    data = {"page": "review", "go": "send", "of_age": "on", "q1": "ailleurs", "q2": "o1"}
    answer = client.post(f"/consultations/{consultation.pk}/participer/", data)
    assert answer.status_code == 422
    assert "n’est pas proposée ici" in answer.content.decode()
    assert nothing_is_stored()


def test_before_the_opening_nothing_is_stored_and_a_sentence_says_so(make_vote, client, bruno):
    consultation = make_vote("single", opens=2)
    client.force_login(bruno)
    data = {"page": "review", "go": "send", "of_age": "on", "q1": "o1"}
    answer = client.post(f"/consultations/{consultation.pk}/participer/", data)
    assert answer.status_code == 409
    assert "Le vote n’est pas encore ouvert" in answer.content.decode()
    assert nothing_is_stored()


def test_at_the_close_what_was_filled_in_is_shown_and_nothing_is_stored(every, resident):
    bruno = filled(resident(every))
    move_vote(every, closes_at=timezone.now() - timedelta(seconds=1))
    bruno.press("send")
    assert bruno.answer.status_code == 409
    assert "Le vote est terminé" in bruno.text
    assert "Votre vote n’a pas été enregistré" in bruno.text
    assert "Un parc : Très bien" in bruno.text
    assert bruno.hidden["q3-o3"] == ["1"]
    assert nothing_is_stored()


def test_who_is_not_signed_in_is_told_how(make_vote, resident):
    consultation = make_vote()
    stranger = resident(consultation, user=None)
    assert stranger.answer.status_code == 200
    assert (
        f"/compte/login/?next=%2Fconsultations%2F{consultation.pk}%2Fparticiper%2F" in stranger.answer.content.decode()
    )
    stranger.press("send", page="review", of_age="on", q1="o1")
    assert stranger.answer.status_code == 403
    # What was filled in is not lost: it waits in the page.
    assert stranger.hidden["q1"] == ["o1"]
    assert nothing_is_stored()


def test_an_unverified_person_is_told_what_is_missing(make_vote, resident):
    consultation = make_vote(secrecy="secret", residence="verified")
    bruno = resident(consultation)
    assert "vérifi" in bruno.text
    assert "Commencer" not in bruno.text
    # Nothing can be done on a screen: the page leads to where it can.
    assert f'href="{reverse("portal:help")}">Où sont les guichets' in bruno.answer.content.decode()
    bruno.press("send", page="review", of_age="on", q1="o1")
    assert bruno.answer.status_code == 403
    assert nothing_is_stored()


def test_the_age_is_asked_as_a_yes(make_vote, resident):
    bruno = resident(make_vote(minimum_age=18)).press()
    assert bruno.answer.status_code == 422
    assert "On participe à partir de 18 ans" in bruno.text


def test_where_there_is_no_minimum_age_none_is_asked(make_vote, resident):
    bruno = resident(make_vote(minimum_age=0))
    assert "ans ou plus" not in bruno.text
    assert "Question single" in bruno.press().text


# --- Once ---------------------------------------------------------------------------------


def test_a_secret_vote_that_is_sent_twice_is_calmly_told_without_its_code(make_vote, resident):
    bruno = resident(make_vote(secrecy="secret")).press(of_age="on").press(q1="o1")
    sent = bruno.hidden | {"go": "send"}
    bruno.press("send")
    code = CODE.search(bruno.text)[0]
    again = bruno.client.post(bruno.address, sent)
    assert again.status_code == 409
    assert "Vous avez voté" in again.content.decode()
    assert code not in again.content.decode()
    assert not CODE.search(again.content.decode())
    assert (RollEntry.objects.count(), Envelope.objects.count()) == (1, 1)
    assert "Vous avez voté" in bruno.client.get(bruno.address).content.decode()


@pytest.mark.parametrize("secrecy", ["named", "confidential"])
def test_an_open_vote_can_be_changed_until_the_close(make_vote, resident, secrecy):
    consultation = make_vote("ranking", secrecy=secrecy)
    bruno = resident(consultation).press(of_age="on", in_public="on").press(q1__o1="1")
    assert "Envoyer mon vote" in bruno.text
    bruno.press("send")
    code = CODE.search(bruno.text)[0].replace("-", "")
    assert OpenBallot.objects.get().code == code
    bruno.answer = bruno.client.get(bruno.address)
    assert "Vous avez changé d’avis" in bruno.text
    bruno.press("change")
    assert 'name="q1-o1" value="1"' in bruno.answer.content.decode()
    bruno.press(q1__o1="2", q1__o2="1")
    assert "Remplacer mon vote" in bruno.text
    bruno.press("send")
    assert bruno.answer.status_code == 200
    assert not CODE.search(bruno.text)
    assert (OpenBallot.objects.get().answers, OpenBallot.objects.get().code) == ({"q-ranking": ["o2", "o1"]}, code)
    assert RollEntry.objects.count() == 1


def test_a_named_vote_is_taken_from_those_alone_who_agree_to_be_named(make_vote, resident, bruno):
    vote = make_vote(secrecy="named")
    page = resident(vote)
    assert f"J’accepte que mon nom, {bruno.name}," in page.text
    assert page.press(of_age="on").answer.status_code == 422
    assert page.press("send", page="review", of_age="on", q1="o1").answer.status_code == 422
    assert nothing_is_stored()
    page.answer = page.client.get(page.address)
    page.press(of_age="on", in_public="on").press(q1="o1")
    assert f"sont publiées avec votre nom, {bruno.name}" in page.text
    page.press("send")
    assert OpenBallot.objects.get().user == bruno
    naming.take_off(vote, bruno)
    page.answer = page.client.get(page.address)
    assert "Vous avez retiré votre nom" in page.text
    assert page.press("change").answer.status_code == 422
    assert OpenBallot.objects.get().user is None
    page.press("change", of_age="on", in_public="on")
    assert 'value="o1" checked' in page.answer.content.decode()
    page.press(q1="o2").press("send")
    ballot = OpenBallot.objects.get()
    assert (ballot.user, ballot.answers) == (bruno, {"q-single": "o2"})


def test_the_receipt_says_whose_randomness_made_it(make_vote, resident):
    bruno = resident(make_vote(secrecy="secret")).press(of_age="on").press(q1="o1").press("send", randomness="a1" * 32)
    assert "ce que votre navigateur a tiré" in bruno.text


@pytest.mark.parametrize("secrecy", ["secret", "confidential"])
def test_a_receipt_that_can_t_be_shown_puts_nothing_into_the_box(make_vote, resident, monkeypatch, secrecy):
    bruno = resident(make_vote(secrecy=secrecy)).press(of_age="on").press(q1="o1")
    bruno.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(taking_part, "render_to_string", broken)
        sent = bruno.client.post(bruno.address, bruno.hidden | {"go": "send"})
    assert sent.status_code == 500
    assert nothing_is_stored()
    assert CODE.search(bruno.press("send").text)


def broken(*_given):
    raise TemplateSyntaxError("a page that fails")


def test_the_code_of_the_receipt_is_that_of_the_ballot(make_vote, resident):
    bruno = resident(make_vote(secrecy="confidential")).press(of_age="on").press(q1="o1").press("send")
    assert CODE.findall(bruno.text) == [codes.grouped(OpenBallot.objects.get().code)]
    assert taking_part.PLACE_OF_CODE not in bruno.answer.content.decode()


def test_receipts_of_one_moment_differ_by_their_code_alone(make_vote, resident, amina, camille):
    """The page is kept for a moment, and printed: neither a name nor a menu of one's own may stand beside a code."""
    vote = make_vote(secrecy="secret")
    pages = set()
    for user in (amina, camille):
        page = resident(vote, user=user).press(of_age="on").press(q1="o1").press("send").answer.content.decode()
        pages.add(CODE.sub("code", page))
        assert CODE.search(page)
        assert user.name not in page
    assert len(pages) == 1
    assert '<nav class="nav"' not in pages.pop()


def test_sending_reads_nothing_that_was_read_a_moment_ago(make_vote, resident, camille, monkeypatch):
    """Who sends asks for who they are; the box looks itself whether it is open and whether they have voted."""
    monkeypatch.setattr(taking_part, "MOMENT", 10**9)
    vote = make_vote(secrecy="secret")
    resident(vote).press(of_age="on").press(q1="o1").press("send")
    other = resident(vote, user=camille).press(of_age="on").press(q1="o1")
    with CaptureQueriesContext(connection) as queries:
        assert CODE.search(other.press("send").text)
    read = {table for query in queries for table in re.findall(r'FROM "?(consultations_\w+)', query["sql"] or "")}
    assert read == set()


def test_a_vote_that_was_withdrawn_a_moment_ago_is_refused(make_vote, resident, colette, monkeypatch):
    vote = make_vote(secrecy="secret")
    bruno = resident(vote).press(of_age="on").press(q1="o1")
    read = Consultation.objects.get(pk=vote.pk)
    monkeypatch.setattr(taking_part, "read_lately", lambda _pk, _moment: read)
    vote.withdraw(colette, reason="Une erreur.", at=timezone.now())
    assert bruno.press("send").answer.status_code == 409
    assert "retiré" in bruno.text
    assert nothing_is_stored()


# --- Buttons of a page ------------------------------------------------------------------------


def test_lines_of_a_ranking_move_by_buttons_that_need_no_script(make_vote, resident):
    bruno = resident(make_vote("ranking")).press(of_age="on")
    bruno.press("1:in:o2").press("1:in:o3", q1__o2="1").press("1:up:o3", q1__o2="1", q1__o3="2")
    page = bruno.answer.content.decode()
    assert 'name="q1-o3" value="1"' in page
    assert 'name="q1-o2" value="2"' in page
    assert re.search(r'value="1:up:o3"[^>]*autofocus', page)
    assert bruno.answer.status_code == 200


def test_points_are_given_and_counted_by_buttons_that_need_no_script(make_vote, resident):
    bruno = resident(make_vote("points")).press(of_age="on").press("1:more:o1").press("1:more:o1", q1__o1="1")
    assert 'name="q1-o1" value="2"' in bruno.answer.content.decode()
    assert "Points restants : 3" in bruno.text


def test_the_basket_is_counted_again_by_a_button(make_vote, resident):
    bruno = resident(make_vote("basket")).press(of_age="on").press("1:recount", q1=["o1"])
    assert "Il reste 40 €" in bruno.text
    assert "Votre choix : 60 € sur 100 €" in bruno.text


@pytest.mark.parametrize("go", ["", "99", "-1", "rien", "1:up:rien", "x:up:o1", "send"])
def test_a_button_that_is_not_there_leads_somewhere_harmless(make_vote, resident, go):
    bruno = resident(make_vote("ranking")).press(of_age="on").press(go)
    assert bruno.answer.status_code in (200, 422)
    assert nothing_is_stored()

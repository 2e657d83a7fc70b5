"""Whoever voted finds their ballot on a phone, and tells nobody which one it is."""

import pytest
from django.test import Client
from django.utils import timezone

from consultations import codes
from consultations.models import Consultation
from consultations.results.ballots import BallotsShown, signs_asked
from consultations.results.small_groups import LEAST
from tests.consultations.counted import counted, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_proclaimed():
    """A proclaimed vote of so many, two of three blank."""

    def make(ballots: int, **fields) -> Consultation:
        asked = question("q", "single", "plurality", ["a", "b"])
        given = [{"q": None if number % 3 else "a"} for number in range(ballots)]
        consultation = counted(asked, ballots=given, **fields)
        Consultation.objects.filter(pk=consultation.pk).update(proclaimed_at=timezone.now())
        return consultation

    return make


def read(consultation, **query):
    return Client().get(f"/consultations/{consultation.pk}/bulletins/", query)


@pytest.mark.parametrize(
    ("ballots", "signs"), [(0, 0), (319, 0), (320, 1), (10_239, 1), (10_240, 2), (327_679, 2), (327_680, 3)]
)
def test_one_ballot_is_hidden_among_a_crowd(ballots, signs):
    assert signs_asked(ballots) == signs
    assert not signs or ballots / len(codes.ALPHABET) ** signs >= LEAST


def test_every_ballot_of_a_small_vote_is_listed_over_its_pages(make_proclaimed):
    consultation = make_proclaimed(95)
    seen, address = [], "?"
    while address:
        shown = Client().get(f"/consultations/{consultation.pk}/bulletins/{address}").context["found"]
        seen += [codes.plain(ballot.code) for ballot in shown.items]
        address = shown.next_url
    assert seen == sorted(consultation.ballots.values_list("code", flat=True))


def test_a_ballot_is_found_by_the_beginning_of_its_code_and_shown_in_words(make_proclaimed):
    consultation = make_proclaimed(520)
    ballot = consultation.ballots.exclude(answers={"q": None}).order_by("code").first()
    page = read(consultation, debut=ballot.code[0].lower())
    text = page.content.decode()
    assert codes.grouped(ballot.code) in text
    assert "<li>A</li>" in text
    assert "Vote blanc" in text
    assert all(codes.plain(shown.code).startswith(ballot.code[0]) for shown in page.context["found"].items)


def test_no_more_of_a_code_is_asked_for_or_said_again_than_leaves_a_crowd(make_proclaimed):
    consultation = make_proclaimed(520)
    ballot = consultation.ballots.order_by("code").first()
    assert 'maxlength="1"' in read(consultation).content.decode()
    whole = read(consultation, debut=ballot.code)
    assert whole.context["found"].items[0].code in read(consultation, debut=ballot.code[0]).content.decode()
    assert len(whole.context["found"].items) > 1


@pytest.mark.parametrize(("typed", "says"), [("", ""), ("0", "sans 0, 1, I ni O"), ("  ", "")])
def test_what_begins_no_code_is_told_so(make_proclaimed, typed, says):
    page = read(make_proclaimed(512), debut=typed)
    assert page.context["found"].items == []
    assert says in page.content.decode()


def test_a_page_asks_the_same_of_the_database_however_many_voted(make_proclaimed, django_assert_num_queries):
    consultation = make_proclaimed(600)
    with django_assert_num_queries(3):
        assert BallotsShown(consultation, 600, "A").items


def test_imported_ballots_are_nobody_s_to_find(make_proclaimed):
    assert read(make_proclaimed(3, source="Toulouse")).status_code == 404
    assert read(counted(question("q", "single", "plurality", ["a"]), ballots=[])).status_code == 404

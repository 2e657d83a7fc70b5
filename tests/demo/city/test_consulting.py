"""The demo's consultations stand at every stage, and their boxes open with the keys that its page shows."""

import pytest
from django.test import Client

from civic.accounts.models import User
from civic.demo.consulting import TOULOUSE_TITLE
from civic.demo.keyring import keys_by_consultation
from civic.demo.texts import load
from consultations import counting, keys, published
from consultations.models import Consultation, Secrecy, State
from consultations.proclamation import check
from consultations.results.names import NamesShown

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("city")]


def test_each_stage_is_there(now):
    states = [consultation.state_at(now) for consultation in Consultation.objects.public()]
    assert len(states) == len(load("consultations")["consultations"]) + 1
    assert states.count(State.VOTING) == 3
    assert {State.CLOSED, State.PROCLAIMED, State.DECIDED} <= set(states)
    assert {State.INFORM, State.DEBATE} & set(states)


def test_names_stand_beside_the_votes_of_a_named_one():
    [named] = Consultation.objects.filter(secrecy=Secrecy.NAMED, proclaimed_at__isnull=False)
    found = NamesShown(named, "")
    assert len(found.items) > 10
    assert all(vote.name for vote in found.items)


def test_what_is_proclaimed_counts_again_to_the_same():
    proclaimed = Consultation.objects.filter(proclaimed_at__isnull=False)
    assert proclaimed.filter(title=TOULOUSE_TITLE).exists()
    for consultation in proclaimed:
        check(consultation, consultation.result)
        assert published.digest(consultation) == consultation.result.digest


def test_two_of_the_three_keys_open_the_box_that_waits(now):
    [waiting] = Consultation.objects.in_state(State.CLOSED, at=now)
    [held] = [box.held for box in keys_by_consultation() if box.consultation == waiting]
    assert len(held) == 3
    clerk = User.objects.get(email="colette@example.org")
    private = [keys.private_key(written) for _name, written in held[1:]]
    result = counting.count(waiting, by=clerk, private_keys=private, at=now)
    assert result.ballots == waiting.voters > 0


def test_the_page_of_keys_says_that_only_a_demonstration_has_one():
    text = Client().get("/demo/cles/").content.decode()
    assert "Dans la vraie vie" in text
    assert "Solange Perret" in text

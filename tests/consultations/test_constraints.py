"""What the database itself refuses, whatever the code does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consultations.models import Consultation, Option, Phase, Question, RollEntry, Scrutineer
from consultations.models.question import MOST_OPTIONS

NOW = timezone.now()


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "facts",
    [
        {"secrecy": "open"},
        {"residence": "nobody"},
        {"minimum_age": 130},
        {"scrutineers_needed": 1},
        {"scrutineers_needed": 8},
        {"published_at": NOW, "summary": ""},
        {"published_at": NOW, "secrecy": "secret"},
        {"published_at": NOW, "residence": "listed"},
        {"counted_at": NOW},
        {"published_at": NOW, "proclaimed_at": NOW},
        {"published_at": NOW, "counted_at": NOW, "decided_at": NOW, "decision": "Oui", "follows": "yes"},
        {"published_at": NOW, "counted_at": NOW, "proclaimed_at": NOW, "decided_at": NOW},
        {"published_at": NOW, "withdrawn_at": NOW},
        {"withdrawn_at": NOW, "withdrawal_reason": "Une erreur."},
    ],
)
def test_a_life_that_cannot_be_is_refused(facts, draft):
    refused(lambda: Consultation.objects.filter(pk=draft.pk).update(**facts))


def test_a_phase_ends_after_it_begins_and_is_there_once(draft):
    vote = draft.vote
    refused(lambda: Phase.objects.filter(pk=vote.pk).update(closes_at=vote.opens_at))
    refused(lambda: Phase.objects.filter(pk=vote.pk).update(closes_at=None))
    refused(lambda: Phase.objects.filter(pk=vote.pk).update(kind="other"))
    refused(
        lambda: Phase.objects.create(consultation=draft, kind="vote", opens_at=NOW, closes_at=NOW + timedelta(days=1))
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "grades"},
        {"counting": "approval"},
        {"minimum": 2},
        {"maximum": 0},
        {"kind": "points", "counting": "equal_shares"},
    ],
)
def test_a_question_is_counted_by_a_rule_for_its_kind_and_within_its_bounds(facts, draft):
    refused(lambda: Question.objects.filter(consultation=draft).update(**facts))


def test_no_option_stands_beyond_the_most_that_a_ballot_holds(draft):
    question = draft.questions.get()
    refused(lambda: Option.objects.create(question=question, rank=MOST_OPTIONS + 1, slug="x", label="X"))
    refused(lambda: Option.objects.create(question=question, rank=2, slug="x", label="X"))
    refused(lambda: Option.objects.create(question=question, rank=3, slug="o1", label="X"))
    # An imported ballot is as long as it was.
    Option.objects.create(question=question, rank=MOST_OPTIONS + 1, slug="x", label="X", pabulib={"project_id": "x"})


def test_a_person_is_on_a_roll_once(draft):
    RollEntry.objects.create(consultation=draft, key="a" * 64)
    refused(lambda: RollEntry.objects.create(consultation=draft, key="a" * 64, channel="paper"))
    refused(lambda: RollEntry.objects.create(consultation=draft, key="b" * 64, channel="fax"))


def test_a_scrutineer_has_a_key_of_their_own(draft, amina, bruno):
    key = {"public_key": "k" * 44, "key_given_at": NOW}
    Scrutineer.objects.create(consultation=draft, user=amina, rank=1, **key)
    refused(lambda: Scrutineer.objects.create(consultation=draft, user=bruno, rank=2, **key))
    refused(lambda: Scrutineer.objects.create(consultation=draft, user=amina, rank=2))
    refused(lambda: Scrutineer.objects.create(consultation=draft, user=bruno, rank=2, tested_at=NOW))

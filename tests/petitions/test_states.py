"""One life, told four ways: by a row, by a queryset, by the list of what is open, and by the statement that signs."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from civic.comments.models import Thread
from civic.moderation.models import Reason, Subject
from civic.realtime.models import Stream
from petitions.models import Petition, PetitionState, Signature
from tests.petitions.conftest import signer

DAY = timedelta(days=1)
MARKS = ["archived_at", "withdrawn_at", "hidden_at", "removed_at"]


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def lives(theme, at):
    """Every combination of facts that the constraints allow."""
    sent = {"submitted_at": at - 9 * DAY, "theme": theme, "request": "Ceci."}
    published = sent | {"published_at": at - 8 * DAY}
    stages = [
        {},
        sent,
        sent | {"refused_at": at - DAY, "refusal_reason": Reason.objects.first()},
        published | {"opens_at": at + DAY, "closes_at": at + 9 * DAY},
        published | {"opens_at": at, "closes_at": at + DAY},
        published | {"opens_at": at - DAY, "closes_at": at},
    ]
    for stage, marks in product(stages, product([False, True], repeat=len(MARKS))):
        facts = stage | {name: at - DAY for name, is_set in zip(MARKS, marks, strict=True) if is_set}
        own = {"stream": Stream.objects.create(kind="petition"), "subject": Subject.objects.create(kind="petition")}
        own["thread"] = Thread.objects.create(kind="petition", stream=own["stream"])
        Petition.objects.create(title="Une vie", **facts, **own)
    return list(Petition.objects.all())


def test_each_petition_is_in_exactly_the_state_that_it_says(lives, at):
    by_state = {state: set(Petition.objects.in_state(state, at=at)) for state in PetitionState}
    assert sum(len(found) for found in by_state.values()) == len(lives)
    for petition in lives:
        assert petition in by_state[petition.state_at(at)]
    assert all(by_state.values()), "no state is impossible"


def test_open_means_the_same_everywhere(lives, at):
    opened = {petition for petition in lives if petition.state_at(at) == PetitionState.OPEN}
    assert set(Petition.objects.open(at=at)) == opened
    signed = {petition for petition in lives if Signature.add_if_open(petition.pk, signer(), at=at)}
    assert signed == opened


def test_nobody_reads_what_is_hidden_removed_or_was_never_decided(lives, at):
    shown = set(Petition.objects.shown())
    for petition in lives:
        is_public = petition.published_at or petition.refused_at
        assert (petition in shown) is bool(is_public and not petition.hidden_at and not petition.removed_at)

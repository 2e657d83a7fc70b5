import pytest
from django.db import transaction

from civic.audit.models import Entry
from civic.realtime.models import StreamEvent
from consultations import turnout
from consultations.models import RollEntry, Turnout
from tests.concurrency import together
from tests.consultations.ballot_box import open_vote, unfrozen


@pytest.fixture
def vote(colette):
    return open_vote(colette)


def shown(vote):
    return Turnout.objects.get(consultation=vote.consultation).voters


def test_the_number_follows_the_roll_and_never_the_request(vote):
    for number in range(3):
        vote.cast(number)
    assert shown(vote) == 0
    assert turnout.follow() == 1
    assert shown(vote) == 3
    assert turnout.follow() == 0


def test_what_is_broadcast_is_the_number_and_nothing_else(vote):
    vote.cast(1)
    vote.cast(2)
    turnout.follow()
    event = StreamEvent.objects.get(stream=vote.consultation.stream)
    assert (event.kind, event.slot) == ("voters", "voters")
    assert ">2<" in event.html["fr"]
    vote.cast(3)
    turnout.follow()
    # The slot keeps only the newest: how the number grew can't be read afterwards.
    assert ">3<" in StreamEvent.objects.get(stream=vote.consultation.stream).html["fr"]


def test_a_number_that_is_wrong_is_repaired_at_night_and_journalled(vote):
    vote.cast(1)
    turnout.follow()
    Turnout.objects.filter(consultation=vote.consultation).update(voters=7)
    assert turnout.recount() == 1
    assert shown(vote) == 1
    assert Entry.objects.get(action="consultation.voters_repaired").details == {"shown": 7, "true": 1}
    assert turnout.recount() == 0


def test_an_imported_consultation_keeps_its_number_without_a_roll(vote):
    with unfrozen():
        type(vote.consultation).objects.filter(pk=vote.consultation.pk).update(source="A file")
    Turnout.objects.filter(consultation=vote.consultation).update(voters=1494)
    assert turnout.recount() == 0
    assert shown(vote) == 1494


@pytest.mark.django_db(transaction=True)
def test_two_loops_at_once_count_nobody_twice(colette):
    vote = open_vote(colette)
    for number in range(20):
        vote.cast(number)
    together(*[turnout.follow] * 4)
    turnout.follow()
    assert shown(vote) == 20


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_commits_late_is_not_passed_over(colette):
    vote = open_vote(colette)
    vote.cast(0)
    with transaction.atomic():
        vote.cast(1)
        # Meanwhile, on another connection, the loop runs and sees only the first.
        together(turnout.follow)
    assert shown(vote) == 1
    turnout.follow()
    assert shown(vote) == 2
    assert not RollEntry.objects.filter(counted=False).exists()

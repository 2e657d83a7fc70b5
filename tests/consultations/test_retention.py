"""What linked people with a vote is destroyed when its time has come, and not a day before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from civic.audit.models import Entry
from consultations import proclamation, retention, tasks, turnout
from consultations.models import Ballot, Consultation, Envelope, OpenBallot, RollEntry, VotedBefore
from consultations.models.consultation import APPEALS
from tests.consultations.ballot_box import open_vote

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def proclaimed(colette):
    """A secret vote of six people, counted and proclaimed today."""
    vote = open_vote(colette)
    for number in range(6):
        vote.cast(number)
    vote.close()
    vote.count(0, 1, by=colette)
    proclamation.proclaim(vote.consultation, colette, at=timezone.now())
    return vote.consultation


@pytest.fixture
def withdrawn(colette):
    """A secret vote that the city took back today, after three had voted."""
    vote = open_vote(colette)
    for number in range(3):
        vote.cast(number)
    turnout.follow()
    vote.consultation.withdraw(colette, reason="Un projet a été oublié.", at=timezone.now())
    return vote.consultation


def decide(consultation, colette, days):
    consultation.decide(colette, text="Ce sera ce nom.", follows="yes", at=consultation.proclaimed_at + days * DAY)


def test_the_roll_goes_when_appeals_have_ended_and_the_decision_is_told(proclaimed, colette):
    decide(proclaimed, colette, days=2)
    end = proclaimed.proclaimed_at + APPEALS
    assert retention.destroy_due(at=end - SECOND) == 0
    assert RollEntry.objects.count() == 6
    assert retention.destroy_due(at=end) == 1
    assert not RollEntry.objects.exists()


def test_it_waits_for_a_decision_that_comes_later(proclaimed, colette):
    assert retention.destroy_due(at=proclaimed.proclaimed_at + 60 * DAY) == 0
    decide(proclaimed, colette, days=60)
    assert retention.destroy_due(at=proclaimed.decided_at) == 0
    assert retention.destroy_due(at=proclaimed.decided_at + retention.TOLD_WITHIN) == 1


def test_it_does_not_wait_for_ever(proclaimed):
    assert retention.destroy_due(at=proclaimed.proclaimed_at + retention.LONGEST - SECOND) == 0
    assert retention.destroy_due(at=proclaimed.proclaimed_at + retention.LONGEST) == 1


def test_figures_and_ballots_stay_as_they_were(proclaimed):
    before = list(Ballot.objects.order_by("code").values_list("code", "answers"))
    retention.destroy_due(at=proclaimed.proclaimed_at + retention.LONGEST)
    assert turnout.recount() == 0
    after = Consultation.objects.select_related("result").get(pk=proclaimed.pk)
    assert (after.voters, after.result.channels, after.result.record["voters"]) == (6, {"online": 6}, 6)
    assert list(Ballot.objects.order_by("code").values_list("code", "answers")) == before


def test_a_second_time_nothing_happens(proclaimed):
    at = proclaimed.proclaimed_at + retention.LONGEST
    assert [retention.destroy_due(at=at), retention.destroy_due(at=at + DAY)] == [1, 0]
    assert Entry.objects.filter(action="consultation.roll_destroyed").count() == 1
    assert Consultation.objects.get(pk=proclaimed.pk).roll_destroyed_at == at


def test_the_journal_says_how_much_was_destroyed_and_the_pages_are_swept(withdrawn):
    retention.destroy_due(at=withdrawn.withdrawn_at + APPEALS)
    entry = Entry.objects.get(action="consultation.roll_destroyed")
    assert (entry.actor, entry.details) == (None, {"roll": 3, "box": 3})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'consultations.sweep'")
        assert cursor.fetchone() == (1,)


def test_of_a_withdrawn_vote_the_box_goes_with_the_roll(withdrawn, proclaimed):
    assert retention.destroy_due(at=withdrawn.withdrawn_at + APPEALS - SECOND) == 0
    assert Envelope.objects.count() == 3
    assert retention.destroy_due(at=withdrawn.withdrawn_at + APPEALS) == 1
    assert not Envelope.objects.exists()
    assert set(RollEntry.objects.values_list("consultation_id", flat=True)) == {proclaimed.pk}
    assert Consultation.objects.get(pk=withdrawn.pk).voters == 3


def test_open_ballots_of_a_withdrawn_vote_go_too_and_those_of_a_named_result_stay(colette):
    kept, taken_back = (open_vote(colette, secrecy="named") for _ in range(2))
    for vote in (kept, taken_back):
        vote.cast(1)
        vote.close()
    kept.count(by=colette)
    proclamation.proclaim(kept.consultation, colette, at=timezone.now())
    taken_back.consultation.withdraw(colette, reason="Une panne.", at=timezone.now())
    assert retention.destroy_due(at=timezone.now() + retention.LONGEST) == 2
    assert OpenBallot.objects.get().consultation == kept.consultation


def test_keys_that_waited_for_the_mail_of_a_correction_go_too(proclaimed):
    version = proclaimed.versions.create(number=1, at=timezone.now(), content={})
    VotedBefore.objects.create(version=version, key="0" * 64)
    retention.destroy_due(at=proclaimed.proclaimed_at + retention.LONGEST)
    assert not VotedBefore.objects.exists()


def test_scrutineers_read_no_roll_after_the_time_for_appeals(withdrawn):
    assert withdrawn.appeals_end_at == withdrawn.withdrawn_at + APPEALS
    scrutineer = withdrawn.scrutineers.first().user
    assert not withdrawn.can_read_roll(scrutineer, at=withdrawn.appeals_end_at)


def test_an_open_or_counted_vote_keeps_all(colette):
    vote = open_vote(colette)
    vote.cast(1)
    assert retention.destroy_due(at=timezone.now() + 1000 * DAY) == 0
    vote.close()
    vote.count(0, 1)
    tasks.destroy_due(timestamp=0)
    assert retention.destroy_due(at=timezone.now() + 1000 * DAY) == 0

"""After the publication: dates move later only, a withdrawal is public, a decision follows the result."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from consultations.models import Consultation, Extension, State
from consultations.models.timeline import NotNow, OnlyLater, ReasonMissing
from tests.concurrency import together

DAY = timedelta(days=1)


@pytest.fixture
def voting(make_consultation, colette):
    consultation = make_consultation(opens=-1, closes=7)
    consultation.publish(colette, at=timezone.now() - 2 * DAY)
    return consultation


def at_stage(consultation, **facts):
    Consultation.objects.filter(pk=consultation.pk).update(**facts)
    consultation.refresh_from_db()
    return consultation


# --- Dates ------------------------------------------------------------------------------------


def test_a_close_is_moved_later_with_a_reason_for_everyone(voting, colette):
    closes_at = voting.vote.closes_at
    now = timezone.now()
    made = voting.extend(colette, kind="vote", reason="Une panne.", at=now, closes_at=closes_at + DAY)
    assert voting.vote.closes_at == closes_at + DAY
    assert voting.state_at(closes_at) == State.VOTING
    assert (made.old_closes_at, made.closes_at, made.reason, made.by) == (
        closes_at,
        closes_at + DAY,
        "Une panne.",
        colette,
    )
    assert Entry.objects.get(action="consultation.extended").details["phase"] == "vote"
    assert voting.stream.events.get(slot="changed")


@pytest.mark.parametrize(
    "dates",
    [
        {},
        {"closes_at": -1},
        {"opens_at": -1},
        {"opens_at": 1},
        {"opens_at": 9, "closes_at": 3},
    ],
)
def test_nothing_moves_earlier_and_an_open_vote_keeps_its_opening(dates, voting, colette):
    vote = voting.vote
    moved = {name: getattr(vote, name) + days * DAY for name, days in dates.items()}
    with pytest.raises(OnlyLater):
        voting.extend(colette, kind="vote", reason="Une panne.", at=timezone.now(), **moved)
    assert Extension.objects.count() == 0


def test_before_it_opens_the_opening_moves_later_too(make_consultation, colette):
    consultation = make_consultation()
    consultation.publish(colette, at=timezone.now())
    vote = consultation.vote
    consultation.extend(colette, kind="vote", reason="Le plan manque.", at=timezone.now(), opens_at=vote.opens_at + DAY)
    assert consultation.vote.opens_at == vote.opens_at + DAY
    assert consultation.vote.closes_at == vote.closes_at


def test_a_date_is_not_moved_without_a_reason_nor_by_a_stranger(voting, colette, bruno, mireille):
    later = voting.vote.closes_at + DAY
    with pytest.raises(ReasonMissing):
        voting.extend(colette, kind="vote", reason="  ", at=timezone.now(), closes_at=later)
    for stranger in (bruno, mireille):
        with pytest.raises(NotAllowed):
            voting.extend(stranger, kind="vote", reason="Une panne.", at=timezone.now(), closes_at=later)


def test_a_counted_vote_is_never_open_again(voting, colette):
    at_stage(voting, counted_at=timezone.now())
    with pytest.raises(NotNow):
        voting.extend(
            colette, kind="vote", reason="Une panne.", at=timezone.now(), closes_at=voting.vote.closes_at + DAY
        )


def test_what_was_moved_stays_written(voting, colette):
    voting.extend(colette, kind="vote", reason="Une panne.", at=timezone.now(), closes_at=voting.vote.closes_at + DAY)
    for change in (lambda: Extension.objects.update(reason="Autre"), lambda: Extension.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- Withdrawing and deciding -------------------------------------------------------------------


def test_a_withdrawal_is_public_and_for_good(voting, colette):
    voting.withdraw(colette, reason="Le terrain est vendu.", at=timezone.now())
    assert voting.state == State.WITHDRAWN
    assert Consultation.objects.public().get() == voting
    with pytest.raises(NotNow):
        voting.withdraw(colette, reason="Encore.", at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.update(withdrawn_at=None, withdrawal_reason="")


def test_a_proclaimed_one_is_not_withdrawn(voting, colette):
    at_stage(voting, counted_at=timezone.now(), proclaimed_at=timezone.now())
    with pytest.raises(NotNow):
        voting.withdraw(colette, reason="Le résultat déplaît.", at=timezone.now())


def test_the_city_decides_once_after_the_proclamation(voting, colette):
    with pytest.raises(NotNow):
        voting.decide(colette, text="Ce sera fait.", follows="yes", at=timezone.now())
    at_stage(voting, counted_at=timezone.now(), proclaimed_at=timezone.now())
    with pytest.raises(ReasonMissing):
        voting.decide(colette, text=" ", follows="yes", at=timezone.now())
    voting.decide(colette, text="Ce sera fait, **au printemps**.", follows="partly", at=timezone.now())
    assert (voting.state, voting.follows) == (State.DECIDED, "partly")
    told = ProcrastinateJob.objects.get(task_name="consultations.tell_participants")
    assert told.args == {"consultation_id": voting.pk, "step": "decision"}
    with pytest.raises(NotNow):
        voting.decide(colette, text="Finalement non.", follows="no", at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.update(decision="En douce")


# --- Races --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_publications_at_once_one_is_made(make_consultation, colette):
    draft = make_consultation()
    acts = [lambda: Consultation.objects.get(pk=draft.pk).publish(colette, at=timezone.now())] * 4
    results = together(*acts)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyPublished"] * 3 + ["NoneType"]
    assert draft.versions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_corrections_at_once_are_versions_one_after_the_other(voting, colette):
    def correct(number):
        return lambda: Consultation.objects.get(pk=voting.pk).correct(
            colette, explanation=f"Faute {number}.", at=timezone.now(), summary=f"Résumé {number}"
        )

    assert together(*(correct(number) for number in range(4))) == [None] * 4
    assert list(voting.versions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]

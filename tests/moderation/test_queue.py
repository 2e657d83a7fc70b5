"""The queue's one order: what weighs comes first, and nothing starves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.moderation import errors
from civic.moderation.models import Case
from civic.moderation.models.queue import ORDER

DAY = timedelta(days=1)
TARGET = 15 * DAY


def queue():
    return list(Case.objects.waiting().order_by(*ORDER))


def test_a_case_is_due_within_its_kinds_target(make_case):
    now = timezone.now()
    case = make_case(at=now)
    assert case.due_at == now + TARGET
    assert not case.is_overdue(at=now + TARGET) and case.is_overdue(at=now + TARGET + timedelta(seconds=1))


def test_heavy_cases_come_first_and_old_ones_are_never_passed_for_ever(make_case):
    now = timezone.now()
    light, heavy = make_case(at=now), make_case(at=now, weight=4)
    assert queue() == [heavy, light]
    weeks_later = make_case(at=now + TARGET + DAY, weight=1000)
    assert queue() == [heavy, light, weeks_later], "weight brings nothing before its own opening"


def test_a_report_on_an_open_case_makes_it_heavier(make_case):
    now = timezone.now()
    case, other = make_case(at=now, weight=1), make_case(at=now - DAY)
    again = case.subject.open_case("report", at=now + DAY, weight=2)
    assert again == case and again.trigger == "new"
    assert (again.weight, again.due_at) == (3, now + TARGET / 4)
    assert queue() == [case, other]


def test_a_thousand_reports_bring_a_case_to_its_opening_and_no_further(make_case):
    now = timezone.now()
    case = make_case(at=now, weight=1_000_000)
    assert now <= case.due_at < now + timedelta(seconds=2)
    with pytest.raises(IntegrityError, match="moderation_case_due_after_opening"), transaction.atomic():
        Case.objects.update(due_at=now - DAY)


def test_next_follows_the_same_order(make_case, mireille):
    now = timezone.now()
    light, heavy = make_case(at=now - DAY), make_case(at=now, weight=9)
    assert Case.objects.next_for(mireille) == heavy
    assert Case.objects.next_for(mireille, after=heavy) == light


def test_an_appeal_stands_beside_the_other_cases(case, mireille, decide, reason):
    decide(case, mireille, "refuse", reason=reason)
    appeal = case.subject.open_case("appeal", at=timezone.now())
    other = case.subject.open_case("resubmitted", at=timezone.now())
    assert appeal != other
    assert case.subject.open_case("appeal", at=timezone.now()) == appeal
    assert case.subject.open_case("report", at=timezone.now()) == other
    with transaction.atomic():
        assert case.subject.lock_case() == other
    for trigger in ("appeal", "new"):
        with pytest.raises(IntegrityError, match="moderation_case_one_open"), transaction.atomic():
            Case.objects.create(subject=case.subject, trigger=trigger)


def test_who_decided_does_not_judge_the_appeal(case, amina, mireille, malik, decide, reason):
    decision = decide(case, mireille, "refuse", reason=reason)
    appeal = decision.statement.appeal(amina, text="Regardez encore.", at=timezone.now()).case
    assert Case.objects.next_for(mireille) is None
    with pytest.raises(errors.OwnDecision):
        appeal.claim(mireille)
    assert Case.objects.next_for(malik) == appeal


def test_an_appeal_is_answered_and_not_decided(case, mireille, malik, decide, reason):
    decide(case, mireille, "refuse", reason=reason)
    appeal = case.subject.open_case("appeal", at=timezone.now())
    assert appeal.actions(appeal.card()) == []
    with pytest.raises(errors.ActionUnfit):
        decide(appeal, malik)

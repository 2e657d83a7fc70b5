"""Opening a case, and taking content back before anyone decided."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.audit.models import Entry
from civic.moderation import errors, registry
from civic.moderation.models import Case
from civic.notifications.models import OutgoingMail


def test_an_open_case_is_found_again(case):
    again = case.subject.open_case(at=timezone.now())
    assert again == case


def test_the_database_itself_allows_one_open_case(case):
    with pytest.raises(IntegrityError, match="moderation_case_one_open_per_subject"), transaction.atomic():
        Case.objects.create(subject=case.subject)


def test_after_a_decision_a_new_case_can_be_opened(case, mireille, decide):
    decide(case, mireille)
    again = case.subject.open_case("resubmitted", at=timezone.now())
    assert again != case and again.trigger == "resubmitted"
    assert [decision.case for decision in again.subject.decisions()] == [case]


def test_a_text_taken_back_needs_no_decision(case, mireille, decide):
    case.claim(mireille)
    with transaction.atomic():
        assert case.subject.lock_case() == case
        case.subject.withdraw_case(at=timezone.now())
    case.refresh_from_db()
    assert case.withdrawn_at and not case.is_open and case.claimed_by is None
    with pytest.raises(errors.TextWithdrawn):
        decide(case, mireille)
    assert not OutgoingMail.objects.exists()
    assert Entry.objects.filter(action="case.withdrawn", target_id=case.pk).exists()
    assert case.subject.lock_case() is None


def test_subjects_of_several_kinds_are_described_together(make_case, notes):
    asked = []

    def describe(subjects):
        asked.append(len(subjects))
        return notes.describe(subjects)

    cases = [make_case() for _ in range(3)]
    kind = registry.kind_of("note")
    registry.register(registry.SubjectKind(**{**vars(kind), "describe": describe}))
    assert set(registry.describe(case.subject for case in cases)) == {case.subject_id for case in cases}
    assert asked == [3], "one question for all of a kind"

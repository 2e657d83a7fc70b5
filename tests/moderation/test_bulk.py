"""Many cases by one form."""

from uuid import uuid4

import pytest
from django.utils import timezone

from civic.accounts.models import Right
from civic.audit.models import Entry
from civic.moderation import errors
from civic.moderation.models import Case, Decision
from civic.moderation.models.bulk import Row
from civic.notifications.models import OutgoingMail
from civic.territory.models import Space


@pytest.fixture
def decide_many():
    def decide_many(by, rows, action="publish", **changes):
        fields = {"key": uuid4(), "at": timezone.now()} | changes
        return Case.objects.decide_many(by, rows, action, **fields)

    return decide_many


def read(*cases):
    return [Row(case.pk, version=0, revision=1) for case in cases]


def test_each_row_has_its_result(make_case, mireille, malik, notes, decide, decide_many):
    good, taken, decided, edited, own = (make_case() for _ in range(5))
    taken.claim(malik)
    decide(decided, malik)
    notes.edit(edited, "Another text.")
    notes.authors[own.subject_id] = mireille
    rows = [*read(good, taken, decided, edited, own), Row(999_999, 0, 1), Row(good.pk, None, 1)]
    outcomes = decide_many(mireille, rows)
    assert [outcome.case_id for outcome in outcomes] == [row.case_id for row in rows]
    assert outcomes[0].is_done and outcomes[0].decision.case == good
    expected = [errors.HeldByAnother, errors.AlreadyDecided, errors.EditedSince, errors.OwnContent, errors.CaseGone]
    assert [type(outcome.error) for outcome in outcomes[1:6]] == expected
    assert outcomes[6].is_done, "the same case again is the same decision"
    assert Decision.objects.filter(by=mireille).count() == 1


def test_each_decision_is_told_and_journalled(make_case, mireille, reason, decide_many):
    cases = [make_case() for _ in range(3)]
    outcomes = decide_many(mireille, read(*cases), "refuse", reason=reason, suggestion="Relisez la charte.")
    assert all(outcome.is_done for outcome in outcomes)
    assert OutgoingMail.objects.count() == Entry.objects.filter(action="case.decided").count() == 3


def test_the_same_form_again_gives_the_same(make_case, mireille, decide_many):
    rows, key = read(make_case(), make_case()), uuid4()
    first = decide_many(mireille, rows, key=key)
    again = decide_many(mireille, rows, key=key)
    assert [outcome.decision for outcome in again] == [outcome.decision for outcome in first]
    assert Decision.objects.count() == 2


def test_cases_of_other_spaces_are_not_there(make_case, make_person, decide_many):
    here, there = Space.objects.create(kind="session"), Space.objects.create(kind="session")
    local = make_person("Lucie Martin")
    Right.objects.create(user=local, role="moderator", space=here)
    inside, outside = decide_many(local, read(make_case(space=here), make_case(space=there)))
    assert inside.is_done and isinstance(outside.error, errors.CaseGone)


def test_an_action_that_needs_more_is_refused_row_by_row(make_case, mireille, reason, decide_many):
    (outcome,) = decide_many(mireille, read(make_case()), "mask", reason=reason)
    assert isinstance(outcome.error, errors.MaskUnfaithful)


def test_a_form_without_key_or_with_too_much_is_refused_whole(make_case, mireille, decide_many):
    with pytest.raises(errors.VersionMissing):
        decide_many(mireille, read(make_case()), key=None)
    with pytest.raises(errors.TooManyRows):
        decide_many(mireille, [Row(number, 0, 1) for number in range(101)])


def test_all_are_undone_together(make_case, mireille, decide_many):
    cases = [make_case() for _ in range(3)]
    decide_many(mireille, read(*cases))
    rows = [Row(case.pk, version=1) for case in cases]
    outcomes = Case.objects.undo_many(mireille, rows, key=uuid4(), at=timezone.now())
    assert all(outcome.is_done for outcome in outcomes)
    assert Case.objects.waiting().count() == 3

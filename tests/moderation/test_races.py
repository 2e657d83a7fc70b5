"""Where moderators meet: real threads on real transactions."""

from collections import Counter
from uuid import uuid4

import pytest

from civic.audit.models import Entry
from civic.moderation import errors
from civic.moderation.models import Case, Decision, Statement, Subject
from civic.notifications.models import OutgoingMail
from tests.concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moderators(make_person):
    return [make_person(f"Moderator{n} Test", "moderator") for n in range(8)]


def test_eight_moderators_deciding_one_case_decide_once(case, moderators, notes, decide, reason):
    def act(moderator, n):
        # Some publish, some refuse: whatever came first is what is kept and told.
        return lambda: decide(case, moderator, "refuse" if n % 2 else "publish", reason=reason if n % 2 else None)

    results = together(*(act(moderator, n) for n, moderator in enumerate(moderators)))
    decisions = [result for result in results if isinstance(result, Decision)]
    conflicts = [result for result in results if isinstance(result, errors.AlreadyDecided)]
    assert (len(decisions), len(conflicts)) == (1, 7), results
    assert all(error.context["decision"] == decisions[0] for error in conflicts)
    assert Decision.objects.get() == decisions[0]
    assert len(notes.applied) == OutgoingMail.objects.count() == 1
    assert Entry.objects.filter(action="case.decided").count() == 1
    assert Statement.objects.count() == decisions[0].is_restriction


def test_the_same_form_eight_times_at_once_decides_once(case, mireille, notes, decide):
    key = uuid4()
    results = together(*[lambda: decide(case, mireille, key=key)] * 8)
    assert len({result.pk for result in results}) == 1
    assert len(notes.applied) == OutgoingMail.objects.count() == 1


def test_eight_moderators_pressing_next_never_get_a_case_twice(make_case, moderators):
    cases = {make_case().pk for _ in range(200)}

    def press(moderator):
        def act():
            got = []
            while found := Case.objects.next_for(moderator):
                got.append(found.pk)
            return got

        return act

    results = together(*map(press, moderators))
    given = Counter(pk for got in results for pk in got)
    assert set(given) == cases
    assert set(given.values()) == {1}


def test_eight_moderators_taking_one_case_leave_it_to_one(case, moderators):
    results = together(
        *(lambda moderator=moderator: case.__class__.objects.get().claim(moderator) for moderator in moderators)
    )
    assert results.count(None) == 1
    assert sum(isinstance(result, errors.HeldByAnother) for result in results) == 7


def test_an_edit_during_the_decision_is_seen(case, mireille, notes, decide):
    case.claim(mireille)
    notes.edit(case, "Some other text.")
    with pytest.raises(errors.EditedSince) as told:
        decide(case, mireille, revision=1)
    (change,) = told.value.context["changes"]
    assert [(piece.fate, piece.text) for piece in change.pieces] == [
        ("same", "Some "),
        ("added", "other "),
        ("same", "text."),
    ]
    assert decide(case, mireille, revision=2)


def test_opening_a_case_eight_times_at_once_opens_one(notes, amina):
    from django.utils import timezone

    subject = Subject.objects.create(kind="note")
    results = together(*[lambda: Subject.objects.get(pk=subject.pk).open_case(at=timezone.now())] * 8)
    assert len({result.pk for result in results}) == 1

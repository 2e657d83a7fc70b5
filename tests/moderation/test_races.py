"""Where moderators meet: real threads on real transactions."""

from collections import Counter
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.audit.models import Entry
from civic.moderation import errors
from civic.moderation.models import Case, Decision, Evidence, Statement, Subject
from civic.moderation.models.bulk import Row
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


def test_of_two_who_press_at_once_one_is_told_that_it_is_decided(case, mireille, malik, sign_in, reason):
    def press(person, action):
        browser = sign_in(person)
        sent = {"version": 0, "revision": 1, "key": uuid4(), "action": action, "reason": reason.pk}
        return lambda: browser.post(reverse("moderation:decide", args=[case.pk]), sent).status_code

    assert sorted(together(press(mireille, "publish"), press(malik, "refuse"))) == [302, 409]
    assert Decision.objects.count() == OutgoingMail.objects.count() == 1


def fresh(case):
    return Case.objects.get(pk=case.pk)


def undoing(case, by, version=1):
    return lambda: fresh(case).undo(by, version=version, key=uuid4(), at=timezone.now())


@pytest.mark.parametrize("round", range(5))
def test_an_undo_and_a_new_decision_come_one_after_the_other(case, mireille, malik, decide, notes, round):
    decide(case, mireille)
    undone, decided = together(undoing(case, mireille), lambda: decide(case, malik, version=1))
    assert isinstance(undone, Decision), undone
    if isinstance(decided, Decision):
        assert decided.version == 2 and not fresh(case).is_open
        assert [action for _pk, action in notes.applied] == ["publish", "not publish", "publish"]
    else:
        assert isinstance(decided, errors.AlreadyDecided) and fresh(case).is_open
        assert [action for _pk, action in notes.applied] == ["publish", "not publish"]


def test_eight_undoing_one_decision_undo_it_once(case, moderators, decide, notes):
    decide(case, moderators[0])
    results = together(*(undoing(case, moderator) for moderator in moderators))
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert sum(isinstance(result, errors.NothingToUndo) for result in results) == 7
    assert [action for _pk, action in notes.applied] == ["publish", "not publish"]
    assert Entry.objects.filter(action="case.undone").count() == 1


@pytest.mark.parametrize("round", range(5))
def test_a_report_and_an_undo_at_once_leave_one_open_case(case, mireille, decide, round):
    decide(case, mireille)
    subject = case.subject
    undone, opened = together(
        undoing(case, mireille), lambda: Subject.objects.get(pk=subject.pk).open_case("report", at=timezone.now())
    )
    (remaining,) = subject.cases.open()
    assert opened == remaining
    if isinstance(undone, Decision):
        assert remaining == case
    else:
        assert isinstance(undone, errors.AnotherCase), undone


def test_a_case_is_decided_or_set_apart(case, mireille, malik, decide):
    apart, decided = together(
        lambda: fresh(case).set_apart(malik, "danger", "Une menace.", at=timezone.now()), lambda: decide(case, mireille)
    )
    if isinstance(decided, Decision) and not isinstance(apart, Evidence):
        assert isinstance(apart, errors.AlreadyDecided)
    else:
        # Set apart first, it can be decided still, by somebody of the whole city.
        assert isinstance(apart, Evidence) and isinstance(decided, Decision)
    assert not fresh(case).is_open


def test_two_who_decide_the_same_rows_decide_each_once(make_case, mireille, malik):
    rows = [Row(make_case().pk, 0, 1) for _ in range(20)]

    def press(person, rows):
        return lambda: Case.objects.decide_many(person, rows, "publish", key=uuid4(), at=timezone.now())

    results = together(press(mireille, rows), press(malik, rows[::-1]))
    for outcomes in zip(results[0], results[1][::-1], strict=True):
        assert sum(outcome.is_done for outcome in outcomes) == 1
    assert Decision.objects.count() == OutgoingMail.objects.count() == 20


def test_eight_reports_at_once_all_weigh(case):
    subject = case.subject
    results = together(
        *[lambda: Subject.objects.get(pk=subject.pk).open_case("report", at=timezone.now(), weight=2)] * 8
    )
    assert all(result == case for result in results)
    assert fresh(case).weight == 16


def test_opening_a_case_eight_times_at_once_opens_one(notes, amina):
    subject = Subject.objects.create(kind="note")
    results = together(*[lambda: Subject.objects.get(pk=subject.pk).open_case(at=timezone.now())] * 8)
    assert len({result.pk for result in results}) == 1

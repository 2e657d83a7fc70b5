"""A decision taken back, with all that followed from it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from civic.accounts.models import Right
from civic.audit.models import Entry
from civic.moderation import errors, registry
from civic.moderation.models import Case, Measure, Sanction, Statement
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.registry import Standing
from civic.notifications.models import OutgoingMail
from civic.territory.models import Space


@pytest.fixture
def undo():
    def undo(case, by, **changes):
        fields = {"version": 1, "key": uuid4(), "at": timezone.now()} | changes
        return Case.objects.get(pk=case.pk).undo(by, **fields)

    return undo


def test_the_case_waits_again_where_it_stood_in_the_queue(case, mireille, malik, notes, decide, undo):
    due_at = case.due_at
    decide(case, mireille)
    decision = undo(case, malik)
    case.refresh_from_db()
    assert case.is_open and case.due_at == due_at
    assert (decision.undone_by, case.version) == (malik, 1)
    assert notes.applied[-1] == (case.subject_id, "not publish")
    assert Case.objects.next_for(mireille) == case


def test_it_is_journalled_by_codes(case, mireille, decide, undo):
    decide(case, mireille)
    undo(case, mireille)
    entry = Entry.objects.get(action="case.undone")
    assert entry.actor == mireille.journal_id and entry.target_id == case.pk
    assert entry.details == {"kind": "note", "decision": "publish", "reason": None}


def test_a_letter_that_has_not_left_never_leaves(case, mireille, decide, undo, reason):
    decide(case, mireille, "refuse", reason=reason)
    undo(case, mireille)
    mail = OutgoingMail.objects.get()
    assert mail.cancelled_at and mail.text == ""


def test_a_letter_that_has_left_is_corrected(case, mireille, decide, undo, reason):
    decide(case, mireille, "refuse", reason=reason)
    OutgoingMail.objects.update(sent_at=timezone.now())
    undo(case, mireille)
    correction = OutgoingMail.objects.get(sent_at=None)
    assert correction.to == "amina@example.org" and "ne tient plus" in correction.subject
    assert "annulée" in correction.text and mireille.name not in correction.text + correction.html


def test_where_nothing_was_written_nothing_is_corrected(make_case, mireille, decide, undo):
    case = make_case(standing=Standing.PUBLIC)
    decide(case, mireille, "keep")
    undo(case, mireille)
    assert not OutgoingMail.objects.exists()


def test_the_statement_can_no_longer_be_appealed(case, mireille, decide, undo, reason):
    decide(case, mireille, "refuse", reason=reason)
    undo(case, mireille)
    assert not Statement.objects.get().can_be_appealed(at=timezone.now())


def test_sanctions_that_came_with_it_end(case, mireille, amina, decide, undo, reason):
    decide(case, mireille, "refuse", reason=reason, measures=[Measure("ban"), Measure("warning")])
    undo(case, mireille)
    check_may_write(amina, at=timezone.now())
    assert not Sanction.objects.filter(lifted_at=None).exists()
    assert Entry.objects.filter(action="sanction.lifted").count() == 2


def test_the_same_form_again_undoes_once(case, mireille, decide, undo):
    key = uuid4()
    decide(case, mireille)
    assert undo(case, mireille, key=key) == undo(case, mireille, key=key)
    assert Entry.objects.filter(action="case.undone").count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"version": None}, errors.VersionMissing),
        ({"key": None}, errors.VersionMissing),
        ({"version": 7}, errors.NothingToUndo),
    ],
)
def test_what_was_not_read_is_not_undone(case, mireille, decide, undo, changes, error):
    decide(case, mireille)
    with pytest.raises(error):
        undo(case, mireille, **changes)
    case.refresh_from_db()
    assert not case.is_open


def test_an_older_decision_is_no_longer_undone(case, mireille, decide, undo):
    decide(case, mireille)
    undo(case, mireille)
    decide(case, mireille, version=1)
    with pytest.raises(errors.NothingToUndo) as told:
        undo(case, mireille, version=1)
    assert told.value.context["decision"].version == 2
    assert undo(case, mireille, version=2)


def test_a_decision_on_a_later_case_stands_in_the_way(case, mireille, decide, undo):
    decide(case, mireille)
    later = case.subject.open_case("report", at=timezone.now())
    with pytest.raises(errors.AnotherCase) as told:
        undo(case, mireille)
    assert told.value.context["case"] == later
    decide(later, mireille, "keep")
    with pytest.raises(errors.NothingToUndo):
        undo(case, mireille)


def test_a_text_that_its_author_changed_since_is_left_alone(case, mireille, notes, decide, undo):
    decide(case, mireille)
    notes.edit(case, "Another text.")
    with pytest.raises(errors.ChangedSinceDecision):
        undo(case, mireille)


def test_a_kind_that_can_not_go_back_says_so(case, mireille, decide, undo):
    kind = registry.kind_of("note")
    registry.register(registry.SubjectKind(**{**vars(kind), "revert": None}))
    decide(case, mireille)
    with pytest.raises(errors.NotOffered):
        undo(case, mireille)


def test_residents_authors_and_other_spaces_undo_nothing(make_case, make_person, bruno, mireille, malik, decide, undo):
    here, there = Space.objects.create(kind="session"), Space.objects.create(kind="session")
    case = make_case(author=mireille, space=here)
    decide(case, malik)
    elsewhere = make_person("Lucie Martin")
    Right.objects.create(user=elsewhere, role="moderator", space=there)
    for person, error in (
        (bruno, errors.NotModerator),
        (elsewhere, errors.NotModerator),
        (mireille, errors.OwnContent),
    ):
        with pytest.raises(error):
            undo(case, person)


def test_who_moderates_one_space_can_not_lift_a_ban(make_case, make_person, mireille, decide, undo, reason):
    here = Space.objects.create(kind="session")
    case, local = make_case(space=here), make_person("Lucie Martin")
    Right.objects.create(user=local, role="moderator", space=here)
    decide(case, mireille, "refuse", reason=reason, measures=[Measure("ban")])
    with pytest.raises(errors.WholeCityOnly):
        undo(case, local)
    assert Sanction.objects.get().lifted_at is None


def test_what_was_set_apart_is_hidden_again(make_case, mireille, notes, decide, undo):
    case = make_case(standing=Standing.PUBLIC)
    case.set_apart(mireille, "criminal", "À signaler.", at=timezone.now())
    decide(case, mireille, "keep")
    assert notes.standings[case.subject_id] == Standing.PUBLIC
    undo(case, mireille)
    assert notes.standings[case.subject_id] == Standing.HIDDEN
    assert list(Case.objects.apart()) == [case]


def test_undone_years_later_it_is_still_the_same_decision(case, mireille, decide, undo):
    decide(case, mireille, at=timezone.now() - timedelta(days=700))
    assert undo(case, mireille).undone_at

"""What may be a crime or puts somebody in danger leaves the open queue."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.accounts.models import Right
from civic.audit.models import Entry
from civic.moderation import errors, registry
from civic.moderation.models import Case, Evidence, Note
from civic.moderation.registry import Standing
from civic.moderation.tasks import forget_evidence
from civic.notifications.models import OutgoingMail
from civic.territory.models import Space


@pytest.fixture
def set_apart():
    def set_apart(case, by, kind="danger", note="Quelqu’un parle d’en finir."):
        return Case.objects.get(pk=case.pk).set_apart(by, kind, note, at=timezone.now())

    return set_apart


@pytest.fixture
def public(make_case):
    return make_case(standing=Standing.PUBLIC, trigger="report", text="Une menace.")


@pytest.fixture
def local(make_person):
    """Moderates one space only."""
    person = make_person("Lucie Martin")
    person.space = Space.objects.create(kind="session")
    Right.objects.create(user=person, role="moderator", space=person.space)
    return person


def test_the_content_is_hidden_at_once_and_nobody_is_written_to(public, mireille, notes, set_apart):
    set_apart(public, mireille)
    assert notes.standings[public.subject_id] == Standing.HIDDEN
    assert not OutgoingMail.objects.exists()


def test_the_case_is_no_longer_in_the_open_queue(public, mireille, malik, set_apart):
    public.claim(mireille)
    set_apart(public, mireille)
    assert not Case.objects.waiting().exists() and Case.objects.next_for(malik) is None
    assert list(Case.objects.apart()) == [public] and public.holder() is None


def test_only_those_who_moderate_the_whole_city_see_it_then(make_case, local, mireille, decide, set_apart):
    case = make_case(space=local.space)
    set_apart(case, local)
    assert not Case.objects.visible_to(local).exists()
    assert list(Case.objects.visible_to(mireille)) == [case]
    with pytest.raises(errors.NotModerator):
        decide(case, local)


def test_what_was_said_is_sealed(public, mireille, amina, set_apart):
    evidence = set_apart(public, mireille)
    assert evidence.content["parts"] == [{"label": "Text", "text": "Une menace."}]
    assert evidence.content["author"]["journal_id"] == str(amina.journal_id)
    assert evidence.kept_until - evidence.at == timedelta(days=365)
    kept = Evidence.objects.get()
    assert kept.is_intact()
    kept.content["parts"][0]["text"] = "Un compliment."
    assert not kept.is_intact()


def test_the_journal_says_by_whom_and_why_and_not_what(public, mireille, set_apart):
    evidence = set_apart(public, mireille, "criminal")
    entry = Entry.objects.get(action="case.set_apart")
    assert entry.actor == mireille.journal_id
    assert entry.details == {"kind": "note", "why": "criminal", "evidence": evidence.sha256}


def test_setting_apart_says_why_and_happens_once(public, mireille, malik, bruno, set_apart):
    with pytest.raises(errors.TextMissing):
        set_apart(public, mireille, note="  ")
    with pytest.raises(errors.UnknownAction):
        set_apart(public, mireille, "odd")
    with pytest.raises(errors.NotModerator):
        set_apart(public, bruno)
    assert not Evidence.objects.exists() and not Note.objects.exists()
    set_apart(public, mireille)
    with pytest.raises(errors.AlreadyApart):
        set_apart(public, malik)


def test_a_decision_on_it_is_that_of_any_other_case(public, mireille, notes, decide, reason, set_apart):
    set_apart(public, mireille)
    case = Case.objects.get()
    assert [action.name for action in case.actions(case.card())] == ["keep", "hide", "mask", "move"]
    decide(public, mireille, "hide", reason=reason)
    assert notes.standings[public.subject_id] == Standing.HIDDEN
    assert OutgoingMail.objects.count() == 1
    assert not Case.objects.apart().exists()


def test_what_was_left_as_it_is_can_be_read_again(public, mireille, notes, decide, set_apart):
    set_apart(public, mireille)
    decide(public, mireille, "keep")
    assert notes.standings[public.subject_id] == Standing.PUBLIC


def test_brought_back_it_waits_in_the_open_queue(public, mireille, malik, notes, set_apart):
    due_at = public.due_at
    set_apart(public, mireille)
    Case.objects.get().bring_back(mireille, "Une citation de film.", at=timezone.now())
    case = Case.objects.get()
    assert notes.standings[case.subject_id] == Standing.PUBLIC and case.due_at == due_at
    assert Case.objects.next_for(malik) == case
    assert Evidence.objects.exists() and Note.objects.count() == 2
    with pytest.raises(errors.NotApart):
        case.bring_back(malik, "Encore.", at=timezone.now())


def test_a_text_that_was_held_stays_held(case, mireille, notes, set_apart):
    set_apart(case, mireille)
    assert notes.standings[case.subject_id] == Standing.HELD
    Case.objects.get().bring_back(mireille, "Rien de grave.", at=timezone.now())
    assert notes.standings[case.subject_id] == Standing.HELD


def test_its_author_can_not_close_it(case, mireille, set_apart):
    set_apart(case, mireille)
    with transaction.atomic():
        case.subject.withdraw_case(at=timezone.now())
    assert Case.objects.get().is_open


def test_a_kind_that_can_not_hide_says_so(public, mireille, set_apart):
    registry.register(registry.SubjectKind(**{**vars(registry.kind_of("note")), "conceal": None}))
    with pytest.raises(errors.NotOffered):
        set_apart(public, mireille)


def test_evidence_is_destroyed_at_its_date(public, mireille, set_apart):
    evidence = set_apart(public, mireille)
    assert Evidence.objects.forget(at=evidence.kept_until - timedelta(seconds=1)) == 0
    with time_machine.travel(evidence.kept_until, tick=False):
        forget_evidence(0)
    assert not Evidence.objects.exists()
    assert Entry.objects.get(action="evidence.destroyed").details == {"evidence": evidence.sha256}


def test_the_database_itself_wants_to_know_why(case):
    with pytest.raises(IntegrityError, match="moderation_case_apart_has_kind"), transaction.atomic():
        Case.objects.update(apart_at=timezone.now())

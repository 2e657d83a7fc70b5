"""Notes, and cases that are handed over."""

import pytest
from django.utils import timezone

from civic.accounts.models import Right
from civic.audit.models import Entry
from civic.moderation import errors
from civic.moderation.models import Case, Note
from civic.territory.models import Space


def test_a_note_is_kept_and_the_journal_does_not_repeat_it(case, mireille):
    note = case.note(mireille, "  Vu avec le service juridique. ", at=timezone.now())
    assert (note.text, note.by) == ("Vu avec le service juridique.", mireille)
    assert Entry.objects.get(action="case.noted").details == {"kind": "note"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
def test_a_note_says_something_in_a_few_words(case, mireille, text):
    with pytest.raises(errors.TextMissing):
        case.note(mireille, text, at=timezone.now())
    assert not Note.objects.exists()


def test_a_decided_case_still_takes_notes(case, mireille, malik, decide):
    decide(case, mireille)
    assert case.note(malik, "Bien vu.", at=timezone.now())


def test_residents_and_authors_leave_no_notes(make_case, mireille, bruno):
    case = make_case(author=mireille)
    with pytest.raises(errors.OwnContent):
        case.note(mireille, "Un très bon texte.", at=timezone.now())
    with pytest.raises(errors.NotModerator):
        case.note(bruno, "Moi aussi.", at=timezone.now())


def test_a_case_handed_over_waits_for_that_colleague(case, make_person, mireille, malik):
    third = make_person("Nadia Perrin", "moderator")
    case.claim(mireille)
    case.escalate(mireille, malik, "Tu connais le quartier.", at=timezone.now())
    assert Case.objects.get().holder() is None
    assert Case.objects.next_for(third) is None and Case.objects.next_for(mireille) is None
    assert Case.objects.next_for(malik) == case
    entry = Entry.objects.get(action="case.escalated")
    assert entry.details == {"kind": "note", "to": str(malik.journal_id)}
    assert Note.objects.get().text == "Tu connais le quartier."


def test_others_may_still_open_it_themselves(case, mireille, malik, decide):
    case.escalate(mireille, malik, "À toi.", at=timezone.now())
    assert decide(case, mireille)


def test_it_comes_back_to_all_when_the_colleague_leaves(case, mireille, malik):
    case.escalate(mireille, malik, "À toi.", at=timezone.now())
    malik.deactivate(reason="test")
    assert Case.objects.next_for(mireille) == case


def test_it_goes_only_to_somebody_who_may_decide_it(make_case, make_person, mireille, malik, bruno, colette):
    here, there = Space.objects.create(kind="session"), Space.objects.create(kind="session")
    case = make_case(author=malik, space=here)
    local, elsewhere = make_person("Lucie Martin"), make_person("Paul Petit")
    Right.objects.create(user=local, role="moderator", space=here)
    Right.objects.create(user=elsewhere, role="moderator", space=there)
    assert list(case.colleagues(mireille, at=timezone.now())) == [local]
    for person in (mireille, malik, bruno, colette, elsewhere):
        with pytest.raises(errors.ColleagueUnfit):
            case.escalate(mireille, person, "À toi.", at=timezone.now())
    assert not Note.objects.exists()


def test_a_case_in_other_hands_is_not_handed_over(case, mireille, malik):
    case.claim(malik)
    with pytest.raises(errors.HeldByAnother):
        case.escalate(mireille, malik, "À toi.", at=timezone.now())

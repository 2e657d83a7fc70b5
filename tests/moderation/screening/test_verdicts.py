"""Screening: what is written down, what waits, what weighs; and that nothing public is hidden by it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.moderation import screening
from civic.moderation.models import Case, Match, Screening, Subject, Term, Trigger
from civic.moderation.modes import Mode
from civic.moderation.registry import Standing
from civic.moderation.screening import circumstances

pytestmark = pytest.mark.django_db
AT = timezone.now()
LONG = "Je demande que la rue devienne une zone de rencontre avec des arbres."


@pytest.fixture(autouse=True)
def terms(db):
    Term.objects.all().delete()
    Term.objects.create(kind="word", pattern="connard*", effect="hold")
    Term.objects.create(kind="word", pattern="abruti", effect="rank")
    Term.objects.create(kind="link", pattern="bit.ly", effect="hold")


@pytest.fixture
def old(amina, bruno):
    """Accounts that are new no more."""
    for person in (amina, bruno):
        person.joined_at = AT - timedelta(days=400)
        person.save()
    return amina


@pytest.fixture
def screen():
    def screen(text, author, *, subject=None, mode=Mode.AFTER_WITH_HOLDS, at=AT, place=""):
        subject = subject or Subject.objects.create(kind="note")
        verdict = screening.screen(subject, author=author, text=text, mode=mode, at=at, place=place)
        return subject, verdict

    return screen


def signals(subject):
    return sorted(subject.matches.values_list("signal", flat=True))


def test_a_clean_text_passes_and_leaves_no_case(screen, old):
    subject, verdict = screen(LONG, old)
    assert (verdict.holds, verdict.weight, verdict.trigger) == (False, 0, Trigger.NEW)
    assert verdict.open_case(subject, at=AT) is None
    assert signals(subject) == []


def test_a_match_is_kept_at_its_place_in_the_text_as_it_was_written(screen, old):
    subject, _verdict = screen("Quel c0nn@rd, voir bit.ly/x", old)
    word, link = subject.matches.all()
    assert (word.start, word.end, word.excerpt, word.term.pattern) == (5, 12, "c0nn@rd", "connard*")
    assert (link.excerpt, link.term.pattern) == ("bit.ly", "bit.ly")


@pytest.mark.parametrize(
    ("mode", "text", "holds", "weight"),
    [
        (Mode.BEFORE, "Bonjour", True, 0),
        (Mode.AFTER, "Bonjour", False, 0),
        (Mode.AFTER_WITH_HOLDS, "Bonjour", False, 0),
        (Mode.BEFORE, "connard", True, 2),
        (Mode.AFTER, "connard", False, 2),
        (Mode.AFTER_WITH_HOLDS, "connard", True, 2),
        (Mode.AFTER_WITH_HOLDS, "abruti", False, 1),
        (Mode.AFTER_WITH_HOLDS, "abruti abruti connard bit.ly", True, 5),
    ],
)
def test_what_waits_follows_from_the_mode_and_the_term(screen, old, mode, text, holds, weight):
    _subject, verdict = screen(text, old, mode=mode)
    assert (verdict.holds, verdict.weight) == (holds, weight)


def test_a_text_that_weighs_is_due_sooner_and_says_that_a_machine_took_part(make_case, screen, old, notes):
    waiting = make_case(at=AT)
    subject, verdict = screen("connard", old)
    notes.authors[subject.pk], notes.texts[subject.pk], notes.revisions[subject.pk] = old, "connard", 1
    case = verdict.open_case(subject, at=AT)
    assert case.trigger == Trigger.SIGNAL
    assert case.due_at < waiting.due_at
    assert list(Case.objects.waiting().order_by("due_at")) == [case, waiting]


def test_nothing_public_is_hidden_by_screening(make_case, screen, old, notes):
    case = make_case(standing=Standing.PUBLIC, text="connard")
    for mode in Mode:
        screen("connard bit.ly", old, subject=case.subject, mode=mode)
    assert notes.standings[case.subject_id] == Standing.PUBLIC
    assert notes.applied == []
    assert not case.decisions.exists()


def test_an_edited_text_is_screened_again_and_its_matches_replaced(screen, old):
    subject, _verdict = screen("connard", old)
    _subject, verdict = screen("voisin", old, subject=subject, at=AT + timedelta(minutes=1))
    assert signals(subject) == []
    assert not verdict.holds
    assert Screening.objects.get(subject=subject).at == AT


def test_a_term_that_is_switched_off_finds_nothing(screen, old):
    Term.objects.update(is_active=False)
    assert signals(screen("connard bit.ly", old)[0]) == []


def test_a_fault_of_screening_loses_no_text_and_lets_a_person_look(screen, old, notes, monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr("civic.moderation.screening.verdicts.find", broken)
    subject, verdict = screen("Bonjour", old)
    assert verdict.holds
    assert verdict.open_case(subject, at=AT).trigger == Trigger.NEW
    assert not screen("Bonjour", old, mode=Mode.AFTER)[1].holds
    assert not Match.objects.exists()


def test_a_fault_of_the_database_in_screening_loses_no_text(screen, old, monkeypatch):
    monkeypatch.setattr(circumstances, "fingerprint", lambda text: "x" * 500)
    subject, verdict = screen("Bonjour", old)
    assert verdict.holds
    assert Subject.objects.filter(pk=subject.pk).exists()


# --- Circumstances --------------------------------------------------------------------------


def test_the_same_text_is_noticed_whoever_writes_it(screen, old, bruno):
    first, _verdict = screen(LONG, old)
    second, verdict = screen(LONG.upper().replace("O", "О") + " !", bruno, at=AT + timedelta(days=6))
    assert signals(second) == ["duplicate"]
    assert second.matches.get().twin == first
    assert (verdict.holds, verdict.weight) == (False, 1)


def test_a_short_text_or_an_old_one_is_no_repetition(screen, old):
    screen("Merci à tous.", old)
    screen(LONG, old)
    assert signals(screen("Merci à tous.", old)[0]) == []
    assert signals(screen(LONG, old, at=AT + timedelta(days=8))[0]) == []


def test_many_texts_of_one_author_at_once_are_a_burst(screen, old):
    found = [signals(screen(f"Texte {n}", old, at=AT + timedelta(seconds=n))[0]) for n in range(6)]
    assert found == [[]] * 4 + [["burst"]] * 2
    assert signals(screen("Plus tard", old, at=AT + timedelta(minutes=5))[0]) == []


def test_many_new_accounts_in_one_place_are_a_burst(screen, make_person):
    people = [make_person(f"Nouveau{n} Venu") for n in range(circumstances.BY_NEWCOMERS + 1)]
    elsewhere = signals(screen("Texte", people.pop(), place="thread:2")[0])
    here = [signals(screen(f"Texte {n}", person, place="thread:1")[0]) for n, person in enumerate(people)]
    assert elsewhere == ["newcomer"]
    assert here == [["newcomer"]] * 7 + [["burst", "newcomer"]]


def test_the_first_texts_of_a_new_account_wait(screen, amina, decide, mireille, notes, settings):
    settings.NEWCOMER_CONTRIBUTIONS = 2
    for number in (1, 2):
        subject, verdict = screen(f"Texte {number}", amina, mode=Mode.AFTER)
        assert verdict.holds
        notes.authors[subject.pk], notes.texts[subject.pk] = amina, "Texte"
        notes.revisions[subject.pk], notes.standings[subject.pk] = 1, Standing.HELD
        case = verdict.open_case(subject, at=AT)
        # As long as nobody has read them, more of them change nothing.
        assert screen("Encore", amina, mode=Mode.AFTER)[1].holds or number == 2
        Screening.objects.exclude(subject__cases__isnull=False).delete()
        case.claim(mireille)
        decide(case, mireille)
    assert not screen("Texte 3", amina, mode=Mode.AFTER)[1].holds


def test_a_refused_text_opens_no_door(screen, amina, decide, mireille, notes, reason):
    subject, verdict = screen("Texte", amina, mode=Mode.AFTER)
    notes.authors[subject.pk], notes.texts[subject.pk] = amina, "Texte"
    notes.revisions[subject.pk], notes.standings[subject.pk] = 1, Standing.HELD
    case = verdict.open_case(subject, at=AT)
    case.claim(mireille)
    decide(case, mireille, "refuse", reason=reason)
    assert screen("Encore", amina, mode=Mode.AFTER)[1].holds


def test_staff_and_old_accounts_are_no_newcomers(screen, old, colette, settings):
    assert not screen("Texte", old, mode=Mode.AFTER)[1].holds
    assert not screen("Texte", colette, mode=Mode.AFTER)[1].holds


def test_screening_asks_a_bounded_number_of_questions(screen, amina, django_assert_max_num_queries):
    subject = Subject.objects.create(kind="note")
    with django_assert_max_num_queries(18):
        screen("connard " * 40, amina, subject=subject, place="thread:1")
    assert subject.matches.count() == 41

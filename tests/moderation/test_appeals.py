"""Appeals: once, within six months, answered in writing by another person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from civic.audit.models import Entry
from civic.moderation import errors
from civic.moderation.models import Appeal, Case, Decision, Measure, Report, SanctionKind, Statement, Trigger
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.registry import Standing
from civic.notifications.models import OutgoingMail
from tests.concurrency import together

TEXT = "Je parlais du lieu, et de personne."


@pytest.fixture
def statement(make_public, mireille, decide, reason):
    """Amina's text, hidden by Mireille."""
    case = make_public().open_case(Trigger.REPORT, at=timezone.now())
    return decide(case, mireille, "hide", reason=reason).statement


@pytest.fixture
def appeal(statement, amina):
    return statement.appeal(amina, text=TEXT, at=timezone.now())


def answer(appeal, by, **changes):
    fields = {"upheld": True, "answer": "Vous avez raison.", "version": 0, "key": uuid4(), "at": timezone.now()}
    return Appeal.objects.get(pk=appeal.pk).decide(by, **fields | changes)


def test_an_appeal_opens_a_case_beside_the_others(statement, amina, mireille):
    appeal = statement.appeal(amina, text=f"  {TEXT}\r\n", at=timezone.now())
    assert (appeal.text, appeal.first_decider, appeal.case.trigger) == (TEXT, mireille, Trigger.APPEAL)
    assert appeal.case.subject_id == statement.decision.case.subject_id


def test_only_its_recipient_appeals(statement, bruno, mireille):
    for person in (bruno, mireille):
        with pytest.raises(errors.NotRecipient):
            statement.appeal(person, text=TEXT, at=timezone.now())


@pytest.mark.parametrize(
    ("text", "error"), [("", errors.TextMissing), (" \n", errors.TextMissing), ("a" * 2001, errors.TextTooLong)]
)
def test_an_appeal_says_something_in_2000_characters(statement, amina, text, error):
    with pytest.raises(error):
        statement.appeal(amina, text=text, at=timezone.now())
    assert statement.appeal(amina, text="é" * 2000, at=timezone.now())


def test_one_appeals_once(appeal, statement, amina):
    assert statement.appeal(amina, text=TEXT, at=timezone.now()) == appeal, "a retried form"
    with pytest.raises(errors.AlreadyAppealed):
        statement.appeal(amina, text="Et encore ceci.", at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_appeals_at_once_are_one(statement, amina):
    def act(text):
        return lambda: Statement.objects.get(pk=statement.pk).appeal(amina, text=text, at=timezone.now())

    results = together(act("Un texte."), act("Un autre."), act("Un texte."))
    assert Appeal.objects.count() == Case.objects.filter(trigger=Trigger.APPEAL).count() == 1
    kept = Appeal.objects.get()
    assert all(result == kept or isinstance(result, errors.AlreadyAppealed) for result in results), results
    assert OutgoingMail.objects.filter(key__startswith="appeal:").count() == 1


def test_the_time_to_appeal_ends_after_six_months(statement, amina):
    with pytest.raises(errors.AppealClosed):
        statement.appeal(amina, text=TEXT, at=statement.appeal_until)
    assert statement.appeal(amina, text=TEXT, at=statement.appeal_until - timedelta(seconds=1))


def test_a_decision_that_was_undone_needs_no_appeal(statement, amina, mireille):
    statement.decision.case.undo(mireille, version=1, key=uuid4(), at=timezone.now())
    with pytest.raises(errors.AppealClosed):
        Statement.objects.get(pk=statement.pk).appeal(amina, text=TEXT, at=timezone.now())


# --- The answer


def test_another_person_upholds_and_the_text_is_back_in_place(appeal, malik, notes):
    decision = answer(appeal, malik)
    appeal.refresh_from_db()
    assert (appeal.upheld, appeal.decided_by, appeal.answer) == (True, malik, "Vous avez raison.")
    assert (decision.action, notes.applied[-1]) == ("restore", (appeal.case.subject_id, "restore"))
    assert notes.standings[appeal.case.subject_id] == Standing.PUBLIC
    assert not Case.objects.get(pk=appeal.case_id).is_open


def test_dismissed_keeps_what_was_decided(appeal, malik, notes):
    decision = answer(appeal, malik, upheld=False, answer="Le texte vise une personne.")
    assert decision.measure and decision.action == "dismiss"
    assert notes.standings[appeal.case.subject_id] == Standing.HIDDEN and len(notes.applied) == 1


def test_who_took_the_first_decision_does_not_answer(appeal, mireille):
    with pytest.raises(errors.OwnDecision):
        answer(appeal, mireille)
    with pytest.raises(errors.OwnDecision):
        appeal.case.claim(mireille)
    assert Case.objects.next_for(mireille) is None


def test_the_database_refuses_that_the_first_decider_answers(appeal, mireille):
    answered = {"decided_by": mireille, "decided_at": timezone.now(), "upheld": True, "answer": "Non."}
    with pytest.raises(IntegrityError, match="moderation_appeal_decided_by_another"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(**answered)


def test_the_database_wants_an_answer_in_writing(appeal, malik):
    answered = {"decided_by": malik, "decided_at": timezone.now(), "upheld": True}
    with pytest.raises(IntegrityError, match="moderation_appeal_decided_has_answer"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(**answered)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"answer": "  "}, errors.AnswerMissing),
        ({"upheld": None}, errors.AnswerMissing),
        ({"answer": "a" * 2001}, errors.TextTooLong),
        ({"version": None}, errors.VersionMissing),
        ({"key": None}, errors.VersionMissing),
    ],
)
def test_an_answer_that_lacks_something_is_refused(appeal, malik, notes, changes, error):
    with pytest.raises(error) as told:
        answer(appeal, malik, **changes)
    assert told.value.status == 422
    appeal.refresh_from_db()
    assert appeal.decided_at is None and len(notes.applied) == 1


def test_the_author_and_strangers_do_not_answer(appeal, amina, bruno, malik):
    for person in (amina, bruno):
        with pytest.raises(errors.NotModerator):
            answer(appeal, person)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_answering_at_once_answer_once(appeal, malik, make_person, notes):
    nora = make_person("Nora Haddad", "moderator")
    results = together(
        lambda: answer(appeal, malik), lambda: answer(appeal, nora, upheld=False, answer="La décision reste.")
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "Decision"], results
    assert OutgoingMail.objects.filter(key__endswith=":outcome").count() == 1
    appeal.refresh_from_db()
    assert len(notes.applied) == 1 + appeal.upheld


def test_the_same_form_again_answers_once(appeal, malik, notes):
    key = uuid4()
    assert answer(appeal, malik, key=key) == answer(appeal, malik, key=key)
    assert len(notes.applied) == 2


def test_measures_end_with_the_decision_that_they_came_with(make_public, amina, mireille, malik, decide, reason):
    until = timezone.now() + timedelta(days=7)
    case = make_public().open_case(Trigger.REPORT, at=timezone.now())
    decision = decide(case, mireille, "keep", reason=reason, measures=[Measure(SanctionKind.MUTE, until)])
    with pytest.raises(errors.Silenced):
        check_may_write(amina, at=timezone.now())
    appeal = decision.statement.appeal(amina, text=TEXT, at=timezone.now())
    assert answer(appeal, malik).action == "uphold", "the text had stayed: there is nothing to give back"
    check_may_write(amina, at=timezone.now())


def test_words_that_were_masked_are_given_back(make_public, amina, mireille, malik, decide, reason, notes):
    case = make_public(text="Some bad text.").open_case(Trigger.REPORT, at=timezone.now())
    decision = decide(case, mireille, "mask", reason=reason, masked_text="Some […] text.")
    assert case.subject.masked_text() == "Some […] text."
    answer(decision.statement.appeal(amina, text=TEXT, at=timezone.now()), malik)
    assert notes.applied[-1][1] == "unmask" and case.subject.masked_text() == ""


def test_a_statement_shows_what_was_decided_upon_whatever_was_changed_since(statement, notes, amina, sign_in):
    page = f"/compte/decisions/{statement.pk}/"
    notes.edit(statement.decision.case, "Another text altogether.")
    content = sign_in(amina).get(page).content.decode()
    assert statement.texts[0] in content and "Another text altogether." not in content
    statement.decision.case.subject.forget_texts()
    content = sign_in(amina).get(page).content.decode()
    assert statement.texts[0] not in content and "Vous avez supprimé ce texte" in content


def test_who_answers_reads_both_texts(appeal, notes, malik, sign_in):
    desk, page = sign_in(malik), f"/moderation/{appeal.case_id}/"
    assert "Le texte sur lequel" not in desk.get(page).content.decode()
    notes.edit(appeal.case, "Another text altogether.")
    content = desk.get(page).content.decode()
    assert appeal.statement.texts[0] in content and "Another text altogether." in content


def test_a_text_that_changed_since_is_left_as_it_is(appeal, malik, notes):
    notes.edit(appeal.case, "A new text.")
    assert answer(appeal, malik).action == "uphold"
    assert len(notes.applied) == 1


def test_a_text_shown_again_before_is_not_shown_twice(appeal, statement, malik, decide, notes):
    case = statement.decision.case.subject.open_case(Trigger.SIGNAL, at=timezone.now())
    decide(case, malik, "restore")
    assert answer(appeal, malik).action == "uphold"


def test_two_appeals_about_one_text_share_a_case_that_ends_with_the_last(
    make_public, amina, mireille, malik, decide, reason
):
    subject = make_public(text="Some bad text.")
    first = decide(subject.open_case(at=timezone.now()), mireille, "mask", reason=reason, masked_text="Some […] text.")
    second = decide(subject.open_case(at=timezone.now()), malik, "hide", reason=reason)
    appeals = [made.statement.appeal(amina, text=TEXT, at=timezone.now()) for made in (first, second)]
    case = Case.objects.get(trigger=Trigger.APPEAL)
    assert [appeal.case for appeal in appeals] == [case, case]
    answer(appeals[1], mireille)
    case.refresh_from_db()
    assert case.is_open
    answer(appeals[0], malik, version=1)
    case.refresh_from_db()
    assert not case.is_open
    # Each measure is taken back: the hiding, and the mask under it.
    assert list(case.decisions.order_by("version").values_list("action", flat=True)) == ["restore", "unmask"]
    assert subject.masked_text() == ""


def test_an_appeal_is_answered_though_the_author_takes_the_text_back(appeal, statement, malik):
    statement.decision.case.subject.withdraw_case(at=timezone.now())
    assert isinstance(answer(appeal, malik), Decision)


def test_an_answer_is_not_undone(appeal, malik):
    decision = answer(appeal, malik)
    with pytest.raises(errors.NothingToUndo):
        Case.objects.get(pk=appeal.case_id).undo(malik, version=decision.version, key=uuid4(), at=timezone.now())


# --- What is told and kept


def test_letters_acknowledge_and_answer_without_a_name(appeal, amina, malik, settings):
    receipt = OutgoingMail.objects.get(key__startswith="appeal:")
    address = f"{settings.SITE_URL}/compte/decisions/{appeal.statement_id}/"
    for text in (receipt.text, receipt.html):
        assert TEXT in text and address in text
    answer(appeal, malik, upheld=False, answer="<b>Non</b>, le texte vise une personne.")
    outcome = OutgoingMail.objects.get(key=f"appeal:{appeal.pk}:outcome")
    assert outcome.to == amina.email and "<b>Non" not in outcome.html
    for text in (outcome.text, outcome.html):
        assert "tribunal administratif" in text and "Malik" not in text and address in text


def test_letters_are_in_the_language_of_the_page(statement, amina, malik):
    with translation.override("en"):
        appeal = statement.appeal(amina, text=TEXT, at=timezone.now())
    answer(appeal, malik)
    for mail in OutgoingMail.objects.filter(key__startswith="appeal:"):
        assert mail.language == "en" and "/en/compte/decisions/" in mail.text


def test_the_journal_keeps_codes_and_no_words(appeal, statement, amina, malik, reason):
    answer(appeal, malik)
    received, decided = Entry.objects.filter(action__startswith="appeal.").order_by("pk")
    assert (received.actor, decided.actor) == (amina.journal_id, malik.journal_id)
    assert decided.details == {"kind": "note", "decision": "hide", "reason": reason.code, "upheld": True}


# --- Reporters


@pytest.fixture
def upheld_report(make_public, amina, bruno, mireille, decide, reason):
    """Bruno reported Amina's text, Mireille hid it, Amina appeals."""
    subject = make_public()
    report = subject.report(bruno, reason=reason, at=timezone.now())
    decision = decide(report.case, mireille, "hide", reason=reason)
    decision.statement.appeal(amina, text=TEXT, at=timezone.now())
    return report


def told(report):
    return list(OutgoingMail.objects.filter(key__startswith=f"report:{report.pk}:outcome").order_by("pk"))


def test_an_upheld_appeal_turns_the_outcome_of_reports_and_tells_once(upheld_report, bruno, malik):
    OutgoingMail.objects.update(sent_at=timezone.now())
    assert Report.objects.records_of([bruno.pk]) == {bruno.pk: (1, 1)}
    key, appeal = uuid4(), Appeal.objects.get()
    answer(appeal, malik, key=key)
    answer(appeal, malik, key=key)
    upheld_report.refresh_from_db()
    assert (upheld_report.outcome, bool(upheld_report.revised_at)) == ("unfounded", True)
    assert Report.objects.records_of([bruno.pk]) == {bruno.pk: (0, 1)}
    _first, second = told(upheld_report)
    assert "fondé" in second.text and "recours" in second.text and "Amina" not in second.text


def test_news_that_has_not_left_yet_says_it_right_from_the_start(upheld_report, malik):
    answer(Appeal.objects.get(), malik)
    (mail,) = [mail for mail in told(upheld_report) if not mail.cancelled_at]
    assert "rien" in mail.text and "recours" not in mail.text


def test_a_dismissed_appeal_leaves_reporters_right(upheld_report, malik):
    answer(Appeal.objects.get(), malik, upheld=False, answer="La décision reste.")
    upheld_report.refresh_from_db()
    assert (upheld_report.outcome, upheld_report.revised_at) == ("upheld", None)

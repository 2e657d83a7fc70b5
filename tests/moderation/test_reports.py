"""Reports bring a text to a person's eyes. They hide nothing, and each is answered."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from civic.audit.models import Entry
from civic.kernel.errors import TooManyRequests
from civic.moderation import errors
from civic.moderation.models import Case, Measure, Outcome, Reason, Report, SanctionKind, Trigger
from civic.moderation.registry import Standing
from civic.notifications.models import OutgoingMail
from tests.concurrency import together


@pytest.fixture
def subject(make_public):
    return make_public()


@pytest.fixture
def report(reason):
    def report(subject, by, **changes):
        return subject.report(by, **{"reason": reason, "sentence": "Lisez le début.", "at": timezone.now()} | changes)

    return report


@pytest.fixture
def settled_before(make_public, reason):
    """Earlier reports of somebody, of which so many were upheld."""

    def settled_before(person, *, upheld=0, unfounded=0):
        for outcome in [Outcome.UPHELD] * upheld + [Outcome.UNFOUNDED] * unfounded:
            made = make_public().report(person, reason=reason, at=timezone.now())
            Report.objects.filter(pk=made.pk).update(outcome=outcome, settled_at=timezone.now())

    return settled_before


def test_a_report_opens_a_case_and_hides_nothing(subject, bruno, report, notes):
    made = report(subject, bruno)
    case = Case.objects.get(trigger=Trigger.REPORT)
    assert (made.case, case.subject, case.weight) == (case, subject, made.weight)
    assert notes.standings[subject.pk] == Standing.PUBLIC and notes.applied == []


def test_a_report_joins_the_open_case_and_brings_it_forward(subject, bruno, camille, report):
    first = report(subject, bruno)
    due_at = first.case.due_at
    second = report(subject, camille)
    case = Case.objects.get(pk=first.case_id)
    assert second.case_id == case.pk
    assert case.weight == first.weight + second.weight and case.due_at < due_at


def test_thirty_coordinated_reports_hide_nothing_and_weigh_as_a_few(subject, make_person, report, notes):
    for number in range(30):
        report(subject, make_person(f"Habitant{number} Test"))
    case = Case.objects.get(trigger=Trigger.REPORT)
    assert notes.standings[subject.pk] == Standing.PUBLIC and notes.applied == []
    assert case.is_open and case.reports.count() == 30
    assert case.weight == Report.HEAVIEST_CASE, "no crowd commands the queue"


def test_one_person_reports_a_text_once(subject, bruno, report, reason):
    assert report(subject, bruno) == report(subject, bruno, sentence="Encore.")
    assert Report.objects.count() == OutgoingMail.objects.count() == 1
    with pytest.raises(IntegrityError, match="moderation_report_one_each"), transaction.atomic():
        Report.objects.create(
            subject=subject, case=Case.objects.get(), reporter=bruno, reason=reason, at=timezone.now(), weight=1
        )


@pytest.mark.django_db(transaction=True)
def test_two_reports_by_one_person_at_once_are_one(subject, bruno, report):
    results = together(*[lambda: report(subject, bruno)] * 4)
    assert {result.pk for result in results} == {Report.objects.get().pk}
    assert Case.objects.get(trigger=Trigger.REPORT).weight == results[0].weight
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_people_reporting_at_once_meet_in_one_case(subject, make_person, report):
    people = [make_person(f"Habitant{number} Test") for number in range(8)]
    results = together(*(lambda person=person: report(subject, person) for person in people))
    case = Case.objects.get(trigger=Trigger.REPORT)
    assert {result.case_id for result in results} == {case.pk}
    assert case.weight == min(sum(result.weight for result in results), Report.HEAVIEST_CASE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(4))
def test_a_report_during_a_decision_is_settled_by_it_or_opens_a_case(
    subject, bruno, camille, mireille, report, decide, round
):
    case = report(subject, bruno).case
    _decision, late = together(lambda: decide(case, mireille, "keep"), lambda: report(subject, camille))
    late.refresh_from_db()
    assert late.settled_at if late.case_id == case.pk else late.case.is_open


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(4))
def test_a_text_hidden_during_a_report_opens_no_case(subject, bruno, camille, mireille, report, decide, reason, round):
    case = report(subject, bruno).case
    _decision, late = together(lambda: decide(case, mireille, "hide", reason=reason), lambda: report(subject, camille))
    if isinstance(late, Report):
        late.refresh_from_db()
        assert late.outcome == Outcome.UPHELD
    else:
        assert isinstance(late, errors.NotReportable)
    assert not Case.objects.open().exists()


@pytest.mark.parametrize(("upheld", "unfounded", "weight"), [(0, 0, 2), (8, 0, 4), (0, 10, 0), (2, 2, 2)], ids=str)
def test_a_report_weighs_as_its_reporter_was_right(subject, bruno, report, settled_before, upheld, unfounded, weight):
    settled_before(bruno, upheld=upheld, unfounded=unfounded)
    assert report(subject, bruno).weight == weight


def test_accuracy_starts_at_one_half_and_reaches_neither_end(bruno, settled_before):
    assert Report.objects.accuracy_of(bruno) == 0.5
    settled_before(bruno, upheld=3, unfounded=1)
    assert Report.objects.accuracy_of(bruno) == pytest.approx(4 / 6)


def test_the_database_bounds_a_weight(subject, bruno, report):
    made = report(subject, bruno)
    with pytest.raises(IntegrityError, match="moderation_report_weight_is_bounded"), transaction.atomic():
        Report.objects.filter(pk=made.pk).update(weight=Report.HEAVIEST + 1)


# --- Refusals


def test_nobody_reports_their_own_text(subject, amina, report):
    with pytest.raises(errors.OwnReport):
        report(subject, amina)


@pytest.mark.parametrize("standing", [Standing.HELD, Standing.HIDDEN])
def test_what_is_not_public_is_not_reported(subject, bruno, report, notes, standing):
    notes.standings[subject.pk] = standing
    with pytest.raises(errors.NotReportable):
        report(subject, bruno)
    assert not Case.objects.filter(trigger=Trigger.REPORT).exists()


def test_who_is_silenced_does_not_report(make_case, subject, bruno, mireille, report, decide, reason):
    own = make_case(author=bruno, standing=Standing.PUBLIC)
    until = timezone.now() + timedelta(days=3)
    decide(own, mireille, "hide", reason=reason, measures=[Measure(SanctionKind.SUSPENSION, until)])
    with pytest.raises(errors.Silenced):
        report(subject, bruno)
    assert report(subject, bruno, at=until + timedelta(minutes=1)), "a suspension ends by itself"


def test_a_ground_that_is_retired_is_refused(subject, bruno, report):
    retired = Reason.objects.create(code="old", label="Ancien", article="9", wording="Ancien.", is_active=False)
    with pytest.raises(errors.ReasonMissing):
        report(subject, bruno, reason=retired)


def test_reports_are_braked(make_public, bruno, report):
    for _number in range(20):
        report(make_public(), bruno)
    with pytest.raises(TooManyRequests):
        report(make_public(), bruno)


def test_a_report_too_many_keeps_what_was_typed(make_public, bruno, report, reason, sign_in):
    for _number in range(20):
        report(make_public(), bruno)
    address, client = f"/moderation/signaler/{make_public().pk}/", sign_in(bruno)
    answer = client.post(address, {"reason": reason.pk, "sentence": "Lisez la troisième ligne."})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "Lisez la troisième ligne.</textarea>" in answer.content.decode()
    assert answer.context["form"].non_field_errors() and answer.context["form"]["reason"].value() == str(reason.pk)
    assert Report.objects.count() == 20


# --- Outcomes


@pytest.mark.parametrize(("action", "outcome"), [("hide", Outcome.UPHELD), ("keep", Outcome.UNFOUNDED)])
def test_a_decision_settles_every_report(subject, bruno, camille, mireille, report, decide, reason, action, outcome):
    case = report(subject, bruno).case
    report(subject, camille)
    decision = decide(case, mireille, action, reason=reason)
    assert {(made.outcome, made.settled_at) for made in Report.objects.all()} == {(outcome, decision.at)}


def test_a_warning_beside_a_text_that_stays_upholds_the_report(subject, bruno, mireille, report, decide, reason):
    made = report(subject, bruno)
    decide(made.case, mireille, "keep", reason=reason, measures=[Measure(SanctionKind.WARNING)])
    made.refresh_from_db()
    assert made.outcome == Outcome.UPHELD


def test_a_text_taken_back_leaves_reports_without_object(subject, bruno, report):
    made = report(subject, bruno)
    subject.withdraw_case(at=timezone.now())
    made.refresh_from_db()
    assert made.outcome == Outcome.MOOT
    assert Report.objects.accuracy_of(bruno) == 0.5, "it says nothing about the reporter"


def test_undoing_a_decision_reopens_its_reports(subject, bruno, mireille, report, decide):
    made = report(subject, bruno)
    decide(made.case, mireille, "keep")
    undo(made.case, mireille)
    made.refresh_from_db()
    assert (made.outcome, made.settled_at) == ("", None)
    outcome = OutgoingMail.objects.get(key__contains=":outcome:")
    assert outcome.cancelled_at, "the news had not left"


def test_an_outcome_that_left_is_corrected_then_told_anew(subject, bruno, mireille, report, decide, reason):
    made = report(subject, bruno)
    decide(made.case, mireille, "keep")
    OutgoingMail.objects.filter(key__contains=":outcome:").update(sent_at=timezone.now())
    undo(made.case, mireille)
    assert "examiné à nouveau" in OutgoingMail.objects.latest("pk").text
    decide(made.case, mireille, "hide", version=1, reason=reason)
    assert "vous avez bien fait" in OutgoingMail.objects.filter(key__contains=":outcome:").latest("pk").text


def undo(case, by):
    return Case.objects.get(pk=case.pk).undo(by, version=1, key=uuid4(), at=timezone.now())


# --- What is told and kept


def test_the_reporter_gets_a_receipt_and_the_outcome(subject, bruno, mireille, report, decide, settings):
    made = report(subject, bruno)
    receipt = OutgoingMail.objects.get()
    assert receipt.to == bruno.email and f"Note {subject.pk}" in receipt.subject
    for text in (receipt.text, receipt.html):
        assert "3919" in text and "114" in text and f"{settings.SITE_URL}/compte/signalements/" in text
    decide(made.case, mireille, "keep")
    outcome = OutgoingMail.objects.latest("pk")
    for text in (outcome.text, outcome.html):
        assert "rien de contraire à la charte" in text and "Mireille" not in text


def test_letters_are_in_the_language_of_the_page(subject, bruno, mireille, report, decide):
    with translation.override("en"):
        made = report(subject, bruno)
    decide(made.case, mireille, "keep")
    for mail in OutgoingMail.objects.all():
        assert mail.language == "en" and "Hello Bruno" in mail.text and "/en/compte/signalements/" in mail.text


def test_the_author_does_not_learn_who_reported(subject, amina, bruno, mireille, report, decide, reason):
    made = report(subject, bruno)
    decide(made.case, mireille, "hide", reason=reason)
    letter = OutgoingMail.objects.get(to=amina.email)
    assert "Bruno" not in letter.text + letter.html


def test_the_journal_keeps_codes_and_no_words(subject, bruno, mireille, report, decide, reason):
    made = report(subject, bruno)
    decide(made.case, mireille, "hide", reason=reason)
    received, settled = Entry.objects.filter(action__startswith="report.").order_by("pk")
    assert (received.action, received.actor, settled.actor) == ("report.received", bruno.journal_id, None)
    assert settled.details == {"kind": "note", "reason": reason.code, "outcome": "upheld"}

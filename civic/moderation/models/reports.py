"""Reports: a resident says that a content breaks the charter. They bring it to a person's eyes, and hide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.audit import journal
from civic.kernel import limits
from civic.kernel.text import plain_line
from civic.moderation import errors, receipts, registry
from civic.moderation.models.decisions import Decision, Reason
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.models.subjects import Subject, Trigger

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case
    from civic.moderation.models.facts import CaseFacts


class Outcome(models.TextChoices):
    """What a moderator found. A report is moot where the author took the content back first."""

    UPHELD = "upheld", _("upheld")
    UNFOUNDED = "unfounded", _("unfounded")
    MOOT = "moot", _("without object")

    @classmethod
    def of(cls, decision: Decision) -> Outcome:
        """Upheld where something was done about the content or its author; else it stays as it is."""
        return cls.UPHELD if decision.reason_id or decision.destination else cls.UNFOUNDED


class ReportQuerySet(models.QuerySet["Report"]):
    def waiting(self) -> ReportQuerySet:
        return self.filter(settled_at=None)

    def accuracy_of(self, reporter: User) -> float:
        """The share of a reporter's settled reports that were upheld, from 0 to 1; one half for a newcomer.

        Laplace's rule of succession: (upheld + 1) / (settled + 2). Nobody starts as a liar or an oracle.
        """
        upheld, settled = self.records_of([reporter.pk]).get(reporter.pk, (0, 0))
        return (upheld + 1) / (settled + 2)

    def records_of(self, reporters: Sequence[int]) -> dict[int, tuple[int, int]]:
        """How many reports of each person were upheld, and how many settled; those without object don't count."""
        judged = self.model.objects.filter(reporter__in=reporters, outcome__in=[Outcome.UPHELD, Outcome.UNFOUNDED])
        upheld = Count("pk", filter=Q(outcome=Outcome.UPHELD))
        rows = judged.order_by("reporter").values_list("reporter").annotate(upheld=upheld, settled=Count("pk"))
        return {reporter: (number, settled) for reporter, number, settled in rows}

    def with_records(self) -> ReportQuerySet:
        """With how often their reporters were right before: `past_upheld` of `past_settled`, null for never judged."""
        judged = self.model.objects.filter(
            reporter=OuterRef("reporter"), outcome__in=[Outcome.UPHELD, Outcome.UNFOUNDED]
        )
        counted = judged.order_by().values("reporter").annotate(number=Count("pk"))
        upheld = counted.filter(outcome=Outcome.UPHELD)
        return self.annotate(
            past_upheld=Subquery(upheld.values("number")), past_settled=Subquery(counted.values("number"))
        )

    def settle(self, case: CaseFacts, outcome: str, *, card: registry.Card | None, at: datetime) -> None:
        """Give what waits on this case its outcome, and tell each reporter."""
        reports = self.waiting().filter(case_id=case.pk).select_related("reporter", "reason")
        found = list(reports.select_for_update(of=("self",)).order_by("pk"))
        self.filter(pk__in=[report.pk for report in found]).update(outcome=outcome, settled_at=at)
        for report in found:
            report.subject, report.outcome, report.settled_at = case.subject, outcome, at
            report.record("report.settled", outcome=outcome)
            receipts.tell_outcome(report, card=card)

    def reopen(self, case: CaseFacts, decision: Decision) -> None:
        """Take back what that decision settled: it waits for a person again."""
        reports = self.filter(case_id=case.pk, settled_at=decision.at).exclude(outcome=Outcome.MOOT)
        for report in reports.select_related("reporter").select_for_update(of=("self",)).order_by("pk"):
            receipts.take_outcome_back(report)
            report.record("report.reopened", outcome=report.outcome)
            report.outcome, report.settled_at = "", None
            report.save(update_fields=["outcome", "settled_at"])

    def revise(self, decision: Decision, *, at: datetime) -> None:
        """An appeal against that decision was upheld: who had been told that they were right is told once that not."""
        found = self.filter(case_id=decision.case_id, settled_at=decision.at, outcome=Outcome.UPHELD)
        for report in found.select_related("reporter", "reason").select_for_update(of=("self",)).order_by("pk"):
            report.record("report.revised", was=report.outcome, outcome=Outcome.UNFOUNDED)
            report.outcome, report.revised_at = Outcome.UNFOUNDED, at
            report.save(update_fields=["outcome", "revised_at"])
            receipts.tell_revision(report)


class ReportManager(models.Manager.from_queryset(ReportQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def make(self, subject: Subject, by: User, *, reason: Reason, sentence: str, at: datetime) -> Report:
        """Report a public content, once each: the same person again gets the first report.

        Raises Silenced, OwnReport or NotReportable (403), ReasonMissing (422), TooManyRequests.
        """
        # One person's reports come one after the other: two tabs make one, and the accuracy holds still.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if earlier := self.filter(subject=subject, reporter=by).first():
            return earlier
        self.check_may(subject, by, at=at)
        if not reason.is_active:
            raise errors.ReasonMissing
        limits.consume("report", str(by.pk), rate=Report.RATE)
        case = self._open_case(subject, at=at)
        # Once more, with the case locked: a decision that hid it in this instant leaves nothing to report.
        self._check_public(subject)
        report = self.create(
            subject=subject,
            case=case,
            reporter=by,
            reason=reason,
            sentence=plain_line(sentence)[: Report.LENGTH],
            at=at,
            weight=round(Report.HEAVIEST * self.accuracy_of(by)),
            language=get_language() or settings.LANGUAGE_CODE,
        )
        self._weigh(case, report)
        report.record("report.received")
        receipts.tell_receipt(report)
        return report

    def check_may(self, subject: Subject, by: User, *, at: datetime) -> None:
        """Raises Silenced, OwnReport or NotReportable: what the page says before anything is typed."""
        check_may_write(by, space=subject.space, at=at)
        if subject.author == by:
            card = registry.describe([subject]).get(subject.pk)
            raise errors.OwnReport(next_url=card.url if card else "/", next_label=_("Go back to your text"))
        self._check_public(subject)

    def _check_public(self, subject: Subject) -> None:
        card = registry.describe([subject]).get(subject.pk)
        if card is None or card.standing != registry.Standing.PUBLIC:
            raise errors.NotReportable

    def _open_case(self, subject: Subject, *, at: datetime) -> Case:
        """The open case, locked: a decision under way settles this report, or comes before it."""
        while True:
            case = subject.open_case(Trigger.REPORT, at=at).locked()
            if case.is_open:
                return case

    def _weigh(self, case: Case, report: Report) -> None:
        """Bring the case forward. All reports on one case weigh no more than a few honest ones: no crowd commands."""
        before = self.filter(case=case).exclude(pk=report.pk).aggregate(sum=Sum("weight"))["sum"] or 0
        case.weigh(min(report.weight, max(0, Report.HEAVIEST_CASE - before)))


class Report(models.Model):
    """What one person says about one content, and what came of it."""

    LENGTH = 500
    RATE = "20/d"
    # What a report by somebody who was always right weighs, and what all reports on one case weigh at most.
    HEAVIEST = 4
    HEAVIEST_CASE = 12

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="reports")
    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="reports")
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="+")
    sentence = models.CharField(_("in your words"), max_length=LENGTH, blank=True)
    at = models.DateTimeField()
    weight = models.PositiveSmallIntegerField()
    # The language of the page on which it was made: its letters are written in it.
    language = models.CharField(max_length=5)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    # When an appeal turned the outcome round.
    revised_at = models.DateTimeField(null=True)

    objects = ReportManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "reporter"], name="moderation_report_one_each"),
            models.CheckConstraint(condition=Q(weight__lte=4), name="moderation_report_weight_is_bounded"),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="") | Q(settled_at__isnull=False, outcome__in=Outcome.values),
                name="moderation_report_settled_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(revised_at=None) | Q(outcome=Outcome.UNFOUNDED),
                name="moderation_report_revised_was_unfounded",
            ),
        ]
        indexes = [
            models.Index(fields=["reporter", "outcome"], name="moderation_report_accuracy"),
            models.Index(fields=["at"], name="moderation_report_age"),
        ]

    def __str__(self):
        return f"{self.reason_id} {self.subject_id}"

    def record(self, action: str, **codes) -> None:
        """Journal it, without its sentence, under the account's random id."""
        journal.record(
            action,
            actor=self.reporter if action == "report.received" else None,
            target=("report", self.pk),
            space=self.subject.space,
            kind=self.subject.kind,
            reason=self.reason.code,
            **codes,
        )

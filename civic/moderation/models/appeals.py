"""Appeals: within six months, once, for whoever was restricted; another person answers (DSA, article 20)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.audit import journal
from civic.moderation import errors, receipts, registry
from civic.moderation.models import consequences
from civic.moderation.models.decisions import Decision, Statement
from civic.moderation.models.sanctions import Sanction
from civic.moderation.models.subjects import Trigger

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case


class AppealManager(models.Manager["Appeal"]):
    @transaction.atomic
    def make(self, statement: Statement, by: User, *, text: str, at: datetime) -> Appeal:
        """Ask for another look. The same text sent again gives the first appeal.

        Raises NotRecipient (403), TextMissing or TextTooLong (422), AlreadyAppealed or AppealClosed (409).
        """
        rows = Statement.objects.select_for_update(of=("self",)).select_related("decision__case__subject")
        statement, text = rows.get(pk=statement.pk), text.replace("\r\n", "\n").strip()
        if statement.recipient_id != by.pk:
            raise errors.NotRecipient
        if earlier := self.filter(statement=statement).first():
            if earlier.text == text:
                return earlier
            raise errors.AlreadyAppealed
        if not statement.can_be_appealed(at=at):
            raise errors.AppealClosed
        Appeal.check_length(text)
        decision, language = statement.decision, get_language() or settings.LANGUAGE_CODE
        appeal = self.create(
            statement=statement,
            case=self._open_case(statement, at=at),
            by=by,
            text=text,
            at=at,
            first_decider=decision.by,
            language=language,
        )
        appeal.record("appeal.received", actor=by)
        receipts.tell_appeal_received(appeal)
        return appeal

    def _open_case(self, statement: Statement, *, at: datetime) -> Case:
        """The subject's open appeal case, locked: an answer to another appeal can't close it meanwhile."""
        while True:
            case = statement.decision.case.subject.open_case(Trigger.APPEAL, at=at).locked()
            if case.is_open:
                return case


class Appeal(models.Model):
    """One appeal against one statement, and its answer by somebody who did not take the decision."""

    LENGTH = 2000

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="appeal_made")
    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="appeals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("your appeal"), max_length=LENGTH)
    at = models.DateTimeField()
    language = models.CharField(max_length=5)
    first_decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    answer = models.TextField(_("answer"), max_length=LENGTH, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    objects = AppealManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(first_decider=None) | ~Q(decided_by=F("first_decider")),
                name="moderation_appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, upheld=None, decided_by=None, answer="")
                | Q(decided_at__isnull=False, upheld__isnull=False) & ~Q(answer=""),
                name="moderation_appeal_decided_has_answer",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="moderation_appeal_says_something"),
        ]
        indexes = [models.Index(fields=["at"], name="moderation_appeal_age")]

    def __str__(self):
        return f"{self.statement_id} {self.case_id}"

    @classmethod
    def check_length(cls, text: str) -> None:
        """Raises TextMissing or TextTooLong."""
        if not text.strip():
            raise errors.TextMissing(_("Please write a few words. Nothing was sent."))
        if len(text) > cls.LENGTH:
            raise errors.TextTooLong

    def can_be_decided_by(self, user: User) -> bool:
        return self.decided_at is None and self.first_decider_id != user.pk and self.by_id != user.pk

    # --- The answer

    def decide(
        self, by: User, *, upheld: bool | None, answer: str, version: int | None, key: UUID | None, at: datetime
    ) -> Decision:
        """Answer in writing, once; upheld, the content is back in its place and the measures end.

        The same `key` again gives the first answer. Raises VersionMissing, AnswerMissing or TextTooLong
        (422), NotModerator, OwnContent or OwnDecision (403), AlreadyDecided or HeldByAnother (409).
        """
        with transaction.atomic():
            case = self.case.locked()
            if key is not None and (earlier := case.decisions.filter(key=key, by=by).first()):
                return earlier
            self.refresh_from_db()
            case.check_moderator(by)
            if self.first_decider_id == by.pk:
                raise errors.OwnDecision
            if version is None or key is None:
                raise errors.VersionMissing
            if upheld is None or not answer.strip():
                raise errors.AnswerMissing
            self.check_length(answer)
            case.check_free(by, version=version)
            if self.decided_at:
                raise case.too_late(by)
            return self._settle(case, by, upheld=upheld, answer=answer.strip(), key=key, at=at)

    def _settle(self, case: Case, by: User, *, upheld: bool, answer: str, key: UUID, at: datetime) -> Decision:
        self.decided_by, self.decided_at, self.upheld, self.answer = by, at, upheld, answer
        self.save(update_fields=["decided_by", "decided_at", "upheld", "answer"])
        remedy = self._remedy() if upheld else None
        decision = self._write(case, by, remedy or (registry.UPHOLD if upheld else registry.DISMISS), key=key, at=at)
        if remedy:
            case.subject.kind_of.apply(case.subject, decision)
        if upheld:
            Sanction.objects.lift(self.statement.decision, by=by, at=at)
        self.record("appeal.decided", actor=by, upheld=upheld)
        consequences.answered(case, decision, appeal=self)
        receipts.tell_appeal_answered(self)
        return decision

    def _remedy(self) -> registry.Action | None:
        """What takes the measure back where it still holds: the same text, and nothing decided about it since."""
        first, subject = self.statement.decision, self.case.subject
        measure = first.kind_of_action
        if measure is None or not measure.remedy:
            return None
        later = subject.decisions().filter(pk__gt=first.pk, undone_at=None)
        # A mask holds under what hides and shows the text, until the next one.
        is_mask = measure.name in registry.MASKS
        undoes = (
            later.filter(action__in=registry.MASKS) if is_mask else later.exclude(action__in=registry.LEAVES_AS_IT_IS)
        )
        if undoes.exists():
            return None
        # Locks the owner's row, after the case's.
        if subject.kind_of.revision_of(subject) != first.revision:
            return None
        return subject.kind_of.action(measure.remedy)

    def _write(self, case: Case, by: User, action: registry.Action, *, key: UUID, at: datetime) -> Decision:
        """The decision on the appeal's case, which ends with its last appeal."""
        is_last = not case.appeals.filter(decided_at=None).exists()
        case.leave(version=case.version + 1, **({"decided_at": at} if is_last else {}))
        return Decision.objects.create(
            case=case,
            version=case.version,
            revision=self.statement.decision.revision,
            by=by,
            at=at,
            action=action.name,
            is_restriction=False,
            key=key,
        )

    def record(self, action: str, *, actor: User, **codes) -> None:
        """Journal it, without its text."""
        decision = self.statement.decision
        journal.record(
            action,
            actor=actor,
            target=("appeal", self.pk),
            space=self.case.subject.space,
            kind=self.case.subject.kind,
            decision=decision.action,
            reason=decision.reason.code if decision.reason else None,
            **codes,
        )

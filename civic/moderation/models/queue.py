"""Which cases: what waits, for whom, in which order, and who holds one at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from civic.accounts.models import Right, Role, User
from civic.audit import journal
from civic.moderation.measures import Measure
from civic.moderation.models import consequences
from civic.moderation.models.bulk import Outcome, Row, one_by_one
from civic.moderation.models.decisions import Decision, Reason
from civic.moderation.models.subjects import Subject, Trigger

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case

# The queue's one order. Weight brings `due_at` forward, never before the opening: what is heavy
# comes first, and nothing that opened later can pass what has waited its time.
ORDER = ("due_at", "pk")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        """Undecided, those set apart included."""
        return self.filter(decided_at=None, withdrawn_at=None)

    def waiting(self) -> CaseQuerySet:
        """The open queue."""
        return self.open().filter(apart_at=None)

    def apart(self) -> CaseQuerySet:
        """What is criminal or a danger to someone, and not settled."""
        return self.open().filter(apart_at__isnull=False)

    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases of the spaces in which the user moderates, and for the whole city those set apart; else none."""
        spaces = user.spaces_with(Role.MODERATOR)
        return self.all() if None in spaces else self.filter(subject__space__in=spaces, apart_at=None)

    def leased(self) -> CaseQuerySet:
        """Held now, by somebody who may still moderate there. The database's clock decides."""
        return self.filter(lease())

    def free(self) -> CaseQuerySet:
        return self.exclude(lease())

    def open_to(self, user: User) -> CaseQuerySet:
        """Without what was handed to a colleague, while that colleague still moderates there."""
        return self.exclude(~Q(escalated_to=user) & Q(escalated_to__isnull=False) & moderates("escalated_to"))

    def with_holder(self) -> CaseQuerySet:
        """With what a row of the queue needs: `is_leased`, the person who holds it, the subject."""
        is_leased = models.ExpressionWrapper(lease(), output_field=models.BooleanField())
        return self.annotate(is_leased=is_leased).select_related("claimed_by", "escalated_to", "subject__space")

    def next_for(self, user: User, *, after: Case | None = None) -> Case | None:
        """Take the first free case (the first after that one, then from the start); None where there is none.

        SKIP LOCKED passes over what a colleague is taking in this instant, so that nobody
        gets a case twice and nobody waits.
        """
        free = self.waiting().visible_to(user).open_to(user).free()
        rounds = [free]
        if after:
            later = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk)
            rounds = [free.filter(later), free.exclude(pk=after.pk)]
        return next((case for cases in rounds if (case := cases._take_first(user))), None)

    def _take_first(self, user: User) -> Case | None:
        barred: list[int] = []
        while True:
            with transaction.atomic():
                rows = self.exclude(pk__in=barred).order_by(*ORDER)
                case = rows.select_for_update(skip_locked=True, of=("self",)).select_related("subject").first()
                if case is None:
                    return None
                if not case.is_barred_to(user):
                    case.take(user)
                    return case
            barred.append(case.pk)

    def open_one(
        self, subject: Subject, trigger: str, *, at: datetime, weight: int, due_at: datetime | None = None
    ) -> Case:
        """The subject's open case (its appeal's, where that is the trigger), opened now if there is none."""
        is_appeal = Q(trigger=Trigger.APPEAL)
        same = self.open().filter(is_appeal if trigger == Trigger.APPEAL else ~is_appeal, subject=subject)
        while True:
            if found := same.first():
                found.weigh(weight)
                return found
            due_at = due_at or self.model.due(subject, opened_at=at, weight=weight)
            case = self.model(subject=subject, trigger=trigger, opened_at=at, due_at=due_at, weight=weight)
            # The constraint decides between two who open at once; the other one looks again.
            with suppress(IntegrityError), transaction.atomic():
                case.save(force_insert=True)
            if case.pk:
                consequences.opened(case)
                return case

    def decide_many(
        self,
        by: User,
        rows: Iterable[Row],
        action: str,
        *,
        key: UUID | None,
        at: datetime,
        reason: Reason | None = None,
        suggestion: str = "",
        measures: Sequence[Measure] = (),
    ) -> list[Outcome]:
        """One decision for many cases, each on what was read of it (bulk.py); actions that need no more than this."""

        def decide(case: Case, row: Row, key: UUID) -> Decision:
            return case.decide(
                by,
                action,
                version=row.version,
                revision=row.revision,
                key=key,
                at=at,
                reason=reason,
                suggestion=suggestion,
                measures=measures,
            )

        return one_by_one(self.visible_to(by), rows, key, decide)

    def undo_many(self, by: User, rows: Iterable[Row], *, key: UUID | None, at: datetime) -> list[Outcome]:
        """Take back the decisions that made the rows' versions."""
        return one_by_one(
            self.visible_to(by), rows, key, lambda case, row, key: case.undo(by, version=row.version, key=key, at=at)
        )

    def withdraw(self, *, at: datetime) -> None:
        """End what waits without a decision: the author took the content back."""
        for case in self.waiting().select_for_update(of=("self",)).select_related("subject").order_by("pk"):
            case.leave(withdrawn_at=at)
            subject = case.subject
            journal.record("case.withdrawn", target=("case", case.pk), space=subject.space, kind=subject.kind)
            consequences.left(case)

    def release_all(self, user: User) -> int:
        """End every lease of somebody who leaves."""
        return self.filter(claimed_by=user).update(claimed_by=None, claimed_until=None, shown=None)


def moderates(person: str) -> Q:
    """That the person named by this column still moderates where the case is."""
    rights = Right.objects.current(at=timezone.now()).filter(
        Q(space=None) | Q(space=OuterRef("subject__space")),
        role=Role.MODERATOR,
        user=OuterRef(person),
        user__is_active=True,
    )
    return Q(Exists(rights))


def lease() -> Q:
    """That the case is held: not yet over, and by somebody who still moderates where the case is."""
    return Q(claimed_until__gt=Now()) & moderates("claimed_by")

"""How the team gets along, for those of a space: how old, how quick, why, where, when. Counted by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Aggregate, Count, F, Min, Q
from django.db.models.functions import ExtractHour, TruncWeek
from django.utils import timezone

from civic.moderation import registry
from civic.moderation.models import Case, Decision
from civic.moderation.models.queue import CaseQuerySet
from civic.territory.models import Space

if TYPE_CHECKING:
    from civic.accounts.models import User

WEEKS = 12
DAYS = 30
# A place or a reason more says nothing that the eye keeps.
MOST_ROWS = 12


class Percentile(Aggregate):
    """The value below which a share (0 to 1) of the others lie, between two of them if need be."""

    function = "PERCENTILE_CONT"
    name = "percentile"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: models.expressions.Combinable, *, share: float):
        super().__init__(expression, share=share, output_field=models.DurationField())


@dataclass(frozen=True)
class Week:
    """The cases decided in the week that begins then."""

    starts_at: datetime
    count: int = 0
    median: timedelta | None = None
    ninth: timedelta | None = None


@dataclass(frozen=True)
class Waiting:
    """What waits at this moment."""

    count: int
    late: int
    oldest: datetime | None


class Figures:
    """The figures of the spaces in which somebody moderates, at a moment."""

    def __init__(self, user: User, *, at: datetime):
        self.at = at
        self.cases: CaseQuerySet = Case.objects.visible_to(user)

    def waiting(self) -> Waiting:
        late = Count("pk", filter=Q(due_at__lt=self.at))
        return Waiting(**self.cases.waiting().aggregate(count=Count("pk"), late=late, oldest=Min("opened_at")))

    def weeks(self) -> list[Week]:
        """Handling times of the last weeks, the present one included, the oldest first."""
        this_week = start_of_week(self.at)
        starts = [this_week - timedelta(weeks=number) for number in range(WEEKS - 1, -1, -1)]
        # In the city's time: a week that changes the clocks has an hour more or less.
        starts = [start_of_week(start + timedelta(hours=12)) for start in starts]
        took = F("decided_at") - F("opened_at")
        rows = (
            self.cases.filter(decided_at__gte=starts[0], decided_at__lte=self.at)
            .annotate(starts_at=TruncWeek("decided_at"))
            .values("starts_at")
            .annotate(count=Count("pk"), median=Percentile(took, share=0.5), ninth=Percentile(took, share=0.9))
        )
        by_start = {row["starts_at"]: Week(**row) for row in rows.order_by()}
        return [by_start.get(start, Week(start)) for start in starts]

    def reasons(self) -> list[tuple[str, int]]:
        """Restrictions of the last days by their reason, the most frequent first."""
        rows = self._decisions().filter(is_restriction=True).values_list("reason__label", "reason__wording")
        counted = rows.annotate(count=Count("pk")).order_by("-count", "reason__label")[:MOST_ROWS]
        return [(label or wording, count) for label, wording, count in counted]

    def places(self) -> list[tuple[str, int]]:
        """Cases opened in the last days by kind of content and, where there is one, space."""
        opened = self.cases.filter(opened_at__gte=self._since(), opened_at__lte=self.at)
        rows = opened.values_list("subject__kind", "subject__space").annotate(count=Count("pk"))
        counted = rows.order_by("-count", "subject__kind", "subject__space")[:MOST_ROWS]
        labels = {kind.name: str(kind.label) for kind in registry.registered()}
        spaces = Space.objects.in_bulk([space for _kind, space, _count in counted if space])
        return [
            (f"{labels.get(kind, kind)}{f' ({spaces[space]})' if space else ''}", count)
            for kind, space, count in counted
        ]

    def hours(self) -> list[int]:
        """Cases opened in the last days by the hour of the day, from midnight, in the city's time."""
        opened = self.cases.filter(opened_at__gte=self._since(), opened_at__lte=self.at)
        rows = opened.annotate(hour=ExtractHour("opened_at")).values_list("hour").annotate(count=Count("pk"))
        counted = dict(rows.order_by())
        return [counted.get(hour, 0) for hour in range(24)]

    def _decisions(self) -> models.QuerySet[Decision]:
        return Decision.objects.filter(
            case__in=self.cases.values("pk"), at__gte=self._since(), at__lte=self.at, undone_at=None
        )

    def _since(self) -> datetime:
        return self.at - timedelta(days=DAYS)


def start_of_week(moment: datetime) -> datetime:
    """Monday at midnight, in the city's time."""
    local = timezone.localtime(moment)
    monday = local.date() - timedelta(days=local.weekday())
    return timezone.make_aware(datetime.combine(monday, datetime.min.time()))

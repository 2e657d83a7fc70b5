"""What the home page shows of sittings: those that go on now, and the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from livestream.models import Passage, Sitting, State
from livestream.models.states import UNDER_WAY

# One that was announced and never opened is not "the next one" for ever.
LATE = timedelta(hours=6)
# What the home page has room for.
MOST_ON_HOME = 3


@dataclass(frozen=True)
class OnHome:
    """Sittings that go on now, with `current_title` and `current_number` of what is examined; and the next one."""

    live: list[Sitting]
    coming: Sitting | None


def on_home(*, at: datetime) -> OnHome:
    """In one query."""
    examined = Passage.objects.filter(sitting=OuterRef("pk"), ends_at=None)
    rows = Sitting.objects.public().with_life().select_related("theme")
    rows = rows.annotate(
        current_title=Subquery(examined.values("item__title")[:1]),
        current_number=Subquery(examined.values("item__number")[:1]),
    )
    expected = rows.in_state(*UNDER_WAY, State.CONVENED).filter(Q(opened_at__isnull=False) | Q(starts_at__gt=at - LATE))
    # Those that go on began before the next one is to begin, but for one that was opened early.
    found = list(expected.order_by("opened_at", "starts_at", "pk")[: MOST_ON_HOME + 1])
    live = [sitting for sitting in found if sitting.state != State.CONVENED]
    coming = next((sitting for sitting in found if sitting.state == State.CONVENED), None)
    return OnHome(live[:MOST_ON_HOME], coming)

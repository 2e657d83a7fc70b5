"""The life of a sitting, derived from dated facts: one property reads it, one queryset selects by it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from civic.accounts.models import Role
from civic.kernel.states import in_one_of
from livestream.models.breaks import Break, BreakKind
from livestream.models.speech import Speech

# Who writes and runs sittings, everywhere or in the space of one.
CLERKS = (Role.CLERK, Role.ADMINISTRATOR)


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONVENED = "convened", _("To come")
    LIVE = "live", _("Live")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED_DOORS = "closed_doors", _("Behind closed doors")
    ADJOURNED = "adjourned", pgettext_lazy("session", "Over")
    ADOPTED = "adopted", _("Over, minutes adopted")
    CANCELLED = "cancelled", _("Cancelled")


# A sitting that was opened and is not over.
UNDER_WAY = (State.LIVE, State.SUSPENDED, State.CLOSED_DOORS)
OVER = (State.ADJOURNED, State.ADOPTED, State.CANCELLED)


def _in_break(kind: str) -> Q:
    return Q(Exists(Break.objects.filter(sitting=OuterRef("pk"), kind=kind, ends_at=None)))


def state_conditions() -> dict[State, Q]:
    """Each state as a condition, the strongest first; a sitting is in the first one that holds."""
    return {
        State.DRAFT: Q(convened_at=None),
        State.CANCELLED: Q(cancelled_at__isnull=False),
        State.ADOPTED: Q(minutes_adopted_at__isnull=False),
        State.ADJOURNED: Q(adjourned_at__isnull=False),
        State.CONVENED: Q(opened_at=None),
        State.CLOSED_DOORS: _in_break(BreakKind.CLOSED_DOORS),
        State.SUSPENDED: _in_break(BreakKind.SUSPENSION),
        State.LIVE: Q(),
    }


def state_of(sitting: Any) -> State:
    """The same order as `state_conditions`, read from one row and the break that lasts."""
    pause = sitting.break_kind
    facts = [
        (State.DRAFT, sitting.convened_at is None),
        (State.CANCELLED, sitting.cancelled_at is not None),
        (State.ADOPTED, sitting.minutes_adopted_at is not None),
        (State.ADJOURNED, sitting.adjourned_at is not None),
        (State.CONVENED, sitting.opened_at is None),
        (State.CLOSED_DOORS, pause == BreakKind.CLOSED_DOORS),
        (State.SUSPENDED, bool(pause)),
    ]
    return next((state for state, holds in facts if holds), State.LIVE)


class SittingQuerySet(models.QuerySet):
    def in_state(self, *states: str) -> SittingQuerySet:
        return self.filter(in_one_of(states, state_conditions()))

    def public(self) -> SittingQuerySet:
        """What anyone may read: convened, cancelled ones included, whose page says so."""
        return self.filter(convened_at__isnull=False)

    def visible_to(self, user: Any) -> SittingQuerySet:
        """What this person may read: what anyone may, and drafts where one is a clerk."""
        return self.public() | self.run_by(user)

    def run_by(self, user: Any) -> SittingQuerySet:
        if not user.is_authenticated:
            return self.none()
        spaces = user.spaces_with(*CLERKS)
        return self.all() if None in spaces else self.filter(space__in=spaces)

    def followed_by(self, user: Any) -> SittingQuerySet:
        """Those that this person follows, as a whole or by an item."""
        return self.filter(Q(follows__user=user) | Q(items__follows__user=user)).distinct()

    def with_life(self) -> SittingQuerySet:
        """With what the state is read from, and who speaks, in one query for any number of rows."""
        lasting = {"sitting": OuterRef("pk"), "ends_at": None}
        kind = Break.objects.filter(**lasting).values("kind")
        speaker = Speech.objects.filter(**lasting).values("councillor__name")
        return self.annotate(lasting_break=Subquery(kind), lasting_speaker=Subquery(speaker))

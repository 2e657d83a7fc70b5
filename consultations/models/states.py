"""The life of a consultation, derived from dated facts: one property reads it, one queryset selects by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from civic.accounts.models import Role
from civic.kernel.states import in_one_of
from consultations.models.phase import Phase, PhaseKind

# Who writes and runs consultations, everywhere or in the space of one.
CLERKS = (Role.CLERK, Role.ADMINISTRATOR)


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Opening soon")
    INFORM = "inform", _("Being presented")
    DEBATE = "debate", _("In debate")
    VOTING = "voting", _("Open for voting")
    CLOSED = "closed", _("Voting has ended")
    COUNTED = "counted", _("Being counted")
    PROCLAIMED = "proclaimed", _("Result proclaimed")
    DECIDED = "decided", pgettext_lazy("consultation", "Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def _phase(kind: str, **dates: datetime) -> Exists:
    return Exists(Phase.objects.filter(consultation=OuterRef("pk"), kind=kind, **dates))


def state_conditions(at: datetime) -> dict[State, Q]:
    """Each state as a condition, the strongest first; a consultation is in the first one that holds."""
    return {
        State.DRAFT: Q(published_at=None),
        State.WITHDRAWN: Q(withdrawn_at__isnull=False),
        State.DECIDED: Q(decided_at__isnull=False),
        State.PROCLAIMED: Q(proclaimed_at__isnull=False),
        State.COUNTED: Q(counted_at__isnull=False),
        State.CLOSED: Q(_phase(PhaseKind.VOTE, closes_at__lte=at)),
        State.VOTING: Q(_phase(PhaseKind.VOTE, opens_at__lte=at)),
        State.DEBATE: Q(_phase(PhaseKind.DEBATE, opens_at__lte=at, closes_at__gt=at)),
        State.INFORM: Q(_phase(PhaseKind.INFORM, opens_at__lte=at, closes_at__gt=at)),
        State.ANNOUNCED: Q(),
    }


def state_of(consultation: Any, *, at: datetime) -> State:
    """The same order as `state_conditions`, read from one row and its phases."""
    vote = consultation.vote
    debate, inform = consultation.phase(PhaseKind.DEBATE), consultation.phase(PhaseKind.INFORM)
    facts = [
        (State.DRAFT, consultation.published_at is None),
        (State.WITHDRAWN, consultation.withdrawn_at is not None),
        (State.DECIDED, consultation.decided_at is not None),
        (State.PROCLAIMED, consultation.proclaimed_at is not None),
        (State.COUNTED, consultation.counted_at is not None),
        (State.CLOSED, vote is not None and vote.closes_at <= at),
        (State.VOTING, vote is not None and vote.opens_at <= at),
        (State.DEBATE, debate is not None and debate.is_open_at(at)),
        (State.INFORM, inform is not None and inform.is_open_at(at)),
    ]
    return next((state for state, holds in facts if holds), State.ANNOUNCED)


class ConsultationQuerySet(models.QuerySet):
    def in_state(self, *states: str, at: datetime) -> ConsultationQuerySet:
        """Consultations that are in one of the states at that moment."""
        return self.filter(in_one_of(states, state_conditions(at)))

    def public(self) -> ConsultationQuerySet:
        """What anyone may read: published, withdrawn ones included, whose page says so."""
        return self.filter(published_at__isnull=False)

    def voting(self, at: datetime) -> ConsultationQuerySet:
        return self.in_state(State.VOTING, at=at)

    def visible_to(self, user: Any) -> ConsultationQuerySet:
        """What this person may read: what anyone may, and drafts where one is a clerk."""
        return self.public() | self.run_by(user)

    def run_by(self, user: Any) -> ConsultationQuerySet:
        """Those that this person may write and run; never the result of one before others (results are rows apart)."""
        if not user.is_authenticated:
            return self.none()
        spaces = user.spaces_with(*CLERKS)
        return self.all() if None in spaces else self.filter(space__in=spaces)

    def with_life(self) -> ConsultationQuerySet:
        """With what the state and the number of voters are read from, in two queries for any number of rows."""
        return self.select_related("turnout").prefetch_related("phases")

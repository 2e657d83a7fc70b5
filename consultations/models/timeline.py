"""What happens to a published consultation: dates moved later, a withdrawal, the decision."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from civic.audit import journal
from civic.kernel.errors import DomainError, Unprocessable
from consultations.models.phase import REASON_LENGTH, Extension
from consultations.models.states import State

if TYPE_CHECKING:
    from consultations.models.consultation import Consultation

OVER = {State.DRAFT, State.WITHDRAWN}
COUNTED = {State.COUNTED, State.PROCLAIMED, State.DECIDED}


class OnlyLater(Unprocessable):
    title = _("Dates move later only")
    sentence = _("A published date can only be moved later, and a vote that has opened keeps its opening.")


class Past(Unprocessable):
    title = _("This moment is past")
    sentence = _("The new end is already past: nobody could take part until then. Choose a moment to come.")


class ReasonMissing(Unprocessable):
    sentence = _("Give a reason: everyone reads it.")


class NotNow(DomainError):
    sentence = _("This can’t be done at this stage of the consultation. Nothing was changed.")


@transaction.atomic
def extend(
    consultation: Consultation,
    by: Any,
    *,
    kind: str,
    reason: str,
    at: datetime,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Extension:
    """Move the opening or the close of a phase later, with a public reason (an incident, for one).

    Raises NotAllowed, NotNow, OnlyLater, Past or ReasonMissing.
    """
    current = consultation.locked_for(by)
    phase = current.phase(kind)
    state = current.state_at(at)
    if phase is None or state in OVER or (kind == "vote" and state in COUNTED):
        raise NotNow
    if not (reason := _reason(reason)):
        raise ReasonMissing
    old = phase.opens_at, phase.closes_at
    new = opens_at or phase.opens_at, closes_at or phase.closes_at
    if not _is_later(old, new, at):
        raise OnlyLater
    if new[1] is not None and new[1] != old[1] and new[1] <= at:
        raise Past
    phase.opens_at, phase.closes_at = new
    phase.save(update_fields=["opens_at", "closes_at"])
    made = Extension.objects.create(
        consultation=current, phase=phase, old_opens_at=old[0], old_closes_at=old[1], opens_at=new[0],
        closes_at=new[1], reason=reason, at=at, by=by,
    )  # fmt: skip
    _record(current, "consultation.extended", by, phase=kind, extension=made.pk)
    current.tell_page()
    return made


def _is_later(old, new, at: datetime) -> bool:
    (old_opens, old_closes), (opens, closes) = old, new
    if new == old or opens < old_opens or (opens > old_opens and old_opens <= at):
        return False
    return closes is None or (closes > opens and (old_closes is None or closes >= old_closes))


@transaction.atomic
def withdraw(consultation: Consultation, by: Any, *, reason: str, at: datetime) -> None:
    """Take it back for good, in public; what was voted is never counted. Raises NotAllowed, NotNow, ReasonMissing."""
    current = consultation.locked_for(by)
    if current.state_at(at) in OVER or current.is_proclaimed:
        raise NotNow
    if not (reason := _reason(reason)):
        raise ReasonMissing
    current.withdrawn_at, current.withdrawal_reason = at, reason
    current.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    _record(current, "consultation.withdrawn", by)
    current.tell_page()


@transaction.atomic
def decide(consultation: Consultation, by: Any, *, text: str, follows: str, at: datetime) -> None:
    """Publish what the city decided and whether it follows the vote. Raises NotAllowed, NotNow or ReasonMissing."""
    current = consultation.locked_for(by)
    if current.state_at(at) != State.PROCLAIMED:
        raise NotNow
    if not text.strip() or not follows:
        raise ReasonMissing
    current.decided_at, current.decision, current.follows = at, text.strip(), follows
    current.save(update_fields=["decided_at", "decision", "follows"])
    _record(current, "consultation.decided", by, follows=follows)
    current.tell_page()
    # By its name: the task reads these models.
    app.configure_task("consultations.tell_participants").defer(consultation_id=current.pk, step="decision")


def _reason(text: str) -> str:
    return text.strip()[:REASON_LENGTH]


def _record(consultation: Consultation, action: str, by: Any, **codes: Any) -> None:
    journal.record(action, actor=by, target=("consultation", consultation.pk), space=consultation.space, **codes)

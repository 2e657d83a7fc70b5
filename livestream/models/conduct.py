"""The acts of a sitting's life: written, convened, cancelled, opened, interrupted, adjourned, its minutes adopted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError, Unprocessable
from civic.notifications import outbox
from livestream.models import hand_poll, threads
from livestream.models.breaks import Break
from livestream.models.follow import Moment
from livestream.models.passage import NotNow
from livestream.models.states import OVER, UNDER_WAY, State

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting

# What a calendar shows of it.
IN_CALENDARS = {"title", "summary", "place", "starts_at"}
# What those who follow it are written to for.
MOVES = {"place", "starts_at"}


class ChangedMeanwhile(DomainError):
    title = _("Someone else was quicker")
    sentence = _("Someone else changed this in the meantime. Nothing of yours was kept.")


class NotReady(Unprocessable):
    title = _("This session is not ready")
    sentence = _("It needs a title, a place, a date and at least one item before it is convened.")


class ReasonMissing(Unprocessable):
    sentence = _("Give a reason: everyone reads it.")


class StateChanged(DomainError):
    title = _("The session has moved on")
    sentence = _("Someone else has suspended, resumed or ended it since this page was shown. You changed nothing.")


@transaction.atomic
def edit(sitting: Sitting, by: Any, *, revision: int, at: datetime, **fields: Any) -> None:
    """Keep what is announced of it. Raises NotAllowed, ChangedMeanwhile, or NotNow once it is over."""
    current = sitting.locked_for(by)
    if current.revision != revision:
        raise ChangedMeanwhile
    if current.state in OVER:
        raise NotNow
    changed = {name for name, value in fields.items() if getattr(current, name) != value}
    for name in changed:
        setattr(current, name, fields[name])
    current.revision += 1
    if current.convened_at and changed & IN_CALENDARS:
        current.sequence += 1
    if current.state == State.CONVENED and changed & MOVES:
        current.moved_at = at
        _forget_told(current)
    current.changed_at = at
    current.save()
    if "title" in changed:
        current.space.rename(current.title)
    current.record("sitting.edited", by)
    current.tell_announcement()
    if "kind" in changed:
        # The page of a council is another one than that of a meeting.
        current.tell_changed()


@transaction.atomic
def convene(sitting: Sitting, by: Any, *, at: datetime, revision: int | None = None) -> None:
    """`revision` is the one that was read before (None: none was asked for)."""
    current = sitting.locked_for(by)
    if revision is not None and current.revision != revision:
        raise ChangedMeanwhile
    if current.state != State.DRAFT:
        raise NotNow
    if not (current.title and current.place and current.items.exists()):
        raise NotReady
    threads.give(current)
    _mark(current, at, convened_at=at)
    current.record("sitting.convened", by)


@transaction.atomic
def cancel(sitting: Sitting, by: Any, *, reason: str, at: datetime) -> None:
    current = sitting.locked_for(by)
    if current.state != State.CONVENED:
        raise NotNow
    if not (reason := reason.strip()):
        raise ReasonMissing
    _mark(current, at, cancelled_at=at, cancellation_reason=reason, sequence=current.sequence + 1)
    current.record("sitting.cancelled", by)


@transaction.atomic
def open_sitting(sitting: Sitting, by: Any, *, at: datetime) -> None:
    current = sitting.locked_for(by)
    if current.state != State.CONVENED:
        raise NotNow
    _mark(current, at, opened_at=at)
    current.record("sitting.opened", by)


@transaction.atomic
def begin_break(sitting: Sitting, by: Any, *, kind: str, at: datetime, saw: str | None = None) -> Break:
    """Suspend it, or close the doors; what lasts of the other kind ends, and so do a speech and a poll.

    `saw` is the state that the clerk's page showed (None: any). Raises NotAllowed, StateChanged or NotNow.
    """
    current = sitting.locked_for(by)
    _check_saw(current, saw)
    pause = current.open_break
    if current.state not in UNDER_WAY or (pause is not None and pause.kind == kind):
        raise NotNow
    for lasting in (current.breaks, current.speeches):
        lasting.filter(ends_at=None).update(ends_at=at)
    hand_poll.close_open(current, by, at=at)
    made = Break.objects.create(sitting=current, kind=kind, begins_at=at)
    _mark(current, at)
    current.record("sitting.break_begun", by, kind=kind)
    return made


@transaction.atomic
def resume(sitting: Sitting, by: Any, *, at: datetime, saw: str | None = None) -> None:
    """`saw` keeps a clerk who ends a suspension from opening doors that were closed meanwhile."""
    current = sitting.locked_for(by)
    _check_saw(current, saw)
    if current.state not in UNDER_WAY or not current.breaks.filter(ends_at=None).update(ends_at=at):
        raise NotNow
    _mark(current, at)
    current.record("sitting.resumed", by)


@transaction.atomic
def adjourn(sitting: Sitting, by: Any, *, at: datetime, saw: str | None = None) -> None:
    current = sitting.locked_for(by)
    _check_saw(current, saw)
    if current.state not in UNDER_WAY:
        raise NotNow
    examined = current.current_item
    hand_poll.close_open(current, by, at=at)
    for lasting in (current.passages, current.breaks, current.speeches):
        lasting.filter(ends_at=None).update(ends_at=at)
    current.presences.filter(left_at=None).update(left_at=at)
    current.proxies.filter(ended_at=None).update(ended_at=at)
    _mark(current, at, *([examined.pk] if examined else []), adjourned_at=at)
    current.record("sitting.adjourned", by)


@transaction.atomic
def adopt_minutes(sitting: Sitting, by: Any, *, at: datetime) -> None:
    current = sitting.locked_for(by)
    if current.state != State.ADJOURNED:
        raise NotNow
    _mark(current, at, minutes_adopted_at=at)
    current.record("sitting.minutes_adopted", by)


def _forget_told(current: Sitting) -> None:
    """Of another hour or place, whoever follows is told anew; what has not left yet says nothing that is wrong."""
    told = current.told.filter(moment__in=[Moment.MOVED, Moment.SOON])
    outbox.cancel_all([each.key for each in told])
    told.delete()


def _check_saw(current: Sitting, saw: str | None) -> None:
    if saw is not None and current.state != saw:
        raise StateChanged


def _mark(current: Sitting, at: datetime, *items: int, **facts: Any) -> None:
    """Write dated facts on the locked row and have open pages follow."""
    for name, value in facts.items():
        setattr(current, name, value)
    current.changed_at = at
    current.save(update_fields=[*facts, "changed_at"])
    current.tell_page(*items)
    threads.tell(current, items)

"""Passages: when which item is examined. The chapters of the replay, and what "now" means on every page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from civic.notifications import outbox
from livestream.models import threads
from livestream.models.periods import never_two_at_once
from livestream.models.states import State

if TYPE_CHECKING:
    from livestream.models.item import Item
    from livestream.models.sitting import Sitting

# How long a wrong click can be taken back; later it is part of what happened.
UNDO = timedelta(minutes=5)


class Moved(DomainError):
    title = _("The session has moved on")
    sentence = _("Someone else has changed the current item since this page was shown. Nothing was changed by you.")


class NotNow(DomainError):
    sentence = _("This can’t be done at this stage of the session. Nothing was changed.")


class TooLateToUndo(DomainError):
    title = _("It can no longer be taken back")
    sentence = _("A change of item can be taken back for five minutes. Go to the right item instead.")


class Passage(models.Model):
    """An item under examination, from `begins_at` until `ends_at`; it may come back later."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="passages")
    # The database holds that it is an item of this sitting (migration 0001).
    item = models.ForeignKey("livestream.Item", models.PROTECT, related_name="passages")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")),
                name="livestream_passage_ends_after_beginning",
            ),
            models.UniqueConstraint(fields=["sitting"], condition=Q(ends_at=None), name="livestream_passage_one_open"),
            never_two_at_once("sitting", name="livestream_passage_one_at_a_time"),
        ]

    def __str__(self):
        return f"{self.item_id} {self.begins_at:%Y-%m-%d %H:%M}"


@transaction.atomic
def go_to(sitting: Sitting, item: Item, by: Any, *, seen: int | None, at: datetime) -> Passage:
    """Examine this item from now on. `seen` is the passage that the clerk saw as the current one (None: none was).

    Raises NotAllowed, Moved or NotNow.
    """
    current = sitting.locked_for(by)
    former = current.open_passage
    _check_seen(former, seen)
    target = current.items.get(pk=item.pk)
    if current.state not in (State.LIVE, State.CLOSED_DOORS) or target.is_off:
        raise NotNow
    if former is not None:
        if former.item_id == target.pk:
            raise NotNow
        former.ends_at = at
        former.save(update_fields=["ends_at"])
    made = Passage.objects.create(sitting=current, item=target, begins_at=at)
    current.record("sitting.item_begun", by, item=target.pk)
    # An item may have come to the agenda since the convocation.
    threads.give(current)
    current.tell_page(target.pk, *([former.item_id] if former else []))
    threads.tell(current, (former.item_id,) if former else ())
    return made


@transaction.atomic
def undo(sitting: Sitting, by: Any, *, seen: int, at: datetime) -> Passage | None:
    """Take back the change to the passage `seen`: it never was, and the one before goes on as if nothing happened.

    Mails about it that have not left are cancelled; of those that have, nothing more is said.

    Returns the passage that goes on, if there is one. Raises NotAllowed, Moved or TooLateToUndo.
    """
    current = sitting.locked_for(by)
    wrong = current.open_passage
    _check_seen(wrong, seen)
    if wrong is None or at - wrong.begins_at > UNDO:
        raise TooLateToUndo
    item, begun_at = wrong.item_id, wrong.begins_at
    _take_back_mails(wrong)
    wrong.delete()
    former = current.passages.filter(ends_at=begun_at).last()
    if former is not None:
        former.ends_at = None
        former.save(update_fields=["ends_at"])
    current.record("sitting.item_undone", by, item=item)
    current.tell_page(item, *([former.item_id] if former else []))
    threads.tell(current, (item,))
    return former


def _take_back_mails(wrong: Passage) -> None:
    """What has not left does not leave, and who was to get it is told when the item does begin; the rest is told."""
    keys = {told.key: told.pk for told in wrong.told.all()}
    cancelled = outbox.cancel_all(keys)
    wrong.told.filter(pk__in=[keys[key] for key in cancelled]).delete()


def _check_seen(passage: Passage | None, seen: int | None) -> None:
    if (passage.pk if passage else None) != seen:
        raise Moved

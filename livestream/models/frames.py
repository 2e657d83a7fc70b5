"""What open pages of a sitting are told: where it is, and the items that moved, each as the page itself shows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from livestream.models import shown

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


def tell(sitting: Sitting, items: Collection[int]) -> None:
    """One frame for the head, one for who is there and one for each item; of each, only the newest is kept.

    In the caller's transaction, which holds the sitting's row. What an act left as it was is not sent again: a page
    reads the head aloud, and one who arrives or a vote that is corrected is no news of where the sitting is.
    """
    current = sitting.current_item
    wanted = {*items, *([current.pk] if current else [])}
    entries = {entry.item.pk: entry for entry in shown.agenda_of(sitting, only=wanted).entries} if wanted else {}
    context = {"sitting": sitting, "state": sitting.state, "current": entries.get(current.pk) if current else None}
    sitting.stream.publish("now", "livestream/_now.html", context, slot="now", is_news=False)
    sitting.stream.publish("floor", "livestream/_floor.html", context, slot="floor", is_news=False)
    context["attendance"] = shown.attendance_of(sitting)
    sitting.stream.publish("present", "livestream/_present.html", context, slot="present", is_news=False)
    for pk in items:
        entry = context | {"entry": entries[pk]}
        sitting.stream.publish("item", "livestream/_item.html", entry, slot=f"item-{pk}", is_news=False)


def announce(sitting: Sitting) -> None:
    """What was announced of it is another: its title, when and where it begins, who presides. As `tell` does."""
    for kind, template in (("head", "_announced"), ("chair", "_chair")):
        sitting.stream.publish(kind, f"livestream/{template}.html", {"sitting": sitting}, slot=kind, is_news=False)
    tell(sitting, ())

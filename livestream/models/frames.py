"""What open pages of a sitting are told: where it is, and the items that moved, each as the page itself shows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from livestream.models import shown

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


def tell(sitting: Sitting, items: Collection[int]) -> None:
    """One frame for the head and one for each item; of each, only the newest is kept. In the caller's transaction."""
    context = {"sitting": sitting, "state": sitting.state}
    sitting.stream.publish("now", "livestream/_now.html", context | {"current": sitting.current_item}, slot="now")
    present = shown.attendance_of(sitting)
    sitting.stream.publish("present", "livestream/_present.html", context | {"attendance": present}, slot="present")
    for entry in shown.agenda_of(sitting, only=items).entries if items else []:
        slot = f"item-{entry.item.pk}"
        sitting.stream.publish("item", "livestream/_item.html", context | {"entry": entry}, slot=slot)

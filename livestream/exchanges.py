"""The debate that stands on the page of a sitting: that of the item which is examined, else that of the sitting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic.comments.models import Thread
from civic.comments.reading import Latest
from livestream.debate import place_of, place_of_item
from livestream.models import Item, Sitting

SIZE = 8


class Exchanges(Latest):
    """Of a sitting that came `with_life`, and the item, `with_state`, that it is at."""

    def __init__(self, thread: Thread, item: Item | None, sitting: Sitting, *, at: datetime, user: Any):
        place = place_of_item(item) if item else place_of(sitting)
        super().__init__(thread, place, at=at, user=user, size=SIZE)
        self.item = item


def exchanges_of(sitting: Sitting, current: Item | None, *, at: datetime, user: Any) -> Exchanges | None:
    """None where it has no debate yet. The rows come with their threads and the sitting's stream."""
    item = current if current and current.thread else None
    thread = item.thread if item else sitting.thread
    if thread is None:
        return None
    thread.stream = sitting.stream
    return Exchanges(thread, item, sitting, at=at, user=user)

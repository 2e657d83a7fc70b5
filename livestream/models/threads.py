"""The debates of a sitting: one of its own, and one for each item that takes comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from civic.comments.models import Thread
from civic.moderation.modes import Mode

if TYPE_CHECKING:
    from livestream.models.item import Item
    from livestream.models.sitting import Sitting

KIND = "sitting"
# When moderators read, by the item's `comment_mode` (item.CommentMode, which comes after this file).
OFF, QUESTIONS = "off", "questions"
MODES = {"before": Mode.BEFORE, "after": Mode.AFTER_WITH_HOLDS, QUESTIONS: Mode.AFTER_WITH_HOLDS}


def give(sitting: Sitting) -> None:
    """Give the sitting and its items the threads that they lack; those of items go as the agenda says. A locked row."""
    if sitting.thread_id is None:
        sitting.thread = _made(sitting)
        sitting.save(update_fields=["thread"])
    for item in sitting.items.exclude(comment_mode=OFF).select_related("thread"):
        if item.thread is None:
            item.thread = _made(sitting)
            item.save(update_fields=["thread"])
        _follow(item.thread, item)


def tell(sitting: Sitting, items: tuple[int, ...]) -> None:
    """Have open pages show whether one can write: in the sitting's thread, its current item's and those items'."""
    concerned = Q(sitting=sitting) | Q(item__in=items) | Q(item__sitting=sitting, item__passages__ends_at=None)
    for thread in Thread.objects.filter(concerned, kind=KIND).distinct().order_by("pk"):
        thread.stream = sitting.stream
        thread.tell_state()


def _made(sitting: Sitting) -> Thread:
    return Thread.objects.create(
        kind=KIND,
        stream=sitting.stream,
        space=sitting.space,
        mode=Mode.AFTER_WITH_HOLDS,
        delay_seconds=sitting.delay_seconds,
    )


def _follow(thread: Thread, item: Item) -> None:
    thread.mode = MODES[item.comment_mode]
    thread.asks_questions = item.comment_mode == QUESTIONS
    thread.save(update_fields=["mode", "asks_questions"])

"""What decisions do to a comment, and take back; each on a row that `Comment.locked` gave (review.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from civic.comments import errors
from civic.comments.models.telling import Told
from civic.comments.models.thread import Thread
from civic.kernel.text import clean_text
from civic.moderation.models import Reason, Subject
from civic.realtime.models import Stream


class Moderated(Told):
    class Meta:
        abstract = True

    def publish(self, *, at: datetime) -> None:
        """Show what was held, and what was refused."""
        self.change(held_at=None, release_at=None, hidden_at=None, published_at=self.published_at or at)

    def unpublish(self, *, since: datetime, at: datetime) -> None:
        """Let it wait again, after a publication at `since`. Raises AnsweredSince where people have replied."""
        if self.replies:
            raise errors.AnsweredSince
        # What was public before that publication keeps its place, with a line that says that it waits.
        self.change(held_at=at, published_at=None if self.published_at == since else self.published_at)

    def hide(self, reason: Reason | None, *, at: datetime) -> None:
        """Put a placeholder with the reason in its place; what was never public gets none."""
        self.change(hidden_at=at, hidden_reason=reason, release_at=None)

    def restore(self) -> None:
        """Show again what was hidden, in the place that it had, without the words that were masked."""
        self.change(hidden_at=None)

    def mask(self, text: str, *, at: datetime) -> None:
        """Show what a moderator left of the text; the author's own is kept, for an appeal."""
        self._show(text, held_at=None, release_at=None, published_at=self.published_at or at)

    def unmask(self, earlier: str = "", *, since: datetime | None = None, at: datetime | None = None) -> None:
        """Show the whole text or, where a second mask is undone, what the first had left of it.

        `since`, `at`: a mask that was undone, and when; a text that it had published waits again.
        """
        if at and since and self.published_at == since:
            self.unpublish(since=since, at=at)
        self._show(earlier)

    def move(self, thread: Thread, *, at: datetime | None) -> None:
        """Put it and its replies into another thread, at their dates; `at` is None where a move is undone.

        Its position was about the other place, and is not shown here. Both threads are locked already, by
        rising number (review.lock_places); so are the replies here, then the streams: as the loop that counts
        supports takes them.
        """
        old, thread = self.thread, thread.locked()
        family = type(self).objects.filter(Q(pk=self.pk) | Q(parent=self))
        list(family.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        list(Stream.objects.select_for_update(of=("self",)).filter(threads__in=[old, thread]).order_by("pk"))
        number = family.shown().count()
        Subject.objects.filter(comment__in=family).update(space=thread.space)
        family.update(thread=thread)
        old.forget(family.values_list("pk", flat=True))
        old.add_shown(-number)
        self.tell_gone()
        thread.add_shown(number)
        self.thread = thread
        self.change(moved_at=at)

    def _show(self, masked_text: str, **facts: Any) -> None:
        self.change(masked_text=masked_text, html=clean_text(masked_text or self.text), **facts)

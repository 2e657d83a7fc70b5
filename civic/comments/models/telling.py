"""Writing down what happened to a comment, counting it, and telling open pages; its thread is locked meanwhile."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from civic.comments.models.facts import Facts
from civic.comments.models.selecting import slots


class Told(Facts):
    class Meta:
        abstract = True

    def change(self, **facts: Any) -> None:
        """Write these facts and the text; count and broadcast what that changes for readers."""
        was_shown, had_place = self.pk is not None and self.is_shown, self.published_at is not None
        for name, value in facts.items():
            setattr(self, name, value)
        self.save()
        if self.is_shown != was_shown:
            self._count(1 if self.is_shown else -1)
        if self.published_at:
            self._broadcast()
        elif had_place:
            self.tell_gone()

    def tell_gone(self) -> None:
        """Take it off open pages."""
        self._broadcast(is_gone=True)

    def _count(self, step: int) -> None:
        self.thread.add_shown(step)
        if self.parent_id:
            given = F("official_replies") + (step if self.is_official else 0)
            type(self).objects.filter(pk=self.parent_id).update(replies=F("replies") + step, official_replies=given)

    def _broadcast(self, *, is_gone: bool = False) -> None:
        """The slot takes every earlier form of the comment out of the stream's history."""
        context = {
            "comment": self,
            "thread": self.thread,
            "parent": type(self).objects.get(pk=self.parent_id) if self.parent_id else None,
            "is_open": self.thread.is_open_at(timezone.now()),
            "is_gone": is_gone,
        }
        self.thread.stream.publish("comment", "comments/_frame.html", context, slot=slots(self.pk)[0])

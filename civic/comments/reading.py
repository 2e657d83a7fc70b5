"""Pages of a thread: its comments in an order, each with its first replies; and what is one's own among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from civic.comments.models import Comment, Support, Thread
from civic.comments.registry import Place
from civic.kernel.keyset import Page, keyset_page

# Comments on a thread's own page and on its owner's, replies below each, replies on a comment's own page.
SIZE, SIZE_ON_OWNER, FIRST_REPLIES, REPLIES = 20, 5, 2, 30
ORDERS = {
    "recentes": (_("Most recent"), ("-published_at", "-pk")),
    "soutenues": (_("Most supported"), ("-supports", "-pk")),
    "discutees": (_("Most discussed"), ("-replies", "-pk")),
}
NEWEST = "recentes"


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    is_current: bool


class Debate:
    """One page of a thread as an address asks for it; an unknown order or cursor gives the first, most recent ones."""

    def __init__(
        self,
        thread: Thread,
        place: Place,
        *,
        at: datetime,
        user: Any,
        order: str = NEWEST,
        cursor: str = "",
        size: int = SIZE,
    ):
        self.thread, self.place, self.at, self.user = thread, place, at, user
        self.order = order if order in ORDERS else NEWEST
        self.cursor, self.size = cursor, size

    @property
    def is_open(self) -> bool:
        return self.thread.is_open_at(self.at, place=self.place)

    @property
    def is_to_come(self) -> bool:
        return self.place.is_to_come

    @property
    def can_be_closed(self) -> bool:
        """Whether its reader is led to where it is closed, or opened again."""
        return bool(self.is_open or self.thread.closed_reason) and self.thread.can_be_closed_by(self.user)

    @cached_property
    def page(self) -> Page:
        rows = self.thread.comments.filter(parent=None).listed().for_page()
        page = keyset_page(rows, order=ORDERS[self.order][1], cursor=self.cursor, size=self.size)
        give_first_replies(page.items, self.thread)
        mark_own(page.items, self.user, at=self.at)
        return page

    @property
    def items(self) -> list[Comment]:
        return self.page.items

    @property
    def takes_new(self) -> bool:
        """Whether a new comment belongs on this page: its first one, the most recent first."""
        return self.order == NEWEST and not self.cursor

    @property
    def next_url(self) -> str:
        return self._url(self.order, self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def first_url(self) -> str:
        return self._url(self.order) if self.cursor else ""

    @property
    def orders(self) -> list[Choice]:
        return [Choice(str(label), self._url(key), key == self.order) for key, (label, _columns) in ORDERS.items()]

    def _url(self, order: str, cursor: str = "") -> str:
        asked = [f"tri={order}"] * (order != NEWEST) + [f"apres={cursor}"] * bool(cursor)
        return f"{self.thread.get_absolute_url()}{'?' * bool(asked)}{'&'.join(asked)}"


class Latest(Debate):
    """The newest comments of a thread, on a page of its owner's that has no query to spare."""

    @cached_property
    def page(self) -> Page:
        # One more than is shown says whether there are others.
        found = list(self.thread.comments.newest(self.thread, self.size + 1, replies=FIRST_REPLIES).for_page())
        comments = [comment for comment in reversed(found) if comment.parent_id is None]
        attach(found, comments)
        has_more = len(comments) > self.size
        page = Page(comments[: self.size], "more" if has_more else "")
        mark_own(page.items, self.user, at=self.at)
        return page

    @property
    def next_url(self) -> str:
        return self.thread.get_absolute_url() if self.page.next_cursor else ""


class Conversation:
    """A comment with its replies, oldest first; asked for a reply, from that one on."""

    def __init__(self, comment: Comment, *, at: datetime, user: Any, cursor: str = ""):
        self.asked, self.cursor = comment, cursor
        self.top = comment.parent or comment
        self.top.thread = comment.thread
        self.top.first_replies = self.replies
        mark_own([self.top], user, at=at)

    @cached_property
    def page(self) -> Page:
        rows = Comment.objects.filter(parent=self.top).listed().for_page()
        if not self.is_whole and not self.cursor:
            at = self.asked.published_at
            rows = rows.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gte=self.asked.pk), published_at__gte=at)
        return keyset_page(rows, order=("published_at", "pk"), cursor=self.cursor, size=REPLIES)

    @property
    def is_whole(self) -> bool:
        """Whether the first page begins with the oldest reply."""
        return self.asked is self.top

    @cached_property
    def replies(self) -> list[Comment]:
        # A reply that nobody else reads yet stands alone below what it answers.
        return self.page.items if self.asked.published_at else [self.asked] * (not self.is_whole)

    @property
    def next_url(self) -> str:
        has_more = self.asked.published_at and self.page.next_cursor
        return f"{self.asked.get_absolute_url()}?apres={self.page.next_cursor}" if has_more else ""

    @property
    def first_url(self) -> str:
        return self.top.get_absolute_url() if self.cursor or not self.is_whole else ""


def give_first_replies(comments: Sequence[Comment], thread: Thread) -> None:
    """Give each comment its thread and its oldest replies, in one query for all."""
    has_any = any(comment.replies for comment in comments)
    attach(Comment.objects.first_replies(comments, FIRST_REPLIES).for_page() if has_any else [], comments)


def attach(found: Iterable[Comment], comments: Sequence[Comment]) -> None:
    """Give each comment its replies among those found, in their order."""
    by_parent: dict[int | None, list[Comment]] = {}
    for reply in found:
        by_parent.setdefault(reply.parent_id, []).append(reply)
    for comment in comments:
        comment.first_replies = by_parent.get(comment.pk, [])


def mark_own(comments: Iterable[Comment], user: Any, *, at: datetime) -> None:
    """Say of each comment and its replies what this person may do or has done; nothing, and no query, for a visitor."""
    if not user.is_authenticated:
        return
    all_of_them = [one for comment in comments for one in (comment, *comment.first_replies)]
    given = Support.objects.filter(user=user, counts=True, comment__in=[comment.pk for comment in all_of_them])
    supported = set(given.values_list("comment_id", flat=True))
    for comment in all_of_them:
        comment.is_own = comment.author_id == user.pk and not comment.deleted_at
        comment.is_editable = comment.can_be_edited_by(user, at=at)
        comment.is_supported = comment.pk in supported

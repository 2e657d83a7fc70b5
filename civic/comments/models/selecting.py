"""Which comments: those of a page, and the first replies of each; and where a stream keeps one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from civic.comments.models.comment import Comment
    from civic.comments.models.thread import Thread

FIRST_REPLIES = """
SELECT reply.id FROM unnest(%s::bigint[]) AS parent(id), LATERAL (
    (SELECT id FROM comments_comment WHERE parent_id = parent.id AND published_at IS NOT NULL
     ORDER BY published_at, id LIMIT %s)
    UNION
    (SELECT id FROM comments_comment WHERE parent_id = parent.id AND is_official AND published_at IS NOT NULL
     ORDER BY id LIMIT 3)
) AS reply
"""

# The same for the newest comments of a thread, themselves among them.
NEWEST_WITH_REPLIES = f"""
WITH parent AS (
    SELECT id FROM comments_comment WHERE thread_id = %s AND parent_id IS NULL AND published_at IS NOT NULL
    ORDER BY published_at DESC, id DESC LIMIT %s
)
SELECT id FROM parent UNION ALL ({FIRST_REPLIES.replace("unnest(%s::bigint[]) AS parent(id)", "parent")})
"""  # noqa: S608 # nosec B608


class CommentQuerySet(models.QuerySet["Comment"]):
    def listed(self) -> CommentQuerySet:
        """What takes a place in its thread: what has been public once, be it a placeholder by now."""
        return self.filter(published_at__isnull=False)

    def shown(self) -> CommentQuerySet:
        """What anyone can read now."""
        return self.listed().filter(held_at=None, hidden_at=None, deleted_at=None)

    def due(self, *, at: datetime) -> CommentQuerySet:
        """What its thread's delay has kept long enough, in the order in which it is shown."""
        return self.filter(release_at__lte=at).order_by("release_at", "pk")

    def first_replies(self, comments: Sequence[Comment], number: int) -> CommentQuerySet:
        """The oldest replies of each, `number` at most, and official ones: looks at an index, whatever their number."""
        found = RawSQL(FIRST_REPLIES, [[comment.pk for comment in comments], number])  # noqa: S611 # nosec B611
        return self.filter(pk__in=found).order_by("published_at", "pk")

    def newest(self, thread: Thread, number: int, *, replies: int) -> CommentQuerySet:
        """The newest of a thread and the first replies of each, oldest first: both in one query."""
        found = RawSQL(NEWEST_WITH_REPLIES, [thread.pk, number, replies])  # noqa: S611 # nosec B611
        return self.filter(pk__in=found).order_by("published_at", "pk")

    def for_page(self) -> CommentQuerySet:
        return self.select_related("author", "hidden_reason")


def slots(pk: int) -> tuple[str, str]:
    """Where a stream keeps the newest form of a comment, and of its number of supports."""
    return f"comment-{pk}", f"supports-{pk}"

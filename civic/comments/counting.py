"""The number of supports: followed by a loop of the worker, repaired at night, never `+1` in a request.

As for signatures (petitions/counting.py): a support carries a mark, `counted`, and what has moved are
the rows whose mark differs from whether they count. No clock takes part.
"""

from django.db import connection, transaction

from civic.audit import journal
from civic.comments.models import Comment, Support
from civic.comments.models.selecting import slots

# One loop at a time: another would only wait for the same rows.
LOCK = 0x66616267
BATCH = 20_000

COUNT_MOVED = """
WITH moved AS (
    UPDATE comments_support SET counted = counts
    WHERE id IN (SELECT id FROM comments_support WHERE counted <> counts LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING comment_id, CASE WHEN counted THEN 1 ELSE -1 END AS step
), sums AS (
    SELECT comment_id, sum(step) AS step FROM moved GROUP BY comment_id
), locked AS (
    SELECT id FROM comments_comment WHERE id IN (SELECT comment_id FROM sums) ORDER BY id FOR NO KEY UPDATE
)
UPDATE comments_comment AS comment SET supports = supports + sums.step
FROM sums JOIN locked ON locked.id = sums.comment_id WHERE comment.id = locked.id
RETURNING comment.id
"""

REPAIR = """
WITH sums AS (
    SELECT comment_id, count(*) AS total FROM comments_support WHERE counted GROUP BY comment_id
), wrong AS (
    SELECT comment.id, comment.supports AS shown, coalesce(sums.total, 0) AS true
    FROM comments_comment AS comment LEFT JOIN sums ON sums.comment_id = comment.id
    WHERE comment.supports <> coalesce(sums.total, 0) ORDER BY comment.id FOR NO KEY UPDATE OF comment
)
UPDATE comments_comment AS comment SET supports = wrong.true FROM wrong WHERE comment.id = wrong.id
RETURNING comment.id, wrong.shown, wrong.true
"""


@transaction.atomic
def count_moved() -> int:
    """Bring the numbers up to date with what was given or taken back; returns how many comments moved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(COUNT_MOVED, [BATCH])
        moved = [pk for (pk,) in cursor.fetchall()]
    _publish(moved)
    return len(moved)


@transaction.atomic
def recount() -> int:
    """Compare each number with its rows, repair and journal a difference; returns how many were repaired."""
    with connection.cursor() as cursor:
        # The loop's lock: rows and numbers don't move apart meanwhile.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(REPAIR)
        repaired = cursor.fetchall()
    for pk, shown, true in repaired:
        journal.record("comment.supports_repaired", target=("comment", pk), shown=shown, true=true)
    _publish([pk for pk, _shown, _true in repaired])
    return len(repaired)


def forget_taken_back() -> int:
    """Destroy supports that were taken back and are counted so; returns how many."""
    return Support.objects.filter(counts=False, counted=False).delete()[0]


def _publish(comments: list[int]) -> None:
    """Tell open pages, stream by stream in one order for every loop that speaks on several."""
    rows = Comment.objects.shown().filter(pk__in=comments).select_related("thread__stream")
    for comment in rows.order_by("thread__stream_id", "pk"):
        comment.thread.stream.publish(
            "supports", "comments/_supports.html", {"comment": comment}, slot=slots(comment.pk)[1]
        )

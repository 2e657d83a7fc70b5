"""The count of signatures: followed by a loop of the worker, repaired at night, never `+1` in a request.

A signature carries a mark, `counted`: whether the published number includes it. What has moved are
the rows whose mark differs from whether they count, and a partial index holds just those. No clock
takes part: a transaction that commits late is found when it commits.
"""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from civic.audit import journal
from civic.notifications import outbox
from petitions.models import Counter, Petition, Threshold

# One loop at a time: another would only wait for the same rows.
LOCK = 0x66616272
# Rows marked in one turn, so that a turn stays short however many people sign.
BATCH = 20_000

COUNT_MOVED = """
WITH moved AS (
    UPDATE petitions_signature SET counted = counts
    WHERE id IN (SELECT id FROM petitions_signature WHERE counted <> counts LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING petition_id, CASE WHEN counted THEN 1 ELSE -1 END AS step
), sums AS (
    SELECT petition_id, sum(step) AS step FROM moved GROUP BY petition_id
)
UPDATE petitions_counter AS counter SET confirmed = confirmed + sums.step, updated_at = clock_timestamp()
FROM sums WHERE counter.petition_id = sums.petition_id
RETURNING counter.petition_id
"""

DIFFERENCES = """
SELECT counter.petition_id, counter.confirmed, coalesce(sums.total, 0)
FROM petitions_counter AS counter
LEFT JOIN (SELECT petition_id, count(*) AS total FROM petitions_signature WHERE counted GROUP BY petition_id) AS sums
    USING (petition_id)
WHERE counter.confirmed <> coalesce(sums.total, 0)
"""


@transaction.atomic
def count_moved() -> int:
    """Bring the counters up to date with what was signed or withdrawn; returns how many petitions moved."""
    with connection.cursor() as cursor:
        if not _lock(cursor):
            return 0
        cursor.execute(COUNT_MOVED, [BATCH])
        moved = [pk for (pk,) in cursor.fetchall()]
    # In one order for every loop that speaks on several streams: none waits for another in a circle.
    rows = Petition.objects.filter(pk__in=moved).select_related("counter", "stream", "author")
    for petition in rows.order_by("stream_id"):
        publish_count(petition, at=timezone.now())
    return len(moved)


@transaction.atomic
def recount() -> int:
    """Compare each counter with its rows, repair and journal a difference; returns how many were repaired.

    The loop's lock is held, so that rows and counters can't move apart meanwhile.
    """
    with connection.cursor() as cursor:
        _lock(cursor, wait=True)
        cursor.execute(DIFFERENCES)
        differences = cursor.fetchall()
    for petition_id, shown, true in differences:
        Counter.objects.filter(pk=petition_id).update(confirmed=true)
        journal.record("petition.count_repaired", target=("petition", petition_id), shown=shown, true=true)
        publish_count(Petition.objects.select_related("counter", "stream").get(pk=petition_id), at=timezone.now())
    return len(differences)


def publish_count(petition: Petition, *, at: datetime) -> None:
    """Tell every open page the new count, and record the thresholds that it reaches."""
    reached = petition.thresholds.filter(reached_at=None, count__lte=petition.count)
    for threshold in reached:
        record_reached(petition, threshold, at=at)
    petition.stream.publish("count", "petitions/_count.html", {"petition": petition}, slot="count")


def record_reached(petition: Petition, threshold: Threshold, *, at: datetime) -> None:
    """A threshold is reached once, with its date; the author is told."""
    threshold.reached_at = at
    threshold.save(update_fields=["reached_at"])
    journal.record("petition.threshold_reached", target=("petition", petition.pk), threshold=threshold.count)
    if petition.author:
        outbox.post(
            f"petitions.threshold:{threshold.pk}",
            petition.author.email,
            "threshold_reached",
            {"petition": petition, "threshold": threshold},
        )


def _lock(cursor, *, wait: bool = False) -> bool:
    if wait:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return True
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    return cursor.fetchone()[0]

"""The published number of voters: it follows the roll by a loop of the worker, never in the request of a vote.

A roll entry carries a mark, `counted`: whether the number includes it. No clock takes part, so that a vote that
commits late is found when it commits.
"""

from django.db import connection, transaction

from civic.audit import journal
from consultations.models import Consultation, Turnout

# One loop at a time: another would only wait for the same rows.
LOCK = 0x766F7465
# Rows marked in one turn, so that a turn stays short however many people vote.
BATCH = 20_000

FOLLOW = """
WITH marked AS (
    UPDATE consultations_rollentry AS entry SET counted = TRUE
    FROM (
        SELECT consultation_id, key FROM consultations_rollentry WHERE NOT counted
        LIMIT %s FOR UPDATE SKIP LOCKED
    ) AS found
    WHERE entry.consultation_id = found.consultation_id AND entry.key = found.key
    RETURNING entry.consultation_id
), sums AS (
    SELECT consultation_id, count(*) AS number FROM marked GROUP BY consultation_id
)
UPDATE consultations_turnout AS turnout SET voters = voters + sums.number, updated_at = clock_timestamp()
FROM sums WHERE turnout.consultation_id = sums.consultation_id
RETURNING turnout.consultation_id
"""

DIFFERENCES = """
SELECT turnout.consultation_id, turnout.voters, coalesce(sums.number, 0)
FROM consultations_turnout AS turnout
JOIN consultations_consultation AS consultation
    ON consultation.id = turnout.consultation_id AND consultation.source = ''
        AND consultation.roll_destroyed_at IS NULL
LEFT JOIN (
    SELECT consultation_id, count(*) AS number FROM consultations_rollentry WHERE counted GROUP BY consultation_id
) AS sums ON sums.consultation_id = turnout.consultation_id
WHERE turnout.voters <> coalesce(sums.number, 0)
ORDER BY turnout.consultation_id
"""


@transaction.atomic
def follow() -> int:
    """Bring the numbers up to date with the roll; returns how many consultations moved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLLOW, [BATCH])
        moved = [pk for (pk,) in cursor.fetchall()]
    # In one order for every loop that speaks on several streams: none waits for another in a circle.
    rows = Consultation.objects.filter(pk__in=moved).select_related("turnout", "stream")
    for consultation in rows.order_by("stream_id"):
        publish(consultation)
    return len(moved)


@transaction.atomic
def recount() -> int:
    """Compare each number with its roll, repair and journal a difference; returns how many were repaired.

    An imported consultation has a number of voters and no roll, and so has one whose roll is destroyed: both are left
    alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(DIFFERENCES)
        differences = cursor.fetchall()
    for pk, shown, true in differences:
        Turnout.objects.filter(pk=pk).update(voters=true)
        journal.record("consultation.voters_repaired", target=("consultation", pk), shown=shown, true=true)
        publish(Consultation.objects.select_related("turnout", "stream").get(pk=pk))
    return len(differences)


def publish(consultation: Consultation) -> None:
    """Tell every open page the new number of voters."""
    context = {"consultation": consultation}
    consultation.stream.publish("voters", "consultations/_voters.html", context, slot="voters")

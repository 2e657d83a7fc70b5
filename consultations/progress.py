"""How far a count has come, for every process to read, without a row: the count's own database session says it.

PostgreSQL shows a session's `application_name` to the others at once, whatever becomes of its transaction. What ends
the count ends it, too, a killed server included: a count that broke off is never shown as one under way, and nothing
has to be cleaned up after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

if TYPE_CHECKING:
    from consultations.models import Consultation

SAY = "SELECT set_config('application_name', %s, true)"
READ = """
SELECT application_name FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, %s)
"""


class Progress(NamedTuple):
    """Envelopes opened so far, of so many."""

    opened: int
    found: int

    @property
    def percent(self) -> int:
        return 100 * self.opened // self.found if self.found else 100


def say(consultation: Consultation, progress: Progress) -> None:
    """Until the end of this transaction; the numbers are of envelopes, not of anything that was in them."""
    with connection.cursor() as cursor:
        cursor.execute(SAY, [f"{_name(consultation)}{progress.opened}/{progress.found}"])


def of(consultation: Consultation) -> Progress | None:
    """Of the count that is under way; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [_name(consultation)])
        row = cursor.fetchone()
    return Progress(*map(int, row[0].removeprefix(_name(consultation)).split("/"))) if row else None


def _name(consultation: Consultation) -> str:
    return f"count {consultation.pk}: "

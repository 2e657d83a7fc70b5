"""After a count, or once a roll is destroyed: what was deleted leaves the database's pages, which are written anew."""

import time

from django.db import connection

LEFT_BEHIND = (
    "consultations_envelope",
    "consultations_openballot",
    "consultations_rollentry",
    "consultations_votedbefore",
)
# Whether somebody (a backup, a long report, a standby) began before this transaction: what was deleted since is kept
# on the pages for them, even on those that are written anew. Who writes counts in any database, since every later
# snapshot remembers the oldest writer of them all, our own too.
IS_SEEN = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE age(backend_xid) > age(%(now)s::text::xid)
        OR (age(backend_xmin) > age(%(now)s::text::xid) AND pid <> pg_backend_pid()
            AND (datname = current_database() OR datname IS NULL))
)
"""
SECONDS = 2


class StillSeen(Exception):
    """Somebody still reads the database as it was before; the job tries again."""


def sweep() -> None:
    """Write the tables anew, outside of any transaction.

    Others wait for a table while it is written. Raises OperationalError where one is busy for more than two seconds,
    so that nobody waits behind us for long, and StillSeen where an older transaction goes on for as long.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10min'")
        cursor.execute(f"SET lock_timeout = '{SECONDS}s'")
        try:
            _wait_for_older_readers(cursor)
            for table in LEFT_BEHIND:
                cursor.execute(f"VACUUM (FULL) {table}")
        finally:
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET lock_timeout")


def _wait_for_older_readers(cursor) -> None:
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    (now,) = cursor.fetchone()
    deadline = time.monotonic() + SECONDS
    while True:
        cursor.execute(IS_SEEN, {"now": now})
        if cursor.fetchone() == (False,):
            return
        if time.monotonic() > deadline:
            raise StillSeen
        time.sleep(0.05)

"""After a count, or once a roll is destroyed: what was deleted leaves the database's pages, which are written anew."""

from django.db import connection

LEFT_BEHIND = (
    "consultations_envelope",
    "consultations_openballot",
    "consultations_rollentry",
    "consultations_votedbefore",
)


def sweep() -> None:
    """Write the tables anew, outside of any transaction.

    Others wait for a table while it is written. Raises OperationalError where one is busy for more than two seconds,
    so that nobody waits behind us for long; the job tries again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10min'")
        cursor.execute("SET lock_timeout = '2s'")
        try:
            for table in LEFT_BEHIND:
                cursor.execute(f"VACUUM (FULL) {table}")
        finally:
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET lock_timeout")

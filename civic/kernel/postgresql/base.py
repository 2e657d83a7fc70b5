"""Django's PostgreSQL, whose connections are looked at when the pool gives them, instead of asked each time."""

import select
import time

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

# Seconds: a connection that was not used for so long is asked. Of a machine that fell no packet tells.
QUIET = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Without CONN_HEALTH_CHECKS, which are a round trip a request: a restart of PostgreSQL is seen without it."""

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            # Closed first, so that the pool makes another in its place.
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection

    def prepared_cursor(self):
        """A cursor whose statements PostgreSQL parses and plans once per connection, for the busiest ones.

        Django writes the values into each statement; here they travel beside it, so NULLs may need a cast.
        """
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(base.ServerBindingCursor(self.connection))  # type: ignore[attr-defined, call-arg]


def is_alive(connection) -> bool:
    """Whether the server is still behind this idle connection.

    However it ended, it left something to read: a last word, or the end of the stream.
    """
    now = time.monotonic()
    idle = now - getattr(connection, "taken_at", now)
    connection.taken_at = now
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    if idle < QUIET and not watch.poll(0):
        return True
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True

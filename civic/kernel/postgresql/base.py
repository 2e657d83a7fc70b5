"""Django's PostgreSQL, whose connections are looked at by each request that takes them, instead of asked.

Asking is a round trip a request. The pool (CONN_HEALTH_CHECKS off, or it would ask) serves one
process with many short-lived threads; a thread that lasts keeps a connection of its own.
"""

import select
import time

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

# Seconds: a connection that was not used for so long is asked. Of a machine that fell no packet tells.
QUIET = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            # Closed first, so that the pool makes another in its place.
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection

    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self):
        """Django's, for a thread's own connection: called by the first statement of a request."""
        if self.pool or self.connection is None or not self.health_check_enabled or self.health_check_done:
            return
        if not is_alive(self.connection):
            self.close()
        self.health_check_done = True

    def prepared_cursor(self):
        """A cursor whose statements PostgreSQL parses and plans once per connection, for the busiest ones.

        Django writes the values into each statement; here they travel beside it, so NULLs may need a cast.
        """
        self.close_if_health_check_failed()
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

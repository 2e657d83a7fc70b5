"""The loops of `civic.kernel.loops`, each in a thread of its own."""

import threading

import structlog
from django.db import close_old_connections, connections

from civic.kernel.loops import Loop

log = structlog.get_logger(__name__)

# After failures a loop comes back more slowly, yet soon enough to be there when PostgreSQL is again.
SLOWEST = 5.0


class Round(threading.Thread):
    """Calls one loop's function again and again until `stopping` is set, whatever the function raises."""

    def __init__(self, loop: Loop, stopping: threading.Event):
        super().__init__(name=f"loop {loop.name}", daemon=True)
        self.loop = loop
        self.stopping = stopping
        self.failures = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            self.turn()
            self.stopping.wait(self.pause())

    def pause(self) -> float:
        """Seconds until the next turn."""
        every = self.loop.every
        return min(every * 2 ** min(self.failures, 10), max(every, SLOWEST))

    def turn(self) -> None:
        close_old_connections()
        try:
            self.loop.function()
            self.failures = 0
        except Exception:  # A bug or a database away: the next turn may do better.
            self.failures += 1
            log.exception("loop failed", loop=self.loop.name, failures=self.failures)
            # What the failure left behind may be dead, or in the middle of a transaction.
            connections.close_all()
        finally:
            close_old_connections()

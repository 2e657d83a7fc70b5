"""Accounts read a moment ago, in this process's memory."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

Row = Sequence[Any]


class RecentUsers:
    """Keeps rows of accounts for `seconds` after their reading began, and at most `capacity` of them.

    A role, a ban or a password changed by another process is thus known within that time.
    """

    def __init__(self, *, seconds: float, capacity: int):
        self.seconds, self.capacity = seconds, capacity
        self._kept: OrderedDict[int, tuple[float, Row]] = OrderedDict()
        self._lock = Lock()

    def keep(self, pk: int, row: Row, *, read_at: float) -> None:
        """Keep a row whose reading began at `read_at` (seconds of the monotonic clock)."""
        with self._lock:
            self._kept[pk] = (read_at, row)
            self._kept.move_to_end(pk)
            while len(self._kept) > self.capacity:
                self._kept.popitem(last=False)

    def get(self, pk: int) -> Row | None:
        """The row, of which each caller makes an account of its own: what one request writes on it, no other sees."""
        with self._lock:
            entry = self._kept.get(pk)
        if entry is None or time.monotonic() - entry[0] >= self.seconds:
            return None
        return entry[1]

    def forget(self, pk: int) -> None:
        with self._lock:
            self._kept.pop(pk, None)

    def __len__(self):
        return len(self._kept)


# Signing and voting are the busiest requests: without this each would read the account again.
recent_users = RecentUsers(seconds=2, capacity=5_000)

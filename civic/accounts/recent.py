"""Accounts read a moment ago, in this process's memory."""

import copy
import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civic.accounts.models import User


class RecentUsers:
    """Keeps accounts for `seconds` after their reading began, and at most `capacity` of them.

    A role, a ban or a password changed by another process is thus known within that time.
    """

    def __init__(self, *, seconds: float, capacity: int):
        self.seconds, self.capacity = seconds, capacity
        self._kept: OrderedDict[int, tuple[float, User]] = OrderedDict()
        self._lock = Lock()

    def keep(self, user: "User", *, read_at: float) -> None:
        """Keep a copy of `user`, whose reading began at `read_at` (seconds of the monotonic clock)."""
        entry = (read_at, copy.copy(user))
        with self._lock:
            self._kept[user.pk] = entry
            self._kept.move_to_end(user.pk)
            while len(self._kept) > self.capacity:
                self._kept.popitem(last=False)

    def get(self, pk: int) -> "User | None":
        """A copy of its own for each caller: what one request writes on it, no other sees."""
        with self._lock:
            entry = self._kept.get(pk)
        if entry is None or time.monotonic() - entry[0] >= self.seconds:
            return None
        return copy.copy(entry[1])

    def forget(self, pk: int) -> None:
        with self._lock:
            self._kept.pop(pk, None)

    def __len__(self):
        return len(self._kept)


# Signing and voting are the busiest requests: without this each would read the account again.
recent_users = RecentUsers(seconds=2, capacity=5_000)

"""What is kept, within bounds, and what a visitor is owed of it."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import NamedTuple

from civic.kernel.front_cache.responses import Kept, Policy, Response

# Seconds: for how long a failed renewal is not tried again, a visitor waits for one while something
# older could be shown, and an address whose pages can't be kept passes by without queueing.
RETRY_AFTER = 1.0
PATIENCE = 2.0
PASSES_FOR = 10.0
LONGEST_ADDRESS = 2048


class Asked(NamedTuple):
    """One request, as far as the cache is concerned."""

    key: Hashable
    encoding: bytes
    if_none_match: bytes
    is_head: bool


class Store:
    """Bounded by number and bytes; what was not used since it was last looked at goes first ("clock")."""

    def __init__(
        self,
        *,
        most_entries: int = 4000,
        most_bytes: int = 64 * 1024 * 1024,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.clock = clock
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._kept: dict[Hashable, Kept] = {}
        self._passing: dict[Hashable, float] = {}
        self._bytes = 0
        # Looking up takes no lock: a dict's `get` is whole under threads, too.
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Kept | None:
        kept = self._kept.get(key)
        if kept is not None:
            kept.was_used = True
        return kept

    def passes(self, key: Hashable) -> bool:
        """Whether this address lately gave what can't be kept: its visitors need not wait for one another."""
        return self._passing.get(key, 0.0) > self.clock()

    def let_pass(self, key: Hashable) -> None:
        """The page is (no longer) one for everybody."""
        with self._lock:
            self._drop(key)
            if len(self._passing) >= self._most_entries:
                self._passing.clear()
            self._passing[key] = self.clock() + PASSES_FOR

    def settle(self, key: Hashable, response: Response) -> Kept | None:
        """Take in what rendering gave; returns what to show of this page now, if anything is kept."""
        now = self.clock()
        if response.is_failure():
            kept = self._kept.get(key)
            if kept is None or now >= kept.error_until:
                return None
            kept.extend(RETRY_AFTER, now)
            return kept
        policy = Policy.of(response.status, response.headers)
        if policy is None:
            self.let_pass(key)
            return None
        kept = Kept.make(response, policy, now)
        with self._lock:
            self._drop(key)
            self._kept[key] = kept
            self._bytes += kept.size
            self._make_room()
        return kept

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size

    def _make_room(self) -> None:
        while len(self._kept) > self._most_entries or self._bytes > self._most_bytes:
            key, kept = next(iter(self._kept.items()))
            del self._kept[key]
            if kept.was_used:
                kept.was_used = False
                self._kept[key] = kept
            else:
                self._bytes -= kept.size

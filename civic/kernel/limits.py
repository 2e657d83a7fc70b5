"""Brakes on how often something is done. Never needed for correctness: a lost counter only forgives."""

import time
from contextlib import suppress

from django.core.cache import caches
from redis.exceptions import RedisError

from civic.kernel.errors import TooManyRequests
from civic.kernel.redis_cache import RedisOrMemory

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def consume(name: str, key: str, *, rate: str) -> None:
    """Count one use of `name` by `key`; `rate` is like "20/h" (s, m, h, d). Raises TooManyRequests.

    Fixed windows: at the worst twice the rate passes around a window's edge, which a brake may.
    """
    allowed, period = rate.split("/")
    seconds = PERIODS[period]
    now = time.time()
    slot = f"{name}:{key}:{int(now // seconds)}"
    if _count(slot, seconds) > int(allowed):
        raise TooManyRequests(retry_after=int(seconds - now % seconds) + 1)


def _count(slot: str, seconds: int) -> int:
    cache = caches["limits"]
    if isinstance(cache, RedisOrMemory):
        with suppress(RedisError):
            return cache.count(slot, seconds)
    try:
        cache.add(slot, 0, timeout=seconds)
        return cache.incr(slot)
    except ValueError:
        # The slot was evicted in between: let people through.
        return 0

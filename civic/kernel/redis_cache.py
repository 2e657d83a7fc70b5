"""Redis as caches that the site can do without: who doesn't answer is neither waited for nor missed (trust.md)."""

import time
from collections.abc import Callable
from typing import Any, cast

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis import Redis
from redis.exceptions import RedisError

# Seconds: for how long an answer is waited for, and for how long nobody asks after a failure.
ANSWERS_WITHIN = 0.5
ASKED_AGAIN_AFTER = 2.0

log = structlog.get_logger(__name__)


# Counted and given its end in one trip: a count without an end would never be forgotten.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class Client(RedisCacheClient):
    """Django makes a `redis.Redis` for each question, which takes five times as long as asking it."""

    @cached_property
    def redis(self) -> Redis:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        return self.redis

    def count(self, key: str, seconds: int) -> int:
        return cast(int, self.redis.eval(COUNT, 1, key, seconds))


class Link:
    """What the caches of one Redis share in this process: connections, and whether it answers."""

    def __init__(self, server: str):
        self.client = Client([server], socket_timeout=ANSWERS_WITHIN, socket_connect_timeout=ANSWERS_WITHIN)
        self.away_until = 0.0

    def ask(self, question: Callable[[], Any]) -> Any:
        """The answer. Raises RedisError, for a while without asking."""
        if time.monotonic() < self.away_until:
            raise RedisError("was away a moment ago")
        try:
            return question()
        except RedisError as error:
            log.warning("redis_away", error=type(error).__name__)
            self.away_until = time.monotonic() + ASKED_AGAIN_AFTER
            raise


# Django makes a cache anew for each context of asyncio, and with it would connect for each request.
_links: dict[str, Link] = {}


def _through(name: str) -> Callable[..., Any]:
    def method(self: "RedisOrMemory", *args: Any, **options: Any) -> Any:
        try:
            return self.link.ask(lambda: getattr(RedisCache, name)(self, *args, **options))
        except RedisError:
            return getattr(self.substitute, name)(*args, **options)

    return method


class RedisOrMemory(RedisCache):
    """Redis, or this process's memory while it is away."""

    def __init__(self, server: str, params: dict[str, Any]):
        super().__init__(server, params)
        self.link = _links.setdefault(server, Link(server))
        name = f"{server} {params.get('KEY_PREFIX', '')}"
        self.substitute = LocMemCache(name, params | {"OPTIONS": {"MAX_ENTRIES": 50_000}})

    @property
    def _cache(self) -> Client:
        return self.link.client

    def count(self, slot: str, seconds: int) -> int:
        """How often this was called for `slot` within so many seconds of its first time. Raises RedisError."""
        key = self.make_and_validate_key(slot)
        return self.link.ask(lambda: self.link.client.count(key, seconds))

    add, get, set, touch, delete = map(_through, ("add", "get", "set", "touch", "delete"))
    get_many, set_many, delete_many = map(_through, ("get_many", "set_many", "delete_many"))
    has_key, incr, clear = map(_through, ("has_key", "incr", "clear"))

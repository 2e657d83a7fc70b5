"""Waking the hubs of all processes: PostgreSQL's NOTIFY, or Channels' layer where REDIS_URL is set.

A wake-up is a hint without content; the database is the truth. Both ways are sent with the
sender's transaction and are lost with it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

import psycopg
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction
from redis.exceptions import RedisError

CHANNEL = "civic_realtime"
# Seconds that a request waits for Redis to take a wake-up, and for how long after a failure none is sent.
TAKEN_WITHIN = 1.0
SENT_AGAIN_AFTER = 2.0
# Seconds between attempts to listen again: short after a restart, calm during an outage.
FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0

log = structlog.get_logger(__name__)

Topic = Literal["event", "close", "user", "all"]


@dataclass(frozen=True)
class Wakeup:
    """`event` and `close` name a stream, `user` an account whose rights changed, `all` what may have been missed."""

    topic: Topic
    ident: int = 0
    seq: int = 0

    def __str__(self):
        return f"{self.topic} {self.ident} {self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Wakeup":
        topic, ident, seq = text.split()
        return cls(topic, int(ident), int(seq))  # type: ignore[arg-type]


def send(wakeup: Wakeup) -> None:
    """Wake every process's hub when the current transaction commits (at once outside of one)."""
    if settings.REDIS_URL:
        # Redis being away must not undo, nor fail, what was just committed.
        transaction.on_commit(lambda: _group_send(str(wakeup)), robust=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(wakeup)])


async def listen() -> AsyncIterator[Wakeup]:
    """Wake-ups, without end; `all` comes first and after each interruption, during which some were missed."""
    delay = FIRST_DELAY
    while True:
        try:
            async for wakeup in _from_layer() if settings.REDIS_URL else _from_postgres():
                delay = FIRST_DELAY
                yield wakeup
        except (psycopg.Error, RedisError, OSError) as error:
            log.warning("realtime_listener_lost", error=type(error).__name__)
        # Every process lost it at the same moment: they come back spread out.
        await asyncio.sleep(delay * random.uniform(0.5, 1.5))  # noqa: S311 # nosec B311
        delay = min(delay * 2, LONGEST_DELAY)


async def _from_postgres() -> AsyncIterator[Wakeup]:
    params = connection.get_connection_params()
    params.pop("cursor_factory")  # Django's is for its own, synchronous connections
    async with await psycopg.AsyncConnection.connect(**params, autocommit=True, keepalives_idle=20) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        yield Wakeup("all")
        async for notify in listening.notifies():
            yield Wakeup.parse(notify.payload)


_away_until = 0.0


def _group_send(text: str) -> None:
    """Hand the wake-up to Redis, unless it was away a moment ago: hubs look for themselves."""
    global _away_until
    if time.monotonic() < _away_until:
        return
    try:
        async_to_sync(_hand_over)(text)
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("realtime_wakeup_lost", error=type(error).__name__)
        _away_until = time.monotonic() + SENT_AGAIN_AFTER


async def _hand_over(text: str) -> None:
    async with asyncio.timeout(TAKEN_WITHIN):
        await get_channel_layer().group_send(CHANNEL, {"type": "wakeup", "text": text})


async def _from_layer() -> AsyncIterator[Wakeup]:
    # One channel per process. The layer subscribes again by itself when Redis is back; what was
    # sent meanwhile the hub finds by looking at the heads.
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(CHANNEL, channel)
    yield Wakeup("all")
    while True:
        yield Wakeup.parse((await layer.receive(channel))["text"])

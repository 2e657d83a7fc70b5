"""Waking the hubs of all processes: PostgreSQL's NOTIFY, or Channels' layer where REDIS_URL is set.

A wake-up is a hint without content; the database is the truth. Both ways are sent with the
sender's transaction and are lost with it.
"""

from dataclasses import dataclass
from typing import Literal

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction

CHANNEL = "civic_realtime"

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


def _group_send(text: str) -> None:
    async_to_sync(get_channel_layer().group_send)(CHANNEL, {"type": "wakeup", "text": text})

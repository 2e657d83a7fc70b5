"""Who comes in: the Origin of a socket, and whether its visitor may read the stream."""

import asyncio
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from civic.realtime import registry
from civic.realtime.models import Stream

# Seconds for which visitors without an account share an answer, and how many are kept.
SHARED_FOR = 1.0
MOST_SHARED = 10_000


@dataclass(frozen=True)
class Answer:
    """`seq` is the stream's head, or None where the visitor may not read."""

    seq: int | None
    user_pk: Any = None


def header(scope: dict, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def session_key(scope: dict) -> str | None:
    return parse_cookie(header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME)


def is_own_origin(scope: dict) -> bool:
    """Whether the page that opens the socket is ours: same scheme, host and port; no Origin is no browser of ours."""
    origin = header(scope, b"origin")
    return origin != "" and origin in {settings.SITE_URL, _address_asked(header(scope, b"host"))}


def _address_asked(host: str) -> str:
    # daphne doesn't tell a socket's scheme: it is the site's own, whichever of its names was asked.
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return ""
    return f"{urlsplit(settings.SITE_URL).scheme}://{host}"


class Door:
    """Asks the features who may read. After a restart thousands come back without an account: one question for all."""

    def __init__(self):
        self._answers: dict[int, tuple[float, asyncio.Task[Answer]]] = {}

    async def ask(self, stream_id: int, key: str | None) -> Answer:
        if key is not None:
            return await _ask(stream_id, key)
        now = asyncio.get_running_loop().time()
        expires, task = self._answers.get(stream_id, (0.0, None))
        if task is None or expires < now:
            if len(self._answers) >= MOST_SHARED:
                self._answers.clear()
            task = asyncio.ensure_future(_ask(stream_id, None))
            self._answers[stream_id] = (now + SHARED_FOR, task)
        return await asyncio.shield(task)

    def forget(self) -> None:
        """Answers given so far may be wrong: something was closed, or time passed unseen."""
        self._answers.clear()


def _ask_in_thread(stream_id: int, key: str | None) -> Answer:
    stream = Stream.objects.filter(pk=stream_id).first()
    user = _user_of_session(key) if key else AnonymousUser()
    if stream is None or not registry.can_read(user, stream):
        return Answer(None, user.pk)
    return Answer(stream.seq, user.pk)


# Not "thread sensitive": that is one thread for the whole process, and sockets would queue for it.
_ask = database_sync_to_async(_ask_in_thread, thread_sensitive=False)


def _user_of_session(key: str) -> Any:
    return registry.session_user(import_module(settings.SESSION_ENGINE).SessionStore(key))

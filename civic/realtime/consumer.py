"""The socket of a stream: `/ws/<stream>/?lang=en`. It authorises and pushes; what comes in is ignored.

Plain ASGI, without Channels' consumer: that one hops to a thread for each message to close
database connections, which is half of what a delivery costs.
"""

import asyncio
import re
from typing import Any
from urllib.parse import parse_qs

import structlog
from django.conf import settings
from django.db import Error as DatabaseError

from civic.realtime import door
from civic.realtime.hub import Hub
from civic.realtime.members import TOO_BIG, Member, Send

ADDRESS = re.compile(r"/ws/(?P<stream>[0-9]{1,18})/")
MOST_INCOMING_BYTES = 16 * 1024
# Seconds; daphne drops a handshake after five, without a word.
ANSWERS_WITHIN = 3.0

log = structlog.get_logger(__name__)


async def follow_stream(scope: dict, receive: Any, send: Send) -> None:
    """ASGI application of a socket; a refusal comes before the handshake, as 403."""
    await receive()  # websocket.connect
    address = ADDRESS.fullmatch(scope["path"])
    if address is None or not _is_from_here(scope):
        await send({"type": "websocket.close"})
        return
    stream_id = int(address["stream"])
    hub = Hub.here()
    member = Member(send, language=_language(scope), session_key=door.session_key(scope))
    head = await _admit(hub, stream_id, member)
    if head is None:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    hub.join(stream_id, member, seq=head)
    try:
        await _until_gone(member, receive)
    except asyncio.CancelledError:
        # The hub drops a socket that is stuck by cancelling this; anything else is the server's will.
        if member.is_open:
            raise
    finally:
        hub.leave(stream_id, member)


def _is_from_here(scope: dict) -> bool:
    if door.is_own_origin(scope):
        return True
    log.warning("realtime_origin_refused", origin=door.header(scope, b"origin")[:200])
    return False


def _language(scope: dict) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


async def _admit(hub: Hub, stream_id: int, member: Member) -> int | None:
    """The stream's head for one who may read, else None. Asks again if rights changed during the question."""
    changes = -1
    while changes != hub.changes:
        changes = hub.changes
        try:
            answer = await asyncio.wait_for(hub.door.ask(stream_id, member.session_key), ANSWERS_WITHIN)
        except (DatabaseError, TimeoutError):
            return None  # the browser polls, and tries again
    member.user_pk = answer.user_pk
    return answer.seq


async def _until_gone(member: Member, receive: Any) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        content = message.get("text") or message.get("bytes") or ""
        if len(content if isinstance(content, bytes) else content.encode()) > MOST_INCOMING_BYTES:
            member.close(TOO_BIG)

"""One open socket, as the hub sees it."""

import asyncio
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

from civic.realtime import daphne

Message = dict[str, Any]
Send = Callable[[Message], Coroutine[Any, Any, None]]

# What one viewer may leave unread: frames that wait for the socket, and bytes in a server's own buffer.
MOST_FRAMES = 64
MOST_BYTES = 512 * 1024
# Close codes (RFC 6455, 7.4): go away and come back; not allowed to stay; message too big.
SLOW, LEFT_BEHIND, TOO_BIG = 1013, 1008, 1009


class Member:
    """Frames go out in order; a viewer who can't keep up is closed and catches up by cursor."""

    __slots__ = (
        "_daphne",
        "_send",
        "_waiting",
        "_writing",
        "consumer",
        "is_open",
        "language",
        "session_key",
        "user_pk",
    )

    def __init__(self, send: Send, *, language: str, session_key: str | None = None, user_pk: Any = None):
        self._send = send
        self._daphne = daphne.protocol_behind(send)
        self._waiting: deque[Message] = deque()
        self._writing: asyncio.Task | None = None
        self.consumer = asyncio.current_task()
        self.is_open = True
        self.language = language
        self.session_key = session_key
        self.user_pk = user_pk

    def push(self, message: Message) -> None:
        """Hand a message to the socket, at once where it takes it, else behind those that wait."""
        if not self.is_open:
            return
        if self._writing is not None and len(self._waiting) < MOST_FRAMES:
            self._waiting.append(message)
        elif self._writing is not None or self._holds_too_much():
            self.close(SLOW)
        else:
            self._start(message)

    def close(self, code: int) -> None:
        """Say goodbye where the socket still takes it; one that is stuck is dropped."""
        if not self.is_open:
            return
        if self._writing is None:
            if self._daphne is not None:
                daphne.close(self._daphne, code)
            else:
                self._start({"type": "websocket.close", "code": code})
            self.is_open = False
        else:
            self.is_open = False
            self._waiting.clear()
            self._writing.cancel()
            if self.consumer is not None:
                self.consumer.cancel()

    def _holds_too_much(self) -> bool:
        return self._daphne is not None and daphne.unsent_bytes(self._daphne) > MOST_BYTES

    def _start(self, message: Message) -> None:
        # Nearly every socket takes a frame without waiting. Running the coroutine's first step
        # here spares a task and a turn of the loop per viewer and frame: the larger half of the cost.
        writing = self._send(message)
        try:
            waits_for = writing.send(None)
        except StopIteration:
            return
        except Exception:  # whatever a server raises for a socket that is gone
            self.is_open = False
            return
        self._writing = asyncio.ensure_future(self._go_on(_resume(writing, waits_for)))

    async def _go_on(self, started: Awaitable[None]) -> None:
        try:
            await started
            while self._waiting:
                await self._send(self._waiting.popleft())
        except Exception:
            self.is_open = False
        finally:
            self._writing = None


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """Go on, inside a task, with a coroutine whose first step was made outside."""
    try:
        while True:
            try:
                value = yield waits_for
            except BaseException as error:
                waits_for = coroutine.throw(error)
            else:
                waits_for = coroutine.send(value)
    except StopIteration:
        return

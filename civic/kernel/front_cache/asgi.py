"""The front cache for daphne and uvicorn: it answers in the event loop, before Django's hop to a thread."""

import asyncio
from collections.abc import Hashable

from civic.kernel.front_cache.responses import Kept, Response, encoding_for, is_keepable
from civic.kernel.front_cache.store import LONGEST_ADDRESS, PATIENCE, Asked, Store

Flight = asyncio.Future[Response | None]

CONDITIONS = {b"if-none-match", b"if-modified-since"}
# What may make the answer another one than the page: whoever says it is answered by Django, alone.
NOT_FOR_ALL = {
    *(b"authorization", b"range", b"if-match", b"if-unmodified-since"),
    *(b"content-type", b"content-length", b"transfer-encoding"),
}


class AsgiDoor:
    """ASGI application in front of another; what it does not keep goes through untouched."""

    def __init__(self, application, store: Store, session_cookie: str, *, trusts_proxy: bool):
        self._application = application
        self._store = store
        self._cookie = session_cookie.encode()
        self._trusts_proxy = trusts_proxy
        # One rendering per address at a time; the others await its response.
        self._flights: dict[Hashable, Flight] = {}
        # The loop itself holds tasks weakly: unheld, a rendering may be collected before it ends.
        self._aside: set[asyncio.Task] = set()

    async def __call__(self, scope, receive, send) -> None:
        asked = self._read(scope)
        if asked is None:
            await self._application(scope, receive, send)
            return
        kept = self._store.find(asked.key)
        if kept is None or self._store.clock() >= kept.fresh_until:
            kept = await self._renew(asked, kept, scope, receive, send)
        if kept is not None:
            await self._show(kept, asked, send)

    def _read(self, scope) -> Asked | None:
        """The request, or None where it is none of the cache's business."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return None
        headers = dict(scope["headers"])
        # A header said twice would be read here as its last word, and by Django as both.
        if len(headers) < len(scope["headers"]) or not headers.keys().isdisjoint(NOT_FOR_ALL) or scope.get("root_path"):
            return None
        if self._cookie in headers.get(b"cookie", b""):
            return None
        host, path = headers.get(b"host", b""), scope.get("raw_path") or scope["path"].encode()
        query = scope["query_string"]
        if len(host) + len(path) + len(query) > LONGEST_ADDRESS:
            return None
        forwarded = headers.get(b"x-forwarded-proto") if self._trusts_proxy else None
        key = (host, path, query, forwarded, scope.get("scheme"))
        encoding = encoding_for(headers.get(b"accept-encoding", b""))
        return Asked(key, encoding, headers.get(b"if-none-match", b""), scope["method"] == "HEAD")

    async def _renew(self, asked: Asked, kept: Kept | None, scope, receive, send) -> Kept | None:
        """What to show of a page that is not fresh; None when the answer was sent already."""
        now = self._store.clock()
        if kept is not None and now >= kept.error_until:
            kept = None
        flight = self._flights.get(asked.key)
        if kept is None:
            if flight is None and not asked.is_head and not self._store.passes(asked.key):
                return await self._lead(asked, self._take_off(asked), scope, receive, send)
            return await self._follow(asked, flight, scope, receive, send)
        if flight is None:
            # Renewed aside, so that no visitor's leaving ends it.
            flight = self._take_off(asked)
            task = asyncio.create_task(self._lead(asked, flight, scope, _nobody(), _nowhere))
            self._aside.add(task)
            task.add_done_callback(self._aside.discard)
        if now >= kept.shown_until:
            await asyncio.wait([flight], timeout=PATIENCE)
            if flight.done() and flight.result() is None:
                # No longer a page for everybody (hidden, for one).
                return await self._follow(asked, flight, scope, receive, send)
        return self._store.find(asked.key) or kept

    def _take_off(self, asked: Asked) -> Flight:
        flight = self._flights[asked.key] = asyncio.get_running_loop().create_future()
        return flight

    async def _lead(self, asked: Asked, flight: Flight, scope, receive, send) -> Kept | None:
        """Render for all who ask meanwhile. What can't be kept goes on to `send` as it comes."""
        collector = Collector(send)
        response = kept = None
        try:
            await self._application(_unconditional(scope), receive, collector)
            response = collector.response()
            if response is not None:
                kept = self._store.settle(asked.key, response)
            elif collector.has_begun:
                # Not where the visitor left before any answer: that says nothing about the page.
                self._store.let_pass(asked.key)
        finally:
            del self._flights[asked.key]
            flight.set_result(response)
        if response is not None and kept is None:
            await _reply(send, response)
        return kept

    async def _follow(self, asked: Asked, flight, scope, receive, send) -> Kept | None:
        """Wait for the one who renders; share a failure as well, or a fault would be met by a storm of attempts."""
        response = await asyncio.shield(flight) if flight is not None else None
        kept = self._store.find(asked.key) if response is not None else None
        if response is not None and kept is None and response.is_failure():
            await _reply(send, response.plain(), is_head=asked.is_head)
        elif kept is None:
            await self._application(scope, receive, send)
        return kept

    async def _show(self, kept: Kept, asked: Asked, send) -> None:
        age = (b"age", b"%d" % max(0, int(self._store.clock() - kept.made_at)))
        if asked.if_none_match and kept.is_known_to(asked.if_none_match):
            response = Response(304, [*kept.headers_of_304(asked.encoding), age], b"")
        else:
            headers = [*kept.headers(asked.encoding), age]
            response = Response(kept.response.status, headers, kept.body(asked.encoding))
        await _reply(send, response, is_head=asked.is_head)


class Collector:
    """An ASGI `send` that collects a response which may be kept, and lets any other through."""

    def __init__(self, send):
        self._send = send
        self._start: dict | None = None
        self._parts: list[bytes] = []
        self.has_begun = False

    async def __call__(self, message) -> None:
        self.has_begun = True
        if message["type"] == "http.response.start" and is_keepable(message["status"], message["headers"]):
            self._start = message
        elif self._start is not None:
            self._parts.append(message.get("body", b""))
        else:
            await self._send(message)

    def response(self) -> Response | None:
        if self._start is None:
            return None
        return Response(self._start["status"], list(self._start["headers"]), b"".join(self._parts))


def _unconditional(scope):
    """The same request as a GET by somebody who knows nothing yet: what answers it can be kept."""
    headers = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
    return {**scope, "method": "GET", "headers": headers}


async def _reply(send, response: Response, *, is_head: bool = False) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await send({"type": "http.response.body", "body": b"" if is_head else response.body})


def _nobody():
    """`receive` of a rendering that no visitor waits for: a request without a body, and nobody who leaves.

    Django reads the body before anything else: without one it would wait for ever.
    """
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict:
        message = next(messages, None)
        return message or await asyncio.get_running_loop().create_future()

    return receive


async def _nowhere(message) -> None:
    """`send` of the same."""

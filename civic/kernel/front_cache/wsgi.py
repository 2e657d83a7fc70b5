"""The front cache for servers of threads (gunicorn)."""

import threading
from collections.abc import Hashable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from contextlib import closing, suppress
from http import HTTPStatus
from typing import Any

from civic.kernel.front_cache.responses import Headers, Kept, Response, encoding_for, is_keepable
from civic.kernel.front_cache.store import LONGEST_ADDRESS, PATIENCE, Asked, Store

Flight = Future[Response | None]

CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
# What may make the answer another one than the page: whoever says it is answered by Django, alone.
NOT_FOR_ALL = (
    *("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
    *("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "SCRIPT_NAME"),
)
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class WsgiDoor:
    """WSGI application in front of another; what it does not keep goes through untouched."""

    def __init__(self, application, store: Store, session_cookie: str, *, trusts_proxy: bool):
        self._application = application
        self._store = store
        self._cookie = session_cookie
        self._trusts_proxy = trusts_proxy
        # One rendering per address at a time; the threads of others wait for its response.
        self._flights: dict[Hashable, Flight] = {}
        self._lock = threading.Lock()

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        asked = self._read(environ)
        if asked is None:
            return self._application(environ, start_response)
        kept = self._store.find(asked.key)
        if kept is None or self._store.clock() >= kept.fresh_until:
            return self._renew(asked, kept, environ, start_response)
        return self._show(kept, asked, start_response)

    def _read(self, environ) -> Asked | None:
        """The request, or None where it is none of the cache's business."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or self._cookie in environ.get("HTTP_COOKIE", ""):
            return None
        if any(environ.get(name) for name in NOT_FOR_ALL):
            return None
        host, path, query = environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if len(host) + len(path) + len(query) > LONGEST_ADDRESS:
            return None
        forwarded = environ.get("HTTP_X_FORWARDED_PROTO") if self._trusts_proxy else None
        key = (host, path, query, forwarded, environ.get("wsgi.url_scheme"))
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "").encode("latin-1"))
        if_none_match = environ.get("HTTP_IF_NONE_MATCH", "").encode("latin-1")
        return Asked(key, encoding, if_none_match, environ["REQUEST_METHOD"] == "HEAD")

    def _renew(self, asked: Asked, kept: Kept | None, environ, start_response) -> Iterable[bytes]:
        now = self._store.clock()
        if kept is not None and now >= kept.error_until:
            kept = None
        if self._goes_through(asked, kept, now):
            return self._application(environ, start_response)
        with self._lock:
            flight = self._flights.get(asked.key)
            newest = self._store.find(asked.key)
            if flight is None and newest is not None and newest.fresh_until > now:
                # Renewed by another thread between the look at it and this lock.
                return self._show(newest, asked, start_response)
            if is_leader := flight is None:
                flight = self._flights[asked.key] = Future()
        if is_leader:
            return self._lead(asked, flight, environ, start_response)
        if kept is None:
            return self._follow(asked, flight, environ, start_response)
        if now >= kept.shown_until:
            with suppress(NotInTime):
                if flight.result(PATIENCE) is None:
                    # No longer a page for everybody (hidden, for one).
                    return self._follow(asked, flight, environ, start_response)
        return self._show(self._store.find(asked.key) or kept, asked, start_response)

    def _goes_through(self, asked: Asked, kept: Kept | None, now: float) -> bool:
        # A HEAD never renders for others: it has no body to keep.
        return (asked.is_head or self._store.passes(asked.key)) and (kept is None or now >= kept.shown_until)

    def _lead(self, asked: Asked, flight: Flight, environ, start_response) -> Iterable[bytes]:
        """Render for all who ask meanwhile. What can't be kept goes on as it comes."""
        begun = Begun()
        response = kept = None
        try:
            parts = self._application(_unconditional(environ), begun)
            response = begun.collect(parts)
            if response is None:
                self._store.let_pass(asked.key)
            else:
                kept = self._store.settle(asked.key, response)
        finally:
            del self._flights[asked.key]
            flight.set_result(response)
        if kept is not None:
            return self._show(kept, asked, start_response)
        if response is not None:
            return _reply(start_response, response)
        begun.pass_on(start_response)
        return parts

    def _follow(self, asked: Asked, flight: Flight, environ, start_response) -> Iterable[bytes]:
        """Wait for the one who renders; share a failure as well, or a fault would be met by a storm of attempts."""
        response = flight.result()
        kept = self._store.find(asked.key) if response is not None else None
        if kept is not None:
            return self._show(kept, asked, start_response)
        if response is not None and response.is_failure():
            return _reply(start_response, response.plain(), is_head=asked.is_head)
        return self._application(environ, start_response)

    def _show(self, kept: Kept, asked: Asked, start_response) -> Iterable[bytes]:
        age = ("Age", str(max(0, int(self._store.clock() - kept.made_at))))
        if asked.if_none_match and kept.is_known_to(asked.if_none_match):
            start_response(STATUS_LINES[304], [*_texts(kept.headers_of_304(asked.encoding)), age])
            return []
        if asked.encoding not in kept.texts:
            kept.texts[asked.encoding] = _texts(kept.headers(asked.encoding))
        start_response(STATUS_LINES[kept.response.status], [*kept.texts[asked.encoding], age])
        return [] if asked.is_head else [kept.body(asked.encoding)]


class Begun:
    """A WSGI `start_response` that waits until it is known whether the response may be kept."""

    def __init__(self):
        self._given: tuple[Any, ...] = ()

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info=None):
        self._given = (status, headers)

    def collect(self, parts: Any) -> Response | None:
        """The whole response, or None where it is not to be kept; `parts` are then untouched."""
        status, headers = int(self._given[0][:3]), _bytes(self._given[1])
        if not is_keepable(status, headers):
            return None
        with closing(parts):
            return Response(status, headers, b"".join(parts))

    def pass_on(self, start_response) -> None:
        start_response(*self._given)


def _unconditional(environ):
    """The same request as a GET by somebody who knows nothing yet: what answers it can be kept."""
    return {name: value for name, value in environ.items() if name not in CONDITIONS} | {"REQUEST_METHOD": "GET"}


def _reply(start_response, response: Response, *, is_head: bool = False) -> Iterable[bytes]:
    start_response(STATUS_LINES[response.status], _texts(response.headers))
    return [] if is_head else [response.body]


def _texts(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _bytes(headers: Iterable[tuple[str, str]]) -> Headers:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

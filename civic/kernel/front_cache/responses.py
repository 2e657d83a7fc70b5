"""Responses as the front cache keeps them: for how long, and in which encodings."""

import gzip
import re
from dataclasses import dataclass, field
from hashlib import blake2b

import brotli

Headers = list[tuple[bytes, bytes]]

KEPT_STATUSES = {200, 301, 404, 410}
LARGEST_BODY = 1024 * 1024
SMALLEST_COMPRESSED = 400
COMPRESSED_TYPES = re.compile(rb"text/|[^;]*(?:json|javascript|xml|manifest)")
# Headers of a 304 (RFC 9110, 15.4.5).
KEPT_IN_304 = {b"cache-control", b"content-location", b"etag", b"expires", b"vary", b"age"}
DIRECTIVE = re.compile(r"([a-z-]+)(?:=\"?(\d+)\"?)?")


@dataclass(frozen=True)
class Policy:
    """Seconds for which a response is fresh, may be shown while it is renewed, and while renewing fails."""

    fresh: int
    while_renewing: int
    on_error: int

    @classmethod
    def of(cls, status: int, headers: Headers) -> "Policy | None":
        """What `Cache-Control` allows, or None where the response is not for everybody."""
        named = {name.lower(): value for name, value in headers}
        directives = dict(DIRECTIVE.findall(named.get(b"cache-control", b"").decode("latin-1").lower()))
        varies = {part.strip().lower() for part in named.get(b"vary", b"").split(b",")} - {b"", b"accept-encoding"}
        is_for_all = "public" in directives and not {"private", "no-store", "no-cache"} & directives.keys()
        if status not in KEPT_STATUSES or not is_for_all or varies or b"set-cookie" in named:
            return None
        fresh = int(directives.get("s-maxage") or directives.get("max-age") or 0)
        if not fresh:
            return None
        return cls(
            fresh, int(directives.get("stale-while-revalidate") or 0), int(directives.get("stale-if-error") or 0)
        )


@dataclass
class Response:
    status: int
    headers: Headers
    body: bytes

    def is_failure(self) -> bool:
        return self.status >= 500

    def header(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def plain(self) -> "Response":
        """The same without its encoding: right for every visitor."""
        encoding = self.header(b"content-encoding")
        if not encoding:
            return self
        body = gzip.decompress(self.body) if encoding == b"gzip" else brotli.decompress(self.body)
        dropped = {b"content-encoding", b"content-length"}
        headers = [(name, value) for name, value in self.headers if name.lower() not in dropped]
        return Response(self.status, [*headers, (b"content-length", str(len(body)).encode())], body)


def encoding_for(accepted: bytes) -> bytes:
    """The best encoding for an `Accept-Encoding`; who weighs (`q=0…`) gets plain text, which is always right."""
    if b"q=0" in accepted:
        return b""
    return b"br" if b"br" in accepted else b"gzip" if b"gzip" in accepted else b""


@dataclass
class Kept:
    """One response in all encodings that were asked for. Times are of the store's clock, in seconds."""

    response: Response
    made_at: float
    fresh_until: float
    shown_until: float
    error_until: float
    was_used: bool = False
    etag: bytes = b""
    _bodies: dict[bytes, bytes] = field(default_factory=dict)
    _headers: dict[bytes, Headers] = field(default_factory=dict)
    # The headers as WSGI wants them, by encoding.
    texts: dict[bytes, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def make(cls, response: Response, policy: Policy, now: float) -> "Kept":
        fresh_until = now + policy.fresh
        kept = cls(response, now, fresh_until, fresh_until + policy.while_renewing, fresh_until + policy.on_error)
        kept._bodies = {response.header(b"content-encoding"): response.body, b"": response.plain().body}
        # One tag for all encodings, hence weak (RFC 9110, 8.8.3.3).
        tag = response.header(b"etag").removeprefix(b"W/")
        kept.etag = b"W/" + (tag or b'"' + blake2b(kept._bodies[b""], digest_size=16).hexdigest().encode() + b'"')
        return kept

    @property
    def size(self) -> int:
        """Bytes, about: what the encodings take together, and headers."""
        return 2048 + len(self._bodies[b""]) * 2

    def body(self, encoding: bytes) -> bytes:
        return self._bodies[self._variant(encoding)]

    def headers(self, encoding: bytes) -> Headers:
        """All but `Age`, for that encoding."""
        variant = self._variant(encoding)
        if variant not in self._headers:
            dropped = {b"content-length", b"content-encoding", b"etag", b"vary", b"age", b"date"}
            headers = [(name, value) for name, value in self.response.headers if name.lower() not in dropped]
            headers.append((b"content-length", str(len(self._bodies[variant])).encode()))
            headers += [(b"etag", self.etag), (b"vary", b"accept-encoding")]
            if variant:
                headers.append((b"content-encoding", variant))
            self._headers[variant] = headers
        return self._headers[variant]

    def headers_of_304(self, encoding: bytes) -> Headers:
        return [(name, value) for name, value in self.headers(encoding) if name.lower() in KEPT_IN_304]

    def is_known_to(self, if_none_match: bytes) -> bool:
        """Whether the visitor holds this very response; compared weakly (RFC 9110, 13.1.2)."""
        if self.response.status != 200:
            return False
        tags = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
        return self.etag.removeprefix(b"W/") in tags or b"*" in tags

    def extend(self, seconds: float, now: float) -> None:
        """Renewing failed: show this for a little longer, and nobody waits, as far as `stale-if-error` allows."""
        self.shown_until = self.error_until
        self.fresh_until = min(now + seconds, self.error_until)

    def _variant(self, encoding: bytes) -> bytes:
        if encoding in self._bodies:
            return encoding
        plain = self._bodies[b""]
        if len(plain) < SMALLEST_COMPRESSED or not COMPRESSED_TYPES.match(self.response.header(b"content-type")):
            return b""
        self._bodies[encoding] = (
            brotli.compress(plain, quality=5) if encoding == b"br" else gzip.compress(plain, 6, mtime=0)
        )
        return encoding


def is_keepable(status: int, headers: Headers) -> bool:
    """Whether to collect a response that just begins: it may be kept, or shared because it failed."""
    named = {name.lower(): value for name, value in headers}
    if named.get(b"content-encoding", b"") not in {b"", b"gzip", b"br"} or b"set-cookie" in named:
        return False
    # Without a length it is a stream, which must not be held up.
    if int(named.get(b"content-length", LARGEST_BODY + 1)) > LARGEST_BODY:
        return False
    return status >= 500 or Policy.of(status, headers) is not None

"""A small site behind each door of the front cache; the tests turn its clock and hold its answers back."""

import asyncio
import io

from civic.kernel.front_cache import FrontCache
from civic.kernel.front_cache.store import Store

PUBLIC = "public, max-age=2, stale-while-revalidate=1, stale-if-error=50"
PAGE = b"<p>Bonjour</p>" * 100
# What WSGI names otherwise than by its header.
ENVIRON = {"content_type": "CONTENT_TYPE", "content_length": "CONTENT_LENGTH"}
BROKEN = (503, {"Cache-Control": "private, no-store", "Retry-After": "5"}, b"away")


class Site:
    """What Django would answer, and how often it was asked. `gate`, where set, holds answers back."""

    def __init__(self):
        self.now = 1000.0
        self.renders = 0
        self.answer = (200, {"Content-Type": "text/html", "Cache-Control": PUBLIC}, PAGE)
        self.gate = None
        self.seen = []

    def store(self, **bounds):
        return Store(clock=lambda: self.now, **bounds)

    def respond(self, seen):
        self.renders += 1
        self.seen.append(seen)
        status, headers, body = self.answer(self) if callable(self.answer) else self.answer
        return status, [*headers.items(), ("Content-Length", str(len(body)))], body


class AsgiSite(Site):
    def __init__(self, **bounds):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.front = FrontCache(session_cookie="session", trusts_proxy=True, store=self.store(**bounds)).asgi(self.app)

    async def app(self, scope, receive, send):
        # As Django does, before anything else.
        assert (await receive())["type"] == "http.request"
        if self.gate is not None:
            await self.gate.wait()
        status, headers, body = self.respond(dict(scope["headers"]))
        headers = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def ask(self, address="/", method="GET", **options):
        answer = self.loop.run_until_complete(self.ask_there(address, method, **options))
        self.loop.run_until_complete(asyncio.sleep(0))  # what is renewed aside
        self.loop.run_until_complete(asyncio.sleep(0))
        return answer

    async def ask_there(self, address="/", method="GET", *, more=(), root="", **headers):
        path, _, query = address.partition("?")
        pairs = {"host": "example.org"} | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": root,
            "headers": [(name.encode(), value.encode()) for name, value in [*pairs.items(), *more]],
        }
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await self.front(scope, receive, send)
        names = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], names, b"".join(message["body"] for message in sent[1:])


class WsgiSite(Site):
    def __init__(self, **bounds):
        super().__init__()
        self.front = FrontCache(session_cookie="session", trusts_proxy=True, store=self.store(**bounds)).wsgi(self.app)

    def app(self, environ, start_response):
        if self.gate is not None:
            self.gate.wait(20)
        seen = {name[5:].lower().replace("_", "-").encode(): environ[name] for name in environ if name[:5] == "HTTP_"}
        status, headers, body = self.respond(seen)
        start_response(f"{status} Whatever", headers)
        return io.BytesIO(body)

    def ask(self, address="/", method="GET", *, root="", **headers):
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "example.org",
            "SCRIPT_NAME": root,
        } | {ENVIRON.get(name, f"HTTP_{name.upper()}"): value for name, value in headers.items()}
        begun = []
        parts = self.front(environ, lambda status, headers: begun.append((status, headers)))
        status, pairs = begun[0]
        return int(status[:3]), {name.lower(): value for name, value in pairs}, b"".join(parts)

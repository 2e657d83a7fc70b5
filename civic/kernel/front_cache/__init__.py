"""A few seconds of memory in front of Django, for the pages that are the same for every visitor.

It knows no feature: a response says `Cache-Control: public, max-age=…` (see
`civic.kernel.caching`) and is kept in this process, for readers without a session. One core,
two doors: `FrontCache(…).asgi(application)` and `.wsgi(application)`.
"""

from civic.kernel.front_cache.asgi import AsgiDoor
from civic.kernel.front_cache.store import Store
from civic.kernel.front_cache.wsgi import WsgiDoor


class FrontCache:
    """`session_cookie`: who sends it passes by. `trusts_proxy`: whether X-Forwarded-Proto is believed."""

    def __init__(self, *, session_cookie: str, trusts_proxy: bool = False, store: Store | None = None):
        self.store = store or Store()
        self.session_cookie = session_cookie
        self.trusts_proxy = trusts_proxy

    def asgi(self, application) -> AsgiDoor:
        return AsgiDoor(application, self.store, self.session_cookie, trusts_proxy=self.trusts_proxy)

    def wsgi(self, application) -> WsgiDoor:
        return WsgiDoor(application, self.store, self.session_cookie, trusts_proxy=self.trusts_proxy)

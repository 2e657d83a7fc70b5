"""The door for HTTP and sockets: daphne, or `uvicorn civic.asgi:application --ws-per-message-deflate false`.

Compressing live frames costs several times the work and memory that sending them plainly does;
daphne leaves it off by itself.
"""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from civic.kernel import memory
from civic.kernel.front_cache import FrontCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")
pages = FrontCache(session_cookie=settings.SESSION_COOKIE_NAME, trusts_proxy=bool(settings.TRUSTED_PROXY_COUNT)).asgi(
    get_asgi_application()
)

# Imported once Django is set up: they import models.
from civic.realtime.consumer import follow_stream  # noqa: E402
from civic.realtime.hub import Hub  # noqa: E402


async def application(scope, receive, send):
    """Sockets go to their streams, pages come from memory where it has them, or from Django."""
    if scope["type"] == "http":
        # The site lives at its host's root. daphne would believe whoever sends `Daphne-Root-Path: //elsewhere`,
        # and write it into every link of the page.
        await pages(scope | {"root_path": ""}, receive, send)
    elif scope["type"] == "websocket":
        await follow_stream(scope, receive, send)
    else:
        await follow_life(receive, send)


async def follow_life(receive, send):
    """ASGI's lifespan, which uvicorn speaks and daphne doesn't: the hub ends with the server."""
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await Hub.stop_here()
    await send({"type": "lifespan.shutdown.complete"})


memory.settle()

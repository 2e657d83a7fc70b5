"""What tells a real city from a demo on one's own machine."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}
KEPT_HERE = "django.core.mail.backends.dummy.EmailBackend"


def signs_of_production(settings: Any) -> Iterator[str]:
    """Sentences, one for each setting under which strangers could meet the demo or its mail could leave.

    `civic.settings` refuses all this first. The demo opens every account to whoever comes, so it
    looks again for itself: a change of the settings must not be enough.
    """
    if not settings.LOCAL:
        yield "CIVIC_MODE is not local."
    if settings.DATABASES["default"].get("HOST") or not settings.DATABASES["default"]["OPTIONS"].get("host"):
        yield "The database is not on a private socket."
    if not set(settings.ALLOWED_HOSTS) <= LOOPBACK or urlsplit(settings.SITE_URL).hostname not in LOOPBACK:
        yield "The site has a public name."
    if settings.DELIVERY_BACKEND != KEPT_HERE:
        yield "Mail would leave this machine."

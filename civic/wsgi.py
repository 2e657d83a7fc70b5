"""The door for HTTP by threads (gunicorn)."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from civic.kernel import memory
from civic.kernel.front_cache import FrontCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")
application = FrontCache(
    session_cookie=settings.SESSION_COOKIE_NAME, trusts_proxy=bool(settings.TRUSTED_PROXY_COUNT)
).wsgi(get_wsgi_application())

# Addresses, with every view behind them, are otherwise read at the first request.
import civic.urls  # noqa: E402, F401

memory.settle()

"""The door for HTTP by threads (gunicorn)."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from civic.kernel import memory
from civic.kernel.front_cache import FrontCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")
# Its threads last: each keeps its connection, which costs a request less than taking one from a pool.
os.environ.setdefault("DATABASE_POOL", "0")
application = FrontCache(
    session_cookie=settings.SESSION_COOKIE_NAME, trusts_proxy=bool(settings.TRUSTED_PROXY_COUNT)
).wsgi(get_wsgi_application())

# Addresses, with every view behind them, are otherwise read at the first request.
import civic.urls  # noqa: E402, F401

memory.settle()

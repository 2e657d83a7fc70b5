"""Settings of the servers that tests start: static files come from where they lie, nothing is collected."""

from civic.settings import *  # noqa: F403
from civic.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True

"""The product's settings, with mail handed to the tests' own server: for the worker as a process."""

import os

from civic.settings import *  # noqa: F403

DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["SINK_PORT"])
EMAIL_USE_TLS = EMAIL_USE_SSL = False

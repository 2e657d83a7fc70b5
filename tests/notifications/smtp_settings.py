"""The product's settings, with mail handed to the tests' own server: for the worker as a process."""

import os

from civic.settings import *  # noqa: F403

DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["SINK_PORT"])
EMAIL_USE_TLS = EMAIL_USE_SSL = False

# The suite runs with the demo on, which refuses to start where mail can leave.
DEMO = False
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "civic.demo"]  # noqa: F405

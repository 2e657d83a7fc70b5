"""Middlewares that know no feature."""

import logging
import time
from logging import DEBUG, ERROR, WARNING
from secrets import token_hex

import structlog
from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.utils import translation

from civic.kernel.errors import DomainError

log = structlog.get_logger(__name__)


class KnownMethodsMiddleware:
    """Pages are read by GET and HEAD and written by POST; no other method reaches a view.

    Django's form views take PUT for POST, and a view that only asks `request.method == "POST"`
    takes DELETE for GET: neither is what anyone meant.
    """

    METHODS = ("GET", "HEAD", "POST")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if request.method in self.METHODS else HttpResponseNotAllowed(self.METHODS)


class Utf8Middleware:
    """Reads what is sent as UTF-8, as our pages send it, whatever encoding its sender names.

    Django takes any of Python's: of `unicode_escape` come halves of characters that nothing can
    write, and `hex` is no text at all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.encoding is not None:
            request.encoding = "utf-8"
        return self.get_response(request)


def content_policy(**more: str) -> str:
    """What every page may load, and what one page needs besides: `media_src="blob:"`."""
    policy = settings.CONTENT_SECURITY_POLICY | {name.replace("_", "-"): sources for name, sources in more.items()}
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


class PoliciesMiddleware:
    """What a page may load and use, said on every answer: the same for all, but where a view says its own."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_policy(),
            "Permissions-Policy": ", ".join(f"{feature}=()" for feature in settings.PERMISSIONS_POLICY),
        }

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class RequestLogMiddleware:
    """An id that stands in all that a request logs, and one line for each that was refused or failed.

    What went well is told under LOG_LEVEL=DEBUG alone: a line takes a tenth of a signature's CPU,
    and the front server keeps such a list without it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=token_hex(8)):
            response = self.get_response(request)
            code = response.status_code
            level = ERROR if code >= 500 else WARNING if code >= 400 else DEBUG
            if logging.getLogger(__name__).isEnabledFor(level):
                milliseconds = round(1000 * (time.perf_counter() - began))
                path = request.get_full_path()
                log.log(level, "request", method=request.method, path=path, code=code, milliseconds=milliseconds)
        return response


class PathLanguageMiddleware:
    """The language is in the address: `/en/…` is English, all else French.

    Django's own LocaleMiddleware also reads cookies and Accept-Language, and says `Vary`
    for it, which would split the shared caches.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class DomainErrorMiddleware:
    """Shows a DomainError raised by a view as its page, with its status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, DomainError):
            return exception.as_response(request)
        return None

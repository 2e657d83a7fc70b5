"""Middlewares that know no feature."""

from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.utils import translation

from civic.kernel.errors import DomainError


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

"""Refusals by a rule of the product, and the pages that tell them."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from psycopg_pool import PoolTimeout

AWAY = (OperationalError, InterfaceError, PoolTimeout)


class DomainError(Exception):
    """An act that a rule refuses; a subclass is a fact, named for it, defined beside what raises it.

    `status` is the HTTP status of the answer, `sentence` what the person is told (French first),
    `retry_after` a number of seconds or None. Views don't catch it: the middleware shows it.
    """

    status = 409
    title = _("This can’t be done")
    sentence = _("The situation has changed since the page was shown. Nothing was changed.")
    template = "errors/domain.html"
    retry_after: int | None = None

    def __init__(self, sentence=None, **context):
        super().__init__(sentence or self.sentence)
        if sentence:
            self.sentence = sentence
        self.context = context

    def as_response(self, request: HttpRequest) -> HttpResponse:
        response = render(request, self.template, {"error": self, **self.context}, status=self.status)
        response["Cache-Control"] = "private, no-store"
        if self.retry_after is not None:
            response["Retry-After"] = str(self.retry_after)
        return response


class NotAllowed(DomainError):
    status = 403
    title = _("You can’t do this")
    sentence = _("This action is not open to your account.")


class Unprocessable(DomainError):
    status = 422
    title = _("Something is missing")
    sentence = _("A part of the request is missing. Nothing was changed.")


class TooManyRequests(DomainError):
    status = 429
    title = _("One moment, please")
    sentence = _("Many requests came from here in a short time. Nothing is lost: please try again a little later.")

    def __init__(self, sentence=None, *, retry_after: int):
        super().__init__(sentence)
        self.retry_after = retry_after


class DatabaseAway(DomainError):
    status = 503
    title = _("The service is taking a short break")
    sentence = _("The page can’t be shown right now. What was confirmed to you is kept. Please try again in a moment.")
    template = "errors/503.html"
    retry_after = 5


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`. Django calls it a bad request too when the database went away under a session."""
    error: BaseException | None = exception
    while error is not None:
        if isinstance(error, AWAY):
            return database_away()
        error = error.__context__
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`. Kept by nobody: what is not there may be a moment later."""
    response = defaults.page_not_found(request, exception)
    response["Cache-Control"] = "private, no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a database that is away is a 503 with Retry-After; the rest is a fault of ours."""
    return database_away() if isinstance(sys.exc_info()[1], AWAY) else plain("errors/500.html", 500)


def database_away() -> HttpResponse:
    response = plain("errors/503.html", DatabaseAway.status, error=DatabaseAway())
    response["Retry-After"] = str(DatabaseAway.retry_after)
    return response


def plain(template: str, status: int, **context) -> HttpResponse:
    """A page rendered without context processors: they might need what just failed."""
    response = HttpResponse(loader.get_template(template).render(context), status=status)
    response["Cache-Control"] = "private, no-store"
    return response

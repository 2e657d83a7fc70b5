"""A brake takes nothing that was typed: the form is shown again with its sentence, as any other fault of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from civic.kernel.errors import TooManyRequests


@contextmanager
def braked(form: forms.BaseForm) -> Iterator[None]:
    """Put a TooManyRequests of the act inside on the form; whatever follows the block shows the form."""
    try:
        yield
    except TooManyRequests as error:
        form.add_error(None, str(error.sentence))
        form.retry_after = error.retry_after  # type: ignore[attr-defined]


def form_page(request: HttpRequest, template: str, form: forms.BaseForm, context: dict) -> HttpResponse:
    """The page of a form: 200 as it is first shown, 422 with its faults, 429 where it was sent too often."""
    retry_after = getattr(form, "retry_after", None)
    status = 429 if retry_after is not None else 422 if form.errors else 200
    response = render(request, template, {"form": form, **context}, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response

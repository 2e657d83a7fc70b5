"""What was typed is never lost: a refusal by a rule gives it back, and a form that needs another look says so."""

from functools import wraps
from typing import Any

from django.http import HttpRequest

from civic.kernel.errors import DomainError

# What a form says besides what was typed.
UNTYPED = {"csrfmiddlewaretoken", "seen", "read", "person", "phase", "page", "act", "go", "more", "keep"}
TICKED = "on"


def giving_back(template: str, *, chosen: frozenset[str] = frozenset()):
    """Have a refusal of what a view was sent shown by `template`, with what was typed below its sentence, to be copied.

    The template has `error`, `typed` and the `pk` of the address. Fields that are `chosen` hold no words.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except DomainError as error:
                if request.method == "POST" and error.template == DomainError.template:
                    error.template = template
                    error.context |= {"pk": kwargs.get("pk"), "typed": typed_in(request, chosen)}
                raise

        return wrapper

    return decorate


def typed_in(request: HttpRequest, chosen: frozenset[str]) -> list[str]:
    names = [name for name in request.POST if name not in UNTYPED | chosen]
    texts = [text for name in names for text in map(str, request.POST.getlist(name))]
    return [text for text in texts if text.strip() and text != TICKED]


def status_of(form: Any) -> int:
    """422 where the form needs another look, 409 where someone else was quicker."""
    if form is None or not form.errors:
        return 200
    return 409 if getattr(form, "is_conflict", False) else 422

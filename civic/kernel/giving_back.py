"""What was typed is never lost: a refusal by a rule gives it back, and a form that needs another look says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from civic.kernel.errors import DomainError

# Boxes and files are inputs too, and hold no words of a person.
WORDLESS = (forms.CheckboxInput, forms.FileInput, forms.HiddenInput)


@dataclass(frozen=True)
class Written:
    """One text that came back, below the label of the field that it was typed into."""

    label: Any
    text: str


def giving_back(*sent: type[forms.BaseForm], template: str = DomainError.template):
    """Have a refusal of what a view was sent shown by `template`, with what was typed below its sentence, to be copied.

    `sent` are the forms that the view takes: they tell which fields hold words, and how each is called. A form
    whose fields depend on what there is names them in `more_fields`. The template has `error`, `typed` and the `pk` of
    the address.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except DomainError as error:
                if request.method == "POST" and error.template == DomainError.template:
                    error.template = template
                    error.context |= {"pk": kwargs.get("pk"), "typed": written_in(request, sent)}
                raise

        return wrapper

    return decorate


def written_in(request: HttpRequest, sent: Iterable[type[forms.BaseForm]]) -> list[Written]:
    fields = {name: field for form in sent for name, field in fields_of(form, request.POST).items()}
    texts = ((field.label, text) for name, field in fields.items() for text in words_in(field, name, request.POST))
    return [Written(label, text) for label, text in texts if text.strip()]


def fields_of(form: type[forms.BaseForm], sent: QueryDict) -> Mapping[str, forms.Field]:
    more = getattr(form, "more_fields", None)
    return form.base_fields | more(sent) if more else form.base_fields  # type: ignore[attr-defined]


def words_in(field: forms.Field, name: str, sent: QueryDict) -> list[str]:
    """What stands in a field that people type into; nothing of one in which something is chosen or carried along."""
    is_typed = isinstance(field.widget, forms.widgets.Input | forms.Textarea) and not isinstance(field.widget, WORDLESS)
    return [str(text) for text in sent.getlist(name)] if is_typed else []


def status_of(form: Any) -> int:
    """422 where the form needs another look, 409 where someone else was quicker."""
    if form is None or not form.errors:
        return 200
    return 409 if getattr(form, "is_conflict", False) else 422

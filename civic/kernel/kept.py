"""Forms over what is stored, which notice that somebody else has changed it since the page was opened."""

import hashlib
import json
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def replaced(data: Any, **values: str) -> Any:
    """What was sent, with other values in some fields: what the page that answers shows there."""
    copied = data.copy()
    for name, value in values.items():
        copied[name] = value
    return copied


class KeptForm(forms.Form):
    """A form over what is `stored`. `seen` says over which values it was filled.

    Where they changed meanwhile, nothing is kept until its clerk has seen the other's: `theirs` holds them.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # Fields that stand over nothing stored.
    beside: frozenset[str] = frozenset({"seen"})

    def __init__(self, data: Any = None, *, stored: dict[str, Any], **options: Any):
        super().__init__(data, initial=stored, **options)
        written = json.dumps(stored, default=str, sort_keys=True)
        self.fingerprint = hashlib.sha256(written.encode()).hexdigest()[:16]
        self.initial["seen"] = self.fingerprint
        self.is_conflict = False

    @property
    def edited(self) -> list[str]:
        """Names of the fields in which what was typed differs from what is kept now."""
        return [name for name in self.changed_data if name not in self.beside]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        seen = typed.pop("seen", "")
        if seen and seen != self.fingerprint and self.edited:
            self.is_conflict = True
            # Sent again from this page, it replaces what its clerk has seen there.
            self.data = replaced(self.data, seen=self.fingerprint)
            raise ValidationError(
                _("Someone else changed this in the meantime. What you typed stands below and is not kept yet."),
                code="changed_meanwhile",
            )
        return typed

    @property
    def theirs(self) -> list[tuple[str, Any]]:
        """Label and stored text of the fields that were edited."""
        return [(str(self[name].label), self.said(name)) for name in self.edited]

    def said(self, name: str) -> Any:
        value, field = self.initial.get(name), self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(str(choice) for choice in cast(Any, field.queryset).filter(pk__in=value or []))
        if isinstance(field, forms.ModelChoiceField):
            return cast(Any, field.queryset).filter(pk=value).first() or ""
        if isinstance(field, forms.ChoiceField):
            return next((label for key, label in cast(Any, field.choices) if str(key) == str(value)), "")
        return value

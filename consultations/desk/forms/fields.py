"""Fields that the desk's forms have in common."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.desk.tables import amount_of


class Day(forms.DateField):
    """A day; typed at a counter, where no calendar opens in 1931."""

    default_error_messages = {"invalid": _("Write a date as 31/12/1950.")}

    def __init__(self, **options: Any):
        options.setdefault("help_text", _("Day, month and year, for example 31/12/1950."))
        super().__init__(input_formats=["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y", "%d %m %Y"], **options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "placeholder": "31/12/1950"}
        self.widget.attrs["class"] = "short"


class BirthDate(Day):
    def clean(self, value):
        day: date | None = super().clean(value)
        if day is not None and not 0 <= (timezone.localdate() - day).days < 130 * 366:
            raise ValidationError(_("Write the date of birth as 31/12/1950."), code="invalid")
        return day


class Amount(forms.Field):
    """Euros, as people write them: « 12 500 », "12500.50"."""

    LONGEST = 24

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "short"}

    def prepare_value(self, value):
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value

    def to_python(self, value):
        written = str(value or "").strip()
        if not written:
            return None
        amount = amount_of(written) if len(written) <= self.LONGEST else None
        if amount is None:
            raise ValidationError(_("Write an amount in euros, for example 12 500."), code="invalid")
        return amount

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


def needed_to_publish(field: forms.Field) -> forms.Field:
    """A draft is kept without it, and its label says that the publication is not."""
    field.required = False
    field.optional_note = _("(needed to publish)")  # type: ignore[attr-defined] # read by components/field.html
    return field


def described(name: Any, text: Any) -> Any:
    """The label of a choice that needs a sentence."""
    words = (
        '<span class="choice__words"><span class="choice__name">{}</span> <span class="choice__text">{}</span></span>'
    )
    return format_html(words, name, text)


class Described(forms.RadioSelect):
    """Choices with their explanations, drawn as cards."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "choice"})

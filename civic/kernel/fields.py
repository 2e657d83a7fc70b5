"""Fields for what people write, cleaned as it is kept, and for what staff set."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.text import plain_line, without_control

FIRST_YEAR, LAST_YEAR = 1990, 2100


class Line(forms.CharField):
    """Text of one line, cleaned before it is measured: what passes is what is kept."""

    def to_python(self, value):
        return plain_line(super().to_python(value) or "")


class Paragraphs(forms.CharField):
    """Text of several lines; a line break counts as one character, as in the browser, which sends two."""

    widget = forms.Textarea

    def to_python(self, value):
        return without_control(super().to_python(value) or "")


class Moment(forms.DateTimeField):
    """A day and an hour of the city."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Write a day and an hour, for example 14/03/2027 18:00.")}

    def __init__(self, **options: Any):
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"]
        super().__init__(input_formats=formats, **options)

    def to_python(self, value):
        moment = super().to_python(value)
        # A mistyped year would stand for good, where a date can only be moved later; the first ones no database reads.
        if moment is not None and not FIRST_YEAR <= moment.year < LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def boxed(**attrs: Any) -> forms.NumberInput:
    """A number of few digits, in a field of its size."""
    return forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"} | attrs)

"""The picture of a session: when an encoder may come in, and what is cut out of what it sent."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, Moment
from livestream.models import Sitting
from livestream.models.recording import REASON_LENGTH

# An encoder is tried before, and sessions last into the night.
BEFORE, AFTER = timedelta(hours=2), timedelta(hours=10)
LONGEST = timedelta(days=3)


class Span(forms.Form):
    """Two moments, of which the second is later."""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, last = (typed.get(name) for name in list(self.fields)[:2])
        if first and last and last <= first:
            raise ValidationError(_("The end comes before the beginning."), code="order")
        return typed


class KeyForm(Span):
    from_at = Moment(label=_("From"))
    until_at = Moment(label=_("Until"))

    def __init__(self, data: Any = None, *, sitting: Sitting, **options: Any):
        initial = {"from_at": sitting.starts_at - BEFORE, "until_at": sitting.starts_at + AFTER}
        super().__init__(data, initial=initial, **options)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        first, last = typed.get("from_at"), typed.get("until_at")
        if first and last and last - first > LONGEST:
            raise ValidationError(_("A key opens for three days at most."), code="too_long")
        return typed


class CutForm(Span):
    begins_at = Moment(label=_("From"), help_text=_("To the second."))
    ends_at = Moment(label=_("Until"))
    reason = Line(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("For the records: the public reads it nowhere."),
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("begins_at", "ends_at"):
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"
            )

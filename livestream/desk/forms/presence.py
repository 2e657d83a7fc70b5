"""Who votes for whom."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from livestream.models import Councillor
from livestream.models.shown import Attendance


class ProxyForm(forms.Form):
    """A proxy: who gives it is away and has given none."""

    giver = forms.ModelChoiceField(
        label=_("Who is away"), queryset=Councillor.objects.none(), empty_label=_("Choose a member")
    )
    holder = forms.ModelChoiceField(
        label=_("Who votes for them"), queryset=Councillor.objects.none(), empty_label=_("Choose a member")
    )

    def __init__(self, data: Any = None, *, attendance: Attendance, **options: Any):
        super().__init__(data, **options)
        choices = {"giver": attendance.absent, "holder": attendance.everyone}
        for name, members in choices.items():
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.queryset = Councillor.objects.filter(pk__in=[member.pk for member in members])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("giver") and typed.get("giver") == typed.get("holder"):
            self.add_error("holder", _("Nobody votes for themselves by proxy."))
        return typed

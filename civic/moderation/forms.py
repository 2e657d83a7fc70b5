"""The shape of a decision."""

from typing import cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.moderation.models import Case, Decision, Reason


class ReasonField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.label} ({obj.article})"


class DecisionForm(forms.Form):
    """Reason and suggestion, and hidden what was read; the button pressed says the action."""

    reason = ReasonField(
        Reason.objects.none(),
        label=_("Reason"),
        help_text=_("Needed to refuse. The author reads it, with the article of the charter."),
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
    )
    suggestion = forms.CharField(
        label=_("What the author could change"),
        help_text=_("In your own words. The author reads it below the reason."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=Decision.SUGGESTION_LENGTH,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, case: Case, data=None, *, revision: int | None = None):
        # A key for each form shown: sent twice, it decides once.
        initial = {"version": case.version, "revision": revision, "key": uuid4()}
        super().__init__(data, initial=initial)
        cast(ReasonField, self.fields["reason"]).queryset = Reason.objects.filter(is_active=True)
        self.actions = case.subject.kind_of.actions

    def clean(self):
        name = self.data.get("action", "")
        chosen = next((action for action in self.actions if action.name == name), None)
        if chosen and chosen.restricts and not self.cleaned_data.get("reason"):
            self.add_error("reason", ValidationError(_("Choose the reason of the refusal."), code="required"))
        return {**self.cleaned_data, "action": name}

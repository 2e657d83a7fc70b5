"""The shape of a decision."""

from typing import cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.moderation.models import Case, Decision, Reason


class ReasonField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        if obj.withholds_text:
            return gettext("%(reason)s (%(article)s; the text is not shown)") % {
                "reason": obj.label,
                "article": obj.article,
            }
        return f"{obj.label} ({obj.article})"


class DecisionForm(forms.Form):
    """Reason and suggestion, and hidden what was read; the button pressed says the action."""

    # The button to publish sends the same form, without a reason.
    use_required_attribute = False

    reason = ReasonField(
        Reason.objects.none(),
        label=_("Reason"),
        help_text=_("Needed to refuse. The author reads it, with the article of the charter."),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the reason of the refusal.")},
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
        self.action = self.data.get("action", "")
        chosen = case.subject.kind_of.action(self.action)
        reason = cast(ReasonField, self.fields["reason"])
        reason.queryset = Reason.objects.filter(is_active=True)
        reason.required = not self.is_bound or bool(chosen and chosen.restricts)

    def clean(self):
        return {**self.cleaned_data, "action": self.action}

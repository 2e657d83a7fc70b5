"""The shapes of a report, of an appeal and of its answer."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.moderation.models import Appeal, Case, Reason, Report


class GroundField(forms.ModelChoiceField):
    """A ground of the charter, by its short name."""

    def label_from_instance(self, obj):
        return obj.label


class ReportForm(forms.Form):
    """Why somebody reports a text. The reason is enough; a sentence helps."""

    reason = GroundField(
        Reason.objects.filter(is_active=True, is_for_reports=True),
        label=_("What is wrong with this text"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose what is wrong with this text.")},
    )
    sentence = forms.CharField(
        label=_("In your words"),
        help_text=_("What should we look at? Only our moderators read it. 500 characters at most."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=Report.LENGTH,
        required=False,
    )


class AppealForm(forms.Form):
    """Why the decision should be taken back."""

    text = forms.CharField(
        label=_("Why should the decision be taken back"),
        help_text=_("In your own words, 2,000 characters at most. You can appeal once."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=Appeal.LENGTH,
        error_messages={"required": _("Write why the decision should be taken back.")},
    )


class AnswerRadios(forms.RadioSelect):
    """The two answers, each with its single key on the desk."""

    KEYS = {"yes": "p", "no": "r"}

    def create_option(self, name, value, *args, **options):
        option = super().create_option(name, value, *args, **options)
        option["attrs"]["data-key"] = self.KEYS[value]
        return option


class AnswerForm(forms.Form):
    """The answer to an appeal, on the version of the case that was read; a key, so that it answers once."""

    upheld = forms.TypedChoiceField(
        label=_("Your decision on this appeal"),
        choices=[("yes", _("The appeal is right: take the decision back")), ("no", _("The decision stands"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=AnswerRadios,
        error_messages={"required": _("Say whether the appeal is right.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("The person who appealed reads it. Your name is not shown."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=Appeal.LENGTH,
        error_messages={"required": _("An appeal is answered in writing.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, case: Case, data=None, **options):
        super().__init__(data, initial={"version": case.version, "key": uuid4()}, **options)

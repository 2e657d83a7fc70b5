"""The shape of what is typed: signing, a signature's own page, writing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.accounts.fields import POSTAL_CODE, PersonName
from civic.kernel.fields import Line, Paragraphs
from civic.territory.models import Quarter, Theme
from petitions.models import Petition, Signature
from petitions.models.facts import DETAILS_LENGTH, REQUEST_LENGTH, TITLE_LENGTH


class Choices(forms.Form):
    """What a signer may choose; both boxes are unticked until they are wanted."""

    shows_name = forms.BooleanField(
        label=_("Show my name on the petition’s page"),
        help_text=_("Otherwise only the number of signatures is public."),
        required=False,
    )
    wants_news = forms.BooleanField(
        label=_("Write to me about what becomes of this petition"),
        help_text=_("A few mails at most; each one lets you stop them."),
        required=False,
    )


class Consent(Choices):
    consent = forms.BooleanField(
        label=_("I agree that the city keeps my signature to count it and check that each person signs once"),
        help_text=_(
            "Signing can tell an opinion. Your signature is kept until six months after the end "
            "and you can take it back at any time."
        ),
        error_messages={"required": _("Without your agreement the signature can’t be kept.")},
    )
    field_order = ["consent", "shows_name", "wants_news"]

    @classmethod
    def ticked(cls, sent: Mapping[str, Any]) -> dict[str, bool]:
        """Which boxes came ticked; a form is made where it is shown, since making one copies all its fields."""
        return {name: field.widget.value_from_datadict(sent, {}, name) for name, field in cls.base_fields.items()}


class SignByMailForm(Consent):
    name = PersonName()
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We write to it once, to make sure that it is you. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=5,
        validators=[POSTAL_CODE],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    quarter = forms.ModelChoiceField(
        label=_("Quarter"), queryset=Quarter.objects.all(), required=False, empty_label=_("I prefer not to say")
    )
    is_old_enough = forms.BooleanField(
        label=_("I am 16 or older"), error_messages={"required": _("One signs a petition from the age of 16.")}
    )
    field_order = ["name", "email", "postal_code", "quarter", "is_old_enough", "consent", "shows_name", "wants_news"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits of the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("The right e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args, **options):
        # Not the ids of the form before: a browser keeps `#id_email` of its list of mistakes in the address.
        super().__init__(*args, **({"auto_id": "right_%s"} | options))


class SignatureForm(forms.ModelForm):
    """A signer's own choices afterwards."""

    name = PersonName()

    class Meta:
        model = Signature
        fields = ["name", "shows_name", "wants_news"]
        labels = {
            "shows_name": Choices.base_fields["shows_name"].label,
            "wants_news": Choices.base_fields["wants_news"].label,
        }


class StepForm(forms.ModelForm):
    """One step of writing. Going back asks for nothing: what is there is kept, what is missing can wait.

    `seen` says which text the form was filled over: a second window doesn't replace what the first
    one kept, unless its author has seen it.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, going_back=False, **options):
        super().__init__(*args, **options)
        self.stored = hashlib.sha256(json.dumps(self.initial).encode()).hexdigest()[:16]
        self.initial["seen"] = self.stored
        for field in self.fields.values():
            # What is being read stays complete, whichever way one goes.
            field.required = field.required and not (going_back and self.instance.submitted_at is None)

    def clean(self):
        typed = super().clean() or {}
        seen = typed.pop("seen", "")
        names = [name for name in self.fields if name != "seen"]
        if seen and seen != self.stored and set(self.changed_data) & set(names):
            self.data = {**dict(self.data.items()), "seen": self.stored}
            kept = " – ".join(str(getattr(self.instance, name) or "") for name in names)
            raise ValidationError(
                _("This was changed in another window in the meantime, and now says: “%(kept)s”. "
                  "What you typed stands below; send it again to replace it."),
                code="changed_meanwhile", params={"kept": kept},
            )  # fmt: skip
        return typed


class TitleForm(StepForm):
    title = Line(
        label=_("Title of the petition"),
        max_length=TITLE_LENGTH,
        help_text=_("80 characters at most. Say what should change and where."),
    )

    class Meta:
        model = Petition
        fields = ["title"]


class RequestForm(StepForm):
    request = Line(
        label=_("What do you ask of the city?"),
        max_length=REQUEST_LENGTH,
        help_text=_("300 characters at most: one request, in a sentence or two."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Petition
        fields = ["request"]


class DetailsForm(StepForm):
    details = Paragraphs(
        label=_("Why, and what you know about it"),
        max_length=DETAILS_LENGTH,
        help_text=_(
            "3,000 characters at most. Lists with “- ”, **bold**, links to your sources. You may leave it empty."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    class Meta:
        model = Petition
        fields = ["details"]


class PlaceForm(StepForm):
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=Theme.objects.all(), empty_label=_("Choose a theme"))
    quarter = forms.ModelChoiceField(
        label=_("Where"), queryset=Quarter.objects.all(), required=False, empty_label=_("The whole city")
    )

    class Meta:
        model = Petition
        fields = ["theme", "quarter"]

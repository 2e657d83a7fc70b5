"""What scrutineers type: a public key, the answer to a test, a person of the roll, the keys that open the box."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from civic.kernel.errors import DomainError
from consultations import keys
from consultations.models import Consultation, Residence
from consultations.sealing import SameKeyTwice, WrongKey

# Keys are copied, never guessed by a browser or kept by it.
VERBATIM = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class KeyForm(forms.Form):
    public_key = forms.CharField(
        label=_("Your public key"),
        help_text=_("44 characters, the last one is “=”."),
        max_length=60,
        widget=forms.TextInput(attrs=VERBATIM | {"data-public-key": ""}),
    )

    def clean_public_key(self) -> str:
        typed = self.cleaned_data["public_key"]
        try:
            keys.public_key(typed)
        except keys.NotAKey as fact:
            raise ValidationError(fact.sentence) from fact
        return typed


class TestForm(forms.Form):
    __test__ = False

    answer = forms.CharField(
        label=_("What is in the sample"),
        help_text=_("16 letters and digits."),
        max_length=40,
        widget=forms.TextInput(attrs=VERBATIM | {"data-answer": ""}),
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=400)


class PersonForm(forms.Form):
    """Whom the roll is asked about: by name and date of birth, or by mailbox where that is all that is known."""

    name = forms.CharField(label=_("First and last name, as on the identity document"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    email = forms.EmailField(label=_("E-mail address of the account"), max_length=254)

    def __init__(self, *args: Any, consultation: Consultation, **options: Any):
        super().__init__(*args, **options)
        is_by_mailbox = consultation.residence in (Residence.ANYONE, Residence.DECLARED)
        for name in ("name", "birth_date") if is_by_mailbox else ("email",):
            del self.fields[name]


class CountForm(forms.Form):
    """One field for each scrutineer; as many as are needed are filled. What was typed is never shown again."""

    def __init__(self, *args: Any, consultation: Consultation, **options: Any):
        super().__init__(*args, **options)
        self.needed = consultation.scrutineers_needed if consultation.is_secret else 0
        scrutineers = consultation.scrutineers.select_related("user") if consultation.is_secret else ()
        self.public_keys = {scrutineer.public_key for scrutineer in scrutineers}
        for scrutineer in scrutineers:
            self.fields[f"key_{scrutineer.rank}"] = forms.CharField(
                label=scrutineer.user.name if scrutineer.user else _("A scrutineer whose account is closed"),
                required=False,
                max_length=4000,
                strip=True,
                widget=forms.PasswordInput(render_value=False, attrs=VERBATIM | {"data-private-key": ""}),
            )

    def clean(self) -> dict[str, Any]:
        typed, seen = super().clean() or {}, set[str]()
        for name, text in list(typed.items()):
            try:
                typed[name] = self._key(text, seen) if text else None
            except DomainError as fact:
                self.add_error(name, ValidationError(fact.sentence))
        if not self.errors and len(self.private_keys) < self.needed:
            raise ValidationError(
                _("%(needed)s keys are needed to open the box."), code="too_few", params={"needed": self.needed}
            )
        return typed

    @sensitive_variables()
    def _key(self, text: str, seen: set[str]) -> bytes:
        """What the box would refuse, said beside the field in which it stands; whose field that is doesn't matter."""
        private = keys.private_key(text)
        public = keys.public_half(private)
        if public not in self.public_keys:
            raise WrongKey
        if public in seen:
            raise SameKeyTwice
        seen.add(public)
        return private

    @property
    def private_keys(self) -> list[bytes]:
        """In memory only, as long as this request lasts."""
        return [key for key in self.cleaned_data.values() if isinstance(key, bytes)]

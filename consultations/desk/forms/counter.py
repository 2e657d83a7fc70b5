"""What is typed at a counter: an address to find an account by, a person’s name and date of birth, a list."""

import hashlib
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.accounts.fields import POSTAL_CODE, PersonName
from civic.accounts.models import ResidentList, User
from civic.kernel.fields import Line
from civic.kernel.kept import replaced
from civic.kernel.table_form import TableForm
from civic.kernel.tabular import Table
from civic.territory.models import Quarter
from consultations.desk.forms.fields import BirthDate, Day
from consultations.desk.tables import quarters_by_name, read_people
from consultations.models import Consultation
from consultations.paper_roll import BY_MAILBOX

# How long a page about one person may stay open at a counter.
COUNTER_TIME = 30 * 60  # seconds
SALT = "consultations.desk.residence"
THREE_YEARS, LONGEST = 3, 10
LARGEST_LIST, LARGEST_PASTED = 8_000_000, 150_000


class FindAccountForm(forms.Form):
    """The one account of an exact address, and why it is looked for: nobody browses accounts."""

    email = forms.EmailField(
        label=_("E-mail address of the account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("As the person says it, to the letter."),
    )
    reason = forms.ChoiceField(
        label=_("Why you look for it"),
        choices=[
            ("at_counter", _("The person is here, with an identity document")),
            ("asked", _("The person asked in writing to have it corrected or taken back")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Kept in the journal with your name; the address is not."),
    )


def token_for(user: User, by: User) -> str:
    """Says which account a clerk has found, for the pages that follow: its number alone would open any."""
    return signing.dumps([user.pk, by.pk], salt=SALT)


def found_by(token: str, by: User) -> int | None:
    """The number of the account, or None once the time is over or for somebody else."""
    try:
        user, clerk = signing.loads(token, salt=SALT, max_age=COUNTER_TIME)
    except (signing.BadSignature, ValueError):
        return None
    return user if clerk == by.pk else None


class PersonForm(forms.Form):
    """A person as the identity document says; typed, hashed and forgotten."""

    name = PersonName()
    birth_date = BirthDate(label=_("Date of birth"))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["name"].help_text = _("All the names of the identity document.")


class ResidenceForm(PersonForm):
    """What a clerk has checked on paper."""

    quarter = forms.ModelChoiceField(
        label=_("Quarter"), queryset=Quarter.objects.all(), required=False, empty_label=_("Outside the quarters")
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=5,
        validators=[POSTAL_CODE],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "short"}),
    )
    until = Day(label=_("Verified until"), help_text=_("Three years as a rule; sooner where a stay has an end."))
    has_seen = forms.BooleanField(
        label=_("I have seen an identity document and a proof of address of less than three months"),
        error_messages={"required": _("Without both documents the residence can’t be verified.")},
    )

    def clean_until(self) -> Any:
        until, today = self.cleaned_data["until"], timezone.localdate()
        if not today < until <= today + timedelta(days=LONGEST * 366):
            raise ValidationError(_("The date lies in the future, ten years away at most."))
        return until


class ListForm(TableForm):
    """A list of people out of the city’s own files.

    Nothing of a big file is stored between its reading and its import: it is sent twice, and `read` is the
    fingerprint of what was looked at. What was pasted, or is small, stands in the form itself.
    """

    name = Line(label=_("Name of the list"), max_length=120, help_text=_("For example: “Electoral roll, March 2027”."))
    replaces = forms.ModelChoiceField(
        label=_("Instead of"),
        queryset=ResidentList.objects.all(),
        required=False,
        empty_label=_("No list: add this one"),
        help_text=_("The people of that list go, those of the file come."),
    )
    read = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["name", "replaces", "file", "pasted", "read"]
    largest = LARGEST_LIST
    too_big = _("This file is too big: 8 MB at most.")
    not_taken = _("Some lines can’t be taken as they are. Nothing is imported yet.")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["file"].help_text = _(
            "A line for each person, with columns named “name”, “first name”, “date of birth” and, if you have "
            "them, “address”, “postal code”, “town” and “quarter”."
        )
        self.digest, self.must_be_sent_again = "", False

    @property
    def is_confirmed(self) -> bool:
        """Whether this is what was looked at, and its clerk said to import it."""
        return "keep" in self.data and bool(self.digest) and self.cleaned_data.get("read") == self.digest

    def read_lines(self, text: str) -> Table:
        return read_people(text, quarters=quarters_by_name())

    def keep_for_next(self, text: str) -> None:
        """What the next page shows: the lines where they are few, and the fingerprint of what was read."""
        self.digest = hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()
        self.must_be_sent_again = len(text.encode()) > LARGEST_PASTED
        self.data = replaced(self.data, read=self.digest, pasted="" if self.must_be_sent_again else text)


class ScrutineerForm(forms.Form):
    """The account of somebody who will keep a key."""

    email = forms.EmailField(
        label=_("E-mail address of the account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They need an account here. A second factor is asked of them when they open their page."),
    )
    user: User

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        found = User.objects.filter(email=email, is_active=True).first()
        if found is None:
            raise ValidationError(_("No account has this address. Ask the person to create one first."))
        self.user = found
        return email


class RollForm(PersonForm):
    """Who stands at the counter: as the identity document says, or by the address that they vote with."""

    email = forms.EmailField(
        label=_("E-mail address of the person’s account"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Where they have one. Without it, the name and the date of birth below."),
    )
    field_order = ["email", "name", "birth_date"]

    def __init__(self, *args: Any, consultation: Consultation, **options: Any):
        super().__init__(*args, **options)
        if consultation.residence in BY_MAILBOX:
            self.fields["name"].required = self.fields["birth_date"].required = False
        else:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "email" in self.fields and not self.errors:
            has_person = typed.get("name") and typed.get("birth_date")
            if not typed.get("email") and not has_person:
                raise ValidationError(_("Give the address of the account, or the name with the date of birth."))
            if typed.get("email"):
                typed |= {"name": "", "birth_date": None}
        return typed


class EnterForm(forms.Form):
    """Whoever was found goes on the roll; `person` is signed and names nobody."""

    person = forms.CharField(widget=forms.HiddenInput, max_length=300)
    has_seen = forms.BooleanField(
        label=_("I have seen an identity document and that this person may take part"),
        error_messages={"required": _("Without a document nobody is entered on the roll.")},
    )

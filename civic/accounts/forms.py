"""What people are asked for their account."""

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from civic.accounts.fields import POSTAL_CODE, PersonName
from civic.accounts.models import User
from civic.territory.models import Quarter

# Labels of allauth that our catalogue says in the words of the other pages.
ALLAUTH_LABELS = (gettext_noop("Email"), gettext_noop("Authenticator code"), gettext_noop("New Password (again)"))

# The age is asked as a yes, and neither it nor a birth date is kept (accounts.md).
MINIMUM_AGE = 16


class ResidenceFields(forms.Form):
    """Name and, as far as one likes, where one lives."""

    name = PersonName()
    postal_code = forms.CharField(
        label=_("Postal code"),
        required=False,
        validators=[POSTAL_CODE],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric", "maxlength": 5}),
    )
    quarter = forms.ModelChoiceField(
        Quarter.objects.all(), label=_("Quarter"), required=False, empty_label=_("I prefer not to say")
    )

    def fill(self, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.postal_code = self.cleaned_data["postal_code"]
        user.quarter = self.cleaned_data["quarter"]


class SignupForm(ResidenceFields, allauth.SignupForm):
    """A new account. An address that has one already gets the same page; its mail says so."""

    is_old_enough = forms.BooleanField(
        label=format_lazy(_("I am {age} or older"), age=MINIMUM_AGE),
        error_messages={
            "required": format_lazy(_("To open an account one must be {age} or older: please say so."), age=MINIMUM_AGE)
        },
    )
    field_order = ["email", "name", "postal_code", "quarter", "password1", "is_old_enough"]

    account_already_exists: bool

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least 12 characters; several words make a good password. "
            "Leave it empty to sign in by a code sent to your address instead."
        )

    def try_save(self, request):
        if self.account_already_exists:
            # As long as hashing takes for a new account, so that the answer's time tells nothing either.
            make_password(self.cleaned_data.get("password1"))
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if not User.objects.filter(email=self.cleaned_data["email"]).exists():
                raise
            # The same address signed up in the meantime: from here on this is the second one.
            self.account_already_exists = True
            return super().try_save(request)


class LoginForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("Stay signed in on this device for two weeks")


class AccountForm(ResidenceFields):
    """What one may change of oneself at any time."""

    def __init__(self, user: User, *args, **kwargs):
        initial = {"name": user.name, "postal_code": user.postal_code, "quarter": user.quarter}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.user = user

    def save(self) -> User:
        self.fill(self.user)
        self.user.save(update_fields=["name", "postal_code", "quarter"])
        return self.user

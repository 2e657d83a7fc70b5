"""How a voter comes in: with an account, or with a code that came by post."""

from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.kernel import limits
from civic.kernel.addresses import client_address, network
from consultations import eligibility, postal_codes
from consultations.eligibility import Voter
from consultations.models import Consultation, OpenBallot
from consultations.naming import is_named
from consultations.obstacles import AddressNotConfirmed, NoCodes, NotEligible, NotResident, NotSignedIn
from consultations.postal_codes import CodeRevoked, UnknownCode

CODE_LENGTH = 40
# What the first page asks as a yes.
YES = ("of_age", "in_public")


class OfAge(forms.Form):
    """A minimum age is asked as a yes, never as a date of birth."""

    of_age = forms.BooleanField()

    def __init__(self, typed: QueryDict | None, consultation: Consultation):
        super().__init__(typed)
        age = {"age": consultation.minimum_age}
        if consultation.minimum_age:
            self.fields["of_age"].label = _("I am %(age)s or older") % age
            self.fields["of_age"].error_messages["required"] = _("One takes part from the age of %(age)s.") % age
        else:
            del self.fields["of_age"]


class InPublic(OfAge):
    """The first page of a named vote: nobody is published unawares (RGPD, articles 7 and 9)."""

    in_public = forms.BooleanField(
        error_messages={"required": gettext_lazy("Votes are public here. Without your agreement yours can’t be taken.")}
    )

    def __init__(self, typed: QueryDict | None, consultation: Consultation, name: str):
        super().__init__(typed, consultation)
        self.fields["in_public"].label = _(
            "I agree that my name, %(name)s, is published with my answers once the result is known"
        ) % {"name": name}


class CodeForm(OfAge):
    code = forms.CharField(
        label=gettext_lazy("The code of your letter"),
        help_text=gettext_lazy("Sixteen letters and numbers. Small letters, spaces and dashes don’t matter."),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ["code", "of_age"]

    def __init__(self, typed: QueryDict | None, consultation: Consultation, voter_of):
        super().__init__(typed, consultation)
        self.voter_of = voter_of

    def clean_code(self) -> str:
        try:
            self.voter_of(self.cleaned_data["code"])
        except (CodeRevoked, UnknownCode) as refusal:
            # Told beside the field, where it can be typed again.
            raise ValidationError(refusal.sentence) from None
        return self.cleaned_data["code"]


class Door(Protocol):
    """Who asks to vote: the form of the first page, and the voter or what stands in the way."""

    start_page: str

    def form(self, typed: QueryDict | None) -> OfAge: ...

    def fields(self, typed: QueryDict) -> list[tuple[str, str]]:
        """What the first page asked, to travel along."""
        ...

    def voter(self, typed: QueryDict, *, at: datetime) -> Voter:
        """Raises NotEligible, as one of its facts."""
        ...

    def obstacle(self, *, at: datetime) -> NotEligible | None: ...

    def ways(self, obstacle: NotEligible | None) -> list[dict[str, str]]: ...


class AccountDoor:
    start_page = "start"

    def __init__(self, request: HttpRequest, consultation: Consultation, *, at_the_box: bool = False):
        # The box looks itself whether it is open and who has voted: a vote that is sent is not asked twice.
        self.request, self.consultation, self.at_the_box = request, consultation, at_the_box

    def form(self, typed: QueryDict | None) -> OfAge:
        if is_named(self.consultation):
            return InPublic(typed, self.consultation, str(self.request.user))
        return OfAge(typed, self.consultation)

    def fields(self, typed: QueryDict) -> list[tuple[str, str]]:
        return [(name, "on") for name in YES if typed.get(name)]

    def voter(self, typed: QueryDict, *, at: datetime) -> Voter:
        voter_of = eligibility.entitled if self.at_the_box else eligibility.voter_of
        return voter_of(self.request.user, self.consultation, of_age=True, at=at)

    def obstacle(self, *, at: datetime) -> NotEligible | None:
        return eligibility.why_not(self.consultation, self.request.user, at=at)

    def ways(self, obstacle: NotEligible | None) -> list[dict[str, str]]:
        """What can be done at once about an obstacle: addresses with what they lead to."""
        if isinstance(obstacle, NotSignedIn):
            back = urlencode({"next": reverse("consultations:take-part", args=[self.consultation.pk])})
            return [
                {"url": f"{reverse('account_login')}?{back}", "label": _("Sign in")},
                {"url": f"{reverse('account_signup')}?{back}", "label": _("Create an account")},
            ]
        if isinstance(obstacle, AddressNotConfirmed):
            return [{"url": reverse("account_email"), "label": _("Confirm my address")}]
        if isinstance(obstacle, NotResident):
            return [{"url": reverse("accounts:home"), "label": _("See my account")}]
        return []


class CodeDoor:
    start_page = "code"

    def __init__(self, request: HttpRequest, consultation: Consultation, *, at_the_box: bool = False):
        self.request, self.consultation, self.at_the_box = request, consultation, at_the_box

    def form(self, typed: QueryDict | None) -> CodeForm:
        return CodeForm(typed, self.consultation, self._holder)

    def fields(self, typed: QueryDict) -> list[tuple[str, str]]:
        code = ("code", typed.get("code", "")[:CODE_LENGTH])
        return [code, ("of_age", "on")] if typed.get("of_age") else [code]

    def voter(self, typed: QueryDict, *, at: datetime) -> Voter:
        if self.at_the_box:
            return self._holder(typed.get("code", ""))
        eligibility.check_open(self.consultation, at=at)
        voter = self._holder(typed.get("code", ""))
        eligibility.check_not_voted(self.consultation, voter.key)
        return voter

    def obstacle(self, *, at: datetime) -> NotEligible | None:
        if not self.consultation.takes_codes:
            return NoCodes()
        try:
            eligibility.check_open(self.consultation, at=at)
        except NotEligible as fact:
            return fact
        return None

    def ways(self, obstacle: NotEligible | None) -> list[dict[str, str]]:
        return []

    def _holder(self, code: str) -> Voter:
        try:
            return postal_codes.voter_of_code(self.consultation, code[:CODE_LENGTH])
        except UnknownCode:
            # Only guesses are counted: who holds a letter is never slowed down.
            limits.consume("vote-code", network(client_address(self.request)), rate="60/h")
            raise


def own_answers(consultation: Consultation, voter: Voter) -> dict[str, Any] | None:
    """The answers of a named or confidential vote that this voter gave and may change; None where there are none."""
    ballot = OpenBallot.objects.filter(consultation=consultation, key=voter.key).first()
    return ballot.answers if ballot else None

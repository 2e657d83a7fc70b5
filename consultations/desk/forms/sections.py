"""The sections of a draft, each a form over the same consultation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import ResidentList
from civic.kernel.fields import Line, Paragraphs, boxed
from civic.territory.models import Quarter, Theme
from consultations.desk.forms.fields import Described, described, needed_to_publish
from consultations.desk.forms.kept import SectionForm
from consultations.models import Consultation, Residence, Secrecy
from consultations.models.consultation import (
    DESCRIPTION_LENGTH,
    EASY_READ_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
)
from consultations.models.scrutineer import FEWEST_NEEDED, MOST


class TextForm(SectionForm):
    title = Line(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        help_text=_("What it is about, as one would say it on the street: “What should become of the market square?”"),
    )
    summary = needed_to_publish(
        Line(
            label=_("Summary"),
            max_length=SUMMARY_LENGTH,
            help_text=_("Two sentences: what is asked, and what the answer is for. 300 characters at most."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    )
    description = needed_to_publish(
        Paragraphs(
            label=_("Full text"),
            max_length=DESCRIPTION_LENGTH,
            help_text=_("What one needs to know to decide. Lists with “- ”, **bold**, links. 5,000 characters."),
            widget=forms.Textarea(attrs={"rows": 14}),
        )
    )
    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=Theme.objects.all(), required=False, empty_label=_("Choose a theme")
    )

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        return super().stored(consultation) | {"theme": consultation.theme_id}


class NewForm(forms.Form):
    """What a draft begins with."""

    title = TextForm.base_fields["title"]


class EasyForm(SectionForm):
    easy_read = Paragraphs(
        label=_("Easy-to-read version"),
        max_length=EASY_READ_LENGTH,
        required=False,
        help_text=_("Short sentences, everyday words, one idea a line, the hard words explained. 3,000 characters."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )


RESIDENCE = {
    Residence.ANYONE: (
        _("Anyone who has an account"),
        _("One vote for each mailbox. For opinions that bind nobody: someone may have two addresses."),
    ),
    Residence.DECLARED: (
        _("Those who declare that they live in the city"),
        _("The postal code of the account is trusted. The page says that voting twice by two ways can’t be excluded."),
    ),
    Residence.VERIFIED: (
        _("Residents whose address was verified at a counter"),
        _("One vote for each person, even by another account or on paper."),
    ),
    Residence.LISTED: (
        _("The people on a list of the city"),
        _("One vote for each person on the list. They can vote with an account, on paper, or with a code by post."),
    ),
}
SECRECY = {
    Secrecy.SECRET: (
        _("Secret"),
        _(
            "Nobody can link a person to a vote, and nobody reads a result before the count: neither you, nor "
            "whoever holds the database. Votes are sealed with keys of scrutineers, who open them together. "
            "A vote can’t be changed."
        ),
    ),
    Secrecy.CONFIDENTIAL: (
        _("Confidential"),
        _(
            "No member of staff sees who voted what; whoever holds the database could. "
            "A vote can be changed until the end."
        ),
    ),
    Secrecy.NAMED: (
        _("Named"),
        _(
            "A stance in public, as by a show of hands: with the result, names are published beside their answers. "
            "Each person agrees to it first, and may take their name off later. A vote can be changed until the end."
        ),
    ),
}


class PeopleForm(SectionForm):
    residence = forms.ChoiceField(
        label=_("Who may take part"),
        choices=[(key, described(*texts)) for key, texts in RESIDENCE.items()],
        widget=Described,
    )
    resident_list = forms.ModelChoiceField(
        label=_("Which list"),
        queryset=ResidentList.objects.all(),
        required=False,
        empty_label=_("No list"),
        help_text=_("Only for “the people on a list of the city”."),
    )
    quarters = forms.ModelMultipleChoiceField(
        label=_("Quarters concerned"),
        queryset=Quarter.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole city."),
    )
    only_quarters = forms.BooleanField(
        label=_("Only people who live in these quarters may vote"),
        required=False,
        help_text=_("Otherwise everyone may vote, and the quarters only say where it happens."),
    )
    minimum_age = forms.IntegerField(
        label=_("Minimum age"),
        min_value=0,
        max_value=120,
        widget=boxed(),
        help_text=_("Asked as a yes: “I am 16 or older”. A date of birth is never asked."),
    )
    quorum = forms.IntegerField(
        label=_("Quorum"),
        min_value=1,
        max_value=10_000_000,
        required=False,
        widget=boxed(),
        help_text=_("How many people must vote for the result to count. Empty: no quorum."),
    )

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        quarters = sorted(quarter.pk for quarter in consultation.quarters.all())
        return super().stored(consultation) | {"quarters": quarters, "resident_list": consultation.resident_list_id}

    def said(self, name: str) -> Any:
        if name == "residence":
            return RESIDENCE[Residence(self.initial["residence"])][0]
        return super().said(name)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("only_quarters") and not typed.get("quarters"):
            self.add_error("quarters", _("Tick at least one quarter, or let everyone vote."))
        if typed.get("residence") == Residence.LISTED and "resident_list" in typed and not typed["resident_list"]:
            self.add_error("resident_list", _("Choose the list of those who may vote."))
        return typed


class SecrecyForm(SectionForm):
    secrecy = forms.ChoiceField(
        label=_("Secrecy of the vote"),
        choices=[(key, described(*texts)) for key, texts in SECRECY.items()],
        widget=Described,
    )
    scrutineers_needed = forms.IntegerField(
        label=_("How many scrutineers must come together to open the ballot box"),
        min_value=FEWEST_NEEDED,
        max_value=MOST,
        widget=boxed(),
        help_text=_("For a secret vote. Usually 2 of 3: one may lose a key or be ill, and none can open it alone."),
    )

    def said(self, name: str) -> Any:
        return SECRECY[Secrecy(self.initial["secrecy"])][0] if name == "secrecy" else super().said(name)

"""What is announced of a session, and why one does not take place."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, Moment, Paragraphs, boxed
from civic.kernel.kept import KeptForm
from civic.territory.models import Theme
from livestream.models import Councillor, Sitting, SittingKind
from livestream.models.sitting import PLACE_LENGTH, REASON_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH

LONGEST_DELAY = 600  # seconds


class AnnouncementForm(KeptForm):
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=SittingKind.choices,
        help_text=_("Quorum and votes are of council sessions alone."),
    )
    title = Line(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        help_text=_("As the convocation says it: “Municipal council of 14 December”."),
    )
    starts_at = Moment(label=_("Begins on"))
    place = Line(
        label=_("Place"), max_length=PLACE_LENGTH, required=False, help_text=_("Needed before it is convened.")
    )
    summary = Line(
        label=_("Summary"),
        max_length=SUMMARY_LENGTH,
        required=False,
        help_text=_("One or two sentences for everyone: what matters on this agenda."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=Theme.objects.all(), required=False, empty_label=_("None in particular")
    )
    chair = forms.ModelChoiceField(
        label=_("Chaired by"), queryset=Councillor.objects.none(), required=False, empty_label=_("Not known yet")
    )
    secretary = forms.ModelChoiceField(
        label=_("Secretary of the session"),
        queryset=Councillor.objects.none(),
        required=False,
        empty_label=_("Not known yet"),
    )
    is_second_call = forms.BooleanField(
        label=_("Convened again after a session without a quorum"),
        required=False,
        help_text=_("It then deliberates whoever is there (CGCT L2121-17)."),
    )
    delay_seconds = forms.IntegerField(
        label=_("Delay of comments, in seconds"),
        min_value=0,
        max_value=LONGEST_DELAY,
        widget=boxed(),
        help_text=_("Moderators see a comment that long before everyone does. 0: no delay."),
    )

    def __init__(self, data: Any = None, *, sitting: Sitting, **options: Any):
        super().__init__(data, stored=self.stored(sitting), **options)
        members = Councillor.objects.in_office(sitting.day)
        for name in ("chair", "secretary"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = members

    def stored(self, sitting: Sitting) -> dict[str, Any]:
        """What is kept now, as the initial values of the fields."""
        kept = {name: getattr(sitting, name) for name in self.base_fields if name != "seen"}
        return kept | {"theme": sitting.theme_id, "chair": sitting.chair_id, "secretary": sitting.secretary_id}


class NewForm(forms.Form):
    """What a draft begins with."""

    kind, title, starts_at, place = (
        AnnouncementForm.base_fields[name] for name in ("kind", "title", "starts_at", "place")
    )


class ReasonForm(forms.Form):
    """Why a session does not take place, for everyone to read."""

    reason = Paragraphs(
        label=_("The reason, for everyone to read"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

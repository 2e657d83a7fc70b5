"""The shape of what the team keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Right, Role, User
from civic.kernel.fields import Line, Moment
from civic.kernel.text import without_control
from civic.moderation.models import Reason, SavedReply, Term
from civic.moderation.screening.letters import collapse, pieces
from civic.moderation.screening.links import host_of


class KeptForm(forms.ModelForm):
    """An entry of a list. What names it for good (`fixed`) is written once."""

    fixed: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.fixed if self.instance.pk else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = _("It names this entry for good and can’t be changed.")
        if not self.instance.pk:
            del self.fields["is_active"]


class ReasonForm(KeptForm):
    fixed = ("code",)
    label = Line(label=_("Short name"), max_length=80, help_text=_("What moderators choose: two or three words."))
    article = Line(label=_("Article of the charter"), max_length=60)
    wording = Line(
        label=_("Wording"),
        max_length=300,
        help_text=_("What the author reads. Statements that were sent keep the wording of their day."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Reason
        fields = ["label", "article", "wording", "code", "rank", "is_for_reports", "withholds_text", "is_active"]
        labels = {
            "code": _("Code"),
            "rank": _("Place in the list"),
            "is_for_reports": _("Residents who report a text can choose it too"),
            "withholds_text": _("The text is not shown any more, not even to say what was refused"),
            "is_active": _("In use"),
        }
        help_texts = {
            "code": _("For the register and the journal: small letters and underscores, as in “personal_attack”."),
            "rank": _("0 is the first."),
        }


class TermForm(KeptForm):
    fixed = ("kind", "pattern")
    pattern = Line(
        label=_("Word or site"),
        max_length=80,
        help_text=_("A star at the end finds whatever follows: “insult*”. For a site, only its name: “exemple.fr”."),
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
    )
    note = Line(label=_("Note for colleagues"), max_length=200, required=False)

    class Meta:
        model = Term
        fields = ["kind", "pattern", "effect", "note", "is_active"]
        widgets = {"kind": forms.RadioSelect, "effect": forms.RadioSelect}
        labels = {"kind": _("Kind"), "effect": _("What becomes of the text"), "is_active": _("In use")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pattern") and not self.instance.pk:
            try:
                cleaned["pattern"] = pattern_of(cleaned.get("kind", ""), cleaned["pattern"])
            except ValidationError as error:
                self.add_error("pattern", error)
        return cleaned


def pattern_of(kind: str, written: str) -> str:
    """The term as the list keeps it. Raises ValidationError for one that could find nothing, or everything."""
    if kind == Term.Kind.LINK:
        # What people paste: https://www.exemple.fr/page.
        host = host_of(written.partition("://")[2].partition("/")[0] or written.partition("/")[0])
        if "." not in host:
            raise ValidationError(_("Write the name of a site, for instance “exemple.fr”."))
        return host.removeprefix("www.")
    letters = collapse("".join(piece.letters for piece in pieces(written)))
    if len(letters) < 2 or "*" in written.rstrip("*"):
        raise ValidationError(_("Write at least two different letters, and a star only at the end."))
    return written.lower()


class DelayForm(forms.Form):
    """The delay of a space, in hours; none gives each kind's own."""

    hours = forms.IntegerField(
        label=_("Hours within which a case is decided here"),
        help_text=_("From one hour to 60 days (1,440). Left empty, the usual delays hold."),
        min_value=1,
        max_value=1440,
        required=False,
    )

    @property
    def target(self) -> timedelta | None:
        hours = self.cleaned_data["hours"]
        return timedelta(hours=hours) if hours else None


class TrialForm(forms.Form):
    """A text to try the list on."""

    text = forms.CharField(
        label=_("Text to try"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is read against the terms in use, and kept nowhere."),
    )


class DutyForm(forms.Form):
    """Who is on duty, from when, until when."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"), empty_label=_("Choose a moderator"))
    starts_at = Moment(label=_("From"))
    ends_at = Moment(label=_("Until"))

    def __init__(self, *args: Any, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.at = at
        rights = Right.objects.current(at=at).filter(role=Role.MODERATOR)
        moderators = User.objects.filter(is_active=True, pk__in=rights.values("user")).order_by("name", "pk")
        cast(forms.ModelChoiceField, self.fields["user"]).queryset = moderators

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= max(starts_at, self.at):
            self.add_error("ends_at", _("The end lies in the future, after the beginning."))
        return cleaned


class ReasonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.label or obj.wording


class SavedReplyForm(KeptForm):
    label = Line(label=_("Short name"), max_length=80, help_text=_("What moderators choose: two or three words."))
    text = forms.CharField(
        label=_("Text"),
        max_length=SavedReply._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the author reads below the reason. Each moderator may change it before sending."),
    )
    reason = ReasonChoice(
        Reason.objects.filter(is_active=True),
        label=_("Only with this reason"),
        required=False,
        empty_label=_("Any reason"),
    )

    class Meta:
        model = SavedReply
        fields = ["label", "text", "reason", "rank", "is_active"]
        labels = {"rank": _("Place in the list"), "is_active": _("In use")}
        help_texts = {"rank": _("0 is the first.")}

    def clean_text(self) -> str:
        return without_control(self.cleaned_data["text"])

"""The shapes of what moderators send: a decision, many at once, words for colleagues, and the queue's filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.moderation import registry
from civic.moderation.masking import is_faithful
from civic.moderation.measures import Measure, SanctionKind
from civic.moderation.models import ApartKind, Case, Decision, Note, Reason, SavedReply
from civic.moderation.models.bulk import Row
from civic.moderation.registry import Card

# For how many days somebody may be silenced; a ban has no end.
DAYS = {SanctionKind.MUTE: (1, 7, 30), SanctionKind.SUSPENSION: (7, 30, 90)}

# What chooses a reason on the desk, in their order.
REASON_KEYS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ReasonField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        if obj.withholds_text:
            return gettext("%(reason)s (%(article)s; the text is not shown)") % {
                "reason": obj.label,
                "article": obj.article,
            }
        return f"{obj.label} ({obj.article})"


def reason_field(**options: Any) -> ReasonField:
    wrong = {"required": _("Choose the reason of the refusal.")}
    return ReasonField(Reason.objects.none(), error_messages=wrong, **{"label": _("Reason"), **options})


class DecisionForm(forms.Form):
    """Reason, suggestion and measures, and hidden what was read; the button pressed says the action."""

    # The button to publish sends the same form, without a reason.
    use_required_attribute = False

    reason = reason_field(
        help_text=_("The author reads it, with the article of the charter."),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reply = forms.ModelChoiceField(
        SavedReply.objects.none(),
        label=_("A saved reply"),
        empty_label=_("None"),
        required=False,
        help_text=_("Sent to the author where you write nothing below."),
    )
    suggestion = forms.CharField(
        label=_("What the author could change"),
        help_text=_("In your own words. The author reads it below the reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=Decision.SUGGESTION_LENGTH,
        required=False,
    )
    masked_text = forms.CharField(
        label=_("The text without some words"),
        help_text=_("Put […] in place of what nobody should read, and leave the rest as it is."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        strip=False,
    )
    destination = forms.ChoiceField(
        label=_("Where it goes"), required=False, widget=forms.Select(attrs={"autofocus": True})
    )
    warning = forms.BooleanField(label=_("Warn the author"), required=False)
    silence = forms.ChoiceField(label=_("Silence the author"), required=False)
    then_next = forms.BooleanField(label=_("then the next case"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, case: Case, data=None, *, card: Card, by: User, at: datetime, then_next=True, offers_places=False
    ):
        self.case, self.card, self.at = case, card, at
        # A key for each form shown: sent twice, it decides once.
        initial = {"version": case.version, "revision": card.revision, "key": uuid4(), "then_next": then_next}
        initial["masked_text"] = card.parts[0].text if card.parts else ""
        super().__init__(data, initial=initial)
        self.action = self.data.get("action", "")
        self.chosen = case.subject.kind_of.action(self.action)
        is_restrictive = bool(self.chosen and self.chosen.restricts) or self._has_measure()
        reason = cast(ReasonField, self.fields["reason"])
        reason.queryset = Reason.objects.filter(is_active=True)
        reason.required = not self.is_bound or is_restrictive
        reply = cast(forms.ModelChoiceField, self.fields["reply"])
        reply.queryset = SavedReply.objects.filter(is_active=True)
        # Read once: Django would ask again for each look at the field.
        reply.choices = [("", reply.empty_label), *((saved.pk, saved.label) for saved in reply.queryset)]
        cast(forms.ChoiceField, self.fields["silence"]).choices = silences(is_for_city=by.has_role("moderator"))
        self._offer_places(is_asked=offers_places)

    def _has_measure(self) -> bool:
        return bool(self.data.get("warning") or self.data.get("silence"))

    def _offer_places(self, *, is_asked: bool) -> None:
        """All the places are many: they are shown to who moves the text."""
        find = self.case.subject.kind_of.destinations
        is_sent = self.chosen is not None and self.chosen.needs == "destination"
        if find is None or not (is_asked or is_sent):
            del self.fields["destination"]
            return
        places = [(place.code, place.label) for place in find(self.case.subject) if not place.is_current]
        cast(forms.ChoiceField, self.fields["destination"]).choices = [("", _("Choose a place")), *places]

    def clean(self):
        found = self.cleaned_data
        needs = self.chosen.needs if self.chosen else ""
        if needs == "masked_text" and not is_faithful(found.get("masked_text", ""), self.initial["masked_text"]):
            self.add_error(
                "masked_text", _("Masking only takes words out: put […] in their place and leave the rest as it is.")
            )
        if needs == "destination" and not found.get("destination"):
            self.add_error("destination", _("Choose where the text goes."))
        return found

    @property
    def ruling(self) -> dict[str, Any]:
        """What `Case.decide` is told, `by` and `at` aside."""
        found = self.cleaned_data
        kept = ("reason", "masked_text", "version", "revision", "key")
        reply = found.get("reply")
        return {name: found.get(name) for name in kept} | {
            "action": self.action,
            "suggestion": found["suggestion"] or (reply.text if reply else ""),
            "destination": found.get("destination") or None,
            "measures": self._measures(),
        }

    def _measures(self) -> list[Measure]:
        measures = [Measure(SanctionKind.WARNING)] if self.cleaned_data["warning"] else []
        kind, _sep, days = self.cleaned_data["silence"].partition(":")
        if kind:
            measures.append(Measure(kind, self.at + timedelta(days=int(days)) if days else None))
        return measures


def silences(*, is_for_city: bool) -> list[tuple[str, Any]]:
    """What may be chosen: here for those who moderate a space, everywhere for those who moderate the whole city."""
    kinds = DAYS if is_for_city else {SanctionKind.MUTE: DAYS[SanctionKind.MUTE]}
    said = {
        SanctionKind.MUTE: lambda n: ngettext("here, for %(n)s day", "here, for %(n)s days", n),
        SanctionKind.SUSPENSION: lambda n: ngettext("everywhere, for %(n)s day", "everywhere, for %(n)s days", n),
    }
    timed = [(f"{kind}:{days}", said[kind](days) % {"n": days}) for kind in kinds for days in kinds[kind]]
    for_good = [(SanctionKind.BAN.value, gettext("everywhere, for good"))] if is_for_city else []
    return [("", gettext("No")), *timed, *for_good]


class UndoForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class RowsField(forms.Field):
    """Checked boxes, each "case:version:revision" as it was shown."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": _("Choose at least one case.")}

    def to_python(self, value) -> list[Row]:
        return [row for text in value or () if (row := self._row(text))]

    @staticmethod
    def _row(text: str) -> Row | None:
        parts = text.split(":")
        are_numbers = all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in parts)
        return Row(*map(int, parts)) if are_numbers and len(parts) in (2, 3) else None


class BulkForm(forms.Form):
    """The same decision for the rows that are checked."""

    use_required_attribute = False

    row = RowsField()
    reason = reason_field(
        required=False, widget=forms.Select, empty_label=_("Choose a reason"), label=_("Reason of the refusal")
    )
    does = forms.ChoiceField(choices=[("accept", ""), ("restrict", "")], widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, reasons: Iterable[Reason] | None = None):
        """`reasons`: all of them, where they were read already."""
        super().__init__(data, initial={"key": uuid4()})
        reason = cast(ReasonField, self.fields["reason"])
        reason.queryset = Reason.objects.filter(is_active=True)
        active = reason.queryset if reasons is None else [one for one in reasons if one.is_active]
        reason.required = self.data.get("does") == "restrict"
        # The menu says the key of each, as the list on a case does; read once.
        named = zip_longest(REASON_KEYS, active)
        found = [(one.pk, f"{key or ''} {reason.label_from_instance(one)}".strip()) for key, one in named if one]
        reason.choices = [("", reason.empty_label), *found]


class BulkUndoForm(forms.Form):
    row = RowsField()
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), widget=forms.Textarea(attrs={"rows": 2}), max_length=Note.LENGTH
    )


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.name


class EscalateForm(NoteForm):
    to = ColleagueField(User.objects.none(), label=_("Colleague"), empty_label=_("Choose a colleague"))
    field_order = ["to", "text"]

    def __init__(self, colleagues, data=None):
        super().__init__(data)
        cast(forms.ModelChoiceField, self.fields["to"]).queryset = colleagues


class ApartForm(NoteForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=ApartKind.choices, widget=forms.RadioSelect)
    field_order = ["kind", "text"]


class FilterForm(forms.Form):
    """What the queue may be narrowed to; its names are those of the address."""

    use_required_attribute = False
    AGES = (("", _("Any age")), ("1", _("Over a day")), ("3", _("Over 3 days")), ("7", _("Over a week")))

    type = forms.ChoiceField(label=_("Kind"), required=False)
    lieu = forms.ChoiceField(label=_("Place"), required=False)
    motif = ReasonField(Reason.objects.all(), label=_("Reason"), empty_label=_("Any reason"), required=False)
    age = forms.ChoiceField(label=_("Age"), choices=[*AGES, ("retard", _("Past its delay"))], required=False)

    def __init__(self, data=None, *, places: Iterable[tuple[str, Any]], reasons: Iterable[Reason]):
        super().__init__(data)
        reason = cast(ReasonField, self.fields["motif"])
        told = [(one.pk, reason.label_from_instance(one)) for one in reasons]
        reason.choices = [("", reason.empty_label), *told]
        kinds = [(kind.name, kind.label) for kind in registry.registered()]
        cast(forms.ChoiceField, self.fields["type"]).choices = [("", _("Any kind")), *kinds]
        cast(forms.ChoiceField, self.fields["lieu"]).choices = [
            ("", _("Any place")),
            ("ville", _("Whole city")),
            *places,
        ]

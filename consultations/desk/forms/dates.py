"""The timeline of a draft: when each phase opens and ends."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Moment
from consultations.desk.forms.kept import SectionForm
from consultations.models import Consultation, PhaseKind
from consultations.models.phase import WITHOUT_END

# What happens in each phase, for whoever sets its dates.
PHASES = {
    PhaseKind.INFORM: _("The page can be read; nothing is asked yet."),
    PhaseKind.DEBATE: _("Residents discuss the text and the projects."),
    PhaseKind.VOTE: _("The only one that must have its dates. The last second is before the closing hour."),
    PhaseKind.RESULTS: _("The count, then the proclamation."),
    PhaseKind.DECISION: _("The city says what it decides, and why."),
    PhaseKind.FOLLOW_UP: _("What becomes of it is told as it happens."),
}


def ends_of(kind: PhaseKind) -> dict[str, Any]:
    """How the two dates of a phase are called, below its name."""
    return {"opens": _("Opens"), "closes": _("Ends (may stay empty)") if kind in WITHOUT_END else _("Ends")}


class DatesForm(SectionForm):
    """Opening and closing of each phase: `vote_opens`, `vote_closes`…; a phase without dates does not take place."""

    def __init__(self, data: Any = None, *, consultation: Consultation, **options: Any):
        super().__init__(data, consultation=consultation, **options)
        self.fields |= self.more_fields()

    @staticmethod
    def more_fields(sent: Any = None) -> dict[str, forms.Field]:
        """With the phase's name, for the summary of faults: it stands above the fields themselves."""
        return {
            f"{kind}_{end}": Moment(label=format_lazy("{phase}, {end}", phase=kind.label, end=label), required=False)
            for kind in PhaseKind
            for end, label in ends_of(kind).items()
        }

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        stored: dict[str, Any] = {}
        for phase in consultation.phases.all():
            stored |= {f"{phase.kind}_opens": phase.opens_at, f"{phase.kind}_closes": phase.closes_at}
        return stored

    @property
    def phases(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": kind,
                "label": kind.label,
                "help": PHASES[kind],
                "fields": [(label, self[f"{kind}_{end}"]) for end, label in ends_of(kind).items()],
            }
            for kind in PhaseKind
        ]

    @property
    def theirs(self) -> list[tuple[str, Any]]:
        changed = {name.rpartition("_")[0] for name in self.edited}
        return [
            (str(kind.label), (self.initial.get(f"{kind}_opens"), self.initial.get(f"{kind}_closes")))
            for kind in PhaseKind
            if kind in changed
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        for kind in PhaseKind:
            opens, closes = typed.get(f"{kind}_opens"), typed.get(f"{kind}_closes")
            if f"{kind}_opens" in self.errors or f"{kind}_closes" in self.errors:
                continue
            if closes and not opens:
                self.add_error(f"{kind}_opens", _("Say when it opens too."))
            elif opens and not closes and kind not in WITHOUT_END:
                self.add_error(f"{kind}_closes", _("Say when it ends too."))
            elif opens and closes and closes <= opens:
                self.add_error(f"{kind}_closes", _("The end lies after the opening."))
        return typed

    @property
    def timeline(self) -> dict[str, tuple[datetime, datetime | None]]:
        """The phases that take place, each with its opening and its end."""
        return {
            str(kind): (self.cleaned_data[f"{kind}_opens"], self.cleaned_data[f"{kind}_closes"])
            for kind in PhaseKind
            if self.cleaned_data[f"{kind}_opens"]
        }

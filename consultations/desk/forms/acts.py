"""What is asked before an act of a consultation's life: documents, publishing, moving dates, deciding."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, Moment, Paragraphs
from civic.kernel.pdf_form import PdfForm
from consultations.models import Consultation, Follows, Phase
from consultations.models.consultation import DECISION_LENGTH, REASON_LENGTH
from consultations.models.document import TITLE_LENGTH
from consultations.models.phase import WITHOUT_END


class DocumentForm(PdfForm):
    title = Line(label=_("Title of the document"), max_length=TITLE_LENGTH)
    field_order = ("title", "file")


class ReasonForm(forms.Form):
    """Why something is done, for everyone to read."""

    reason = Paragraphs(
        label=_("The reason, for everyone to read"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConfirmForm(forms.Form):
    """A box that says what can’t be taken back; `seen` is the revision of the draft that its clerk has read."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_sure = forms.BooleanField(
        label=_("I have read the preview, and I publish"),
        error_messages={"required": _("Tick this box once you have read the preview.")},
    )


class PhaseChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.get_kind_display()


class ExtensionForm(forms.Form):
    """One date of one phase, moved later."""

    phase = PhaseChoice(label=_("Which phase"), queryset=Phase.objects.none(), empty_label=_("Choose a phase"))
    opens_at = Moment(label=_("New opening"), required=False, help_text=_("Empty: as it was."))
    closes_at = Moment(label=_("New end"), required=False, help_text=_("Empty: as it was."))
    reason = Paragraphs(
        label=_("What happened, for everyone to read"),
        max_length=REASON_LENGTH,
        help_text=_("For example: “The site could not be reached on 3 March from 14:00 to 18:00.”"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, consultation: Consultation, **options: Any):
        super().__init__(*args, **options)
        cast(PhaseChoice, self.fields["phase"]).queryset = consultation.phases.all()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        phase, opens_at, closes_at = typed.get("phase"), typed.get("opens_at"), typed.get("closes_at")
        if self.errors or phase is None:
            return typed
        if not opens_at and not closes_at:
            self.add_error("closes_at", _("Give a new date."))
        if opens_at and opens_at < phase.opens_at:
            self.add_error("opens_at", _("A date can only be moved later, never earlier."))
        if closes_at and phase.closes_at and closes_at < phase.closes_at:
            self.add_error("closes_at", _("A date can only be moved later, never earlier."))
        if (opens_at or phase.opens_at, closes_at or phase.closes_at) == (phase.opens_at, phase.closes_at):
            self.add_error("closes_at", _("This is the date that stands already, perhaps since a moment ago."))
        end = closes_at or phase.closes_at
        if end is not None and (opens_at or phase.opens_at) >= end and phase.kind not in WITHOUT_END:
            self.add_error("closes_at", _("The end lies after the opening."))
        return typed


class DecisionForm(forms.Form):
    follows = forms.ChoiceField(
        label=_("Does the decision follow the vote?"), choices=Follows.choices, widget=forms.RadioSelect
    )
    text = Paragraphs(
        label=_("What the city decided, and why"),
        max_length=DECISION_LENGTH,
        help_text=_("Lists with “- ”, **bold**, [links](https://…). Where it does not follow the vote, say why first."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

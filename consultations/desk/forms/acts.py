"""What is asked before an act of a consultation's life: documents, publishing, correcting, moving dates, deciding."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from civic.kernel.fields import Line, Paragraphs
from consultations.desk.forms.fields import Moment
from consultations.desk.forms.sections import EasyForm, TextForm
from consultations.models import Consultation, Follows, Phase
from consultations.models.consultation import DECISION_LENGTH, REASON_LENGTH
from consultations.models.document import TITLE_LENGTH
from consultations.models.phase import WITHOUT_END
from consultations.models.question import DESCRIPTION_LENGTH, HELP_LENGTH, LABEL_LENGTH, TEXT_LENGTH
from consultations.models.version import EXPLANATION_LENGTH
from consultations.pdf import MOST_BYTES, PdfTooBig, check_pdf, without_authorship


class DocumentForm(forms.Form):
    title = Line(label=_("Title of the document"), max_length=TITLE_LENGTH)
    file = forms.FileField(
        label=_("PDF file"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_(
            "8 MB at most, without forms or attached files. The names of its author and of the software "
            "that made it are blanked out; what the document itself says or shows stays."
        ),
        error_messages={"empty": _("This file is empty.")},
    )
    # What was found in the file: its content to keep, and whether names are left in a packed part.
    content: bytes = b""
    keeps_names = False

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                raise PdfTooBig
            content = file.read()
            check_pdf(content)
        except DomainError as error:
            raise ValidationError(error.sentence) from error
        self.content, self.keeps_names = without_authorship(content)
        return file


class ReasonForm(forms.Form):
    """Why something is done, for everyone to read."""

    reason = Paragraphs(
        label=_("The reason, for everyone to read"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConfirmForm(forms.Form):
    """A box that says what can’t be taken back."""

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


def explained() -> Paragraphs:
    return Paragraphs(
        label=_("What you correct, and why, for everyone to read"),
        max_length=EXPLANATION_LENGTH,
        help_text=_("For example: “The cost of the nursery said 12,000 € instead of 120,000 € in its description.”"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Correction(forms.Form):
    """Words that are public, as they should read, and why. `changed_texts` holds those that differ."""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and not set(self.changed_data) - {"explanation"}:
            raise ValidationError(_("Nothing is changed yet: the text reads as it did."))
        return typed

    @property
    def changed_texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "explanation"}


class CorrectionForm(Correction):
    """The words of a published consultation and of its questions."""

    title = TextForm.base_fields["title"]
    summary = TextForm.base_fields["summary"]
    description = TextForm.base_fields["description"]
    easy_read = EasyForm.base_fields["easy_read"]
    TEXTS = ("title", "summary", "description", "easy_read")

    def __init__(self, data: Any = None, *, consultation: Consultation, **options: Any):
        initial = {name: getattr(consultation, name) for name in self.TEXTS}
        super().__init__(data, initial=initial, **options)
        self.fields["summary"].required = True
        self.questions = list(consultation.questions.all())
        for number, question in enumerate(self.questions, 1):
            said = {"number": number}
            text, more = f"question_{number}_text", f"question_{number}_help"
            self.fields[text] = Line(label=_("Question %(number)s") % said, max_length=TEXT_LENGTH)
            self.fields[more] = Paragraphs(
                label=_("Help below question %(number)s") % said,
                max_length=HELP_LENGTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.initial.update({text: question.text, more: question.help})
        self.fields["explanation"] = explained()

    @property
    def corrections(self) -> dict[str, Any]:
        """What changed, as `Consultation.correct` takes it: texts by name, those of questions by their slug."""
        changed = self.changed_texts
        texts: dict[str, Any] = {name: changed[name] for name in self.TEXTS if name in changed}
        questions = {}
        for number, question in enumerate(self.questions, 1):
            parts = {
                part: changed[f"question_{number}_{part}"]
                for part in ("text", "help")
                if f"question_{number}_{part}" in changed
            }
            if parts:
                questions[question.slug] = parts
        texts["questions"] = questions
        return texts


class OptionCorrectionForm(Correction):
    """The words of one choice. Its cost counts, and stays."""

    label = Line(label=_("Title"), max_length=LABEL_LENGTH)
    description = Paragraphs(
        label=_("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    explanation = explained()

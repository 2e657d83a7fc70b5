"""What is published, as it should read, and why: words at any time, limits and costs until the vote opens."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, Paragraphs
from civic.kernel.kept import KeptForm
from consultations.desk.forms.fields import Amount
from consultations.desk.forms.questions import OptionForm, QuestionForm
from consultations.desk.forms.sections import EasyForm, TextForm
from consultations.models import Consultation, Option, QuestionKind
from consultations.models.question import DESCRIPTION_LENGTH, HELP_LENGTH, LABEL_LENGTH, TEXT_LENGTH
from consultations.models.version import EXPLANATION_LENGTH


def explained() -> Paragraphs:
    return Paragraphs(
        label=_("What you correct, and why, for everyone to read"),
        max_length=EXPLANATION_LENGTH,
        help_text=_("For example: “The cost of the nursery said 12,000 € instead of 120,000 € in its description.”"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Correction(KeptForm):
    """A form over what everyone reads now, with an explanation; `changes` holds what differs."""

    beside = KeptForm.beside | {"explanation"}

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not self.edited:
            raise ValidationError(_("Nothing is changed yet: it reads as it did."))
        return typed

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.edited}


class CorrectionForm(Correction):
    """The words of a published consultation and of its questions."""

    title = TextForm.base_fields["title"]
    summary = TextForm.base_fields["summary"]
    description = TextForm.base_fields["description"]
    easy_read = EasyForm.base_fields["easy_read"]
    explanation = explained()
    TEXTS = ("title", "summary", "description", "easy_read")
    QUESTION = re.compile(r"question_(\d{1,3})_text")

    def __init__(self, data: Any = None, *, consultation: Consultation, **options: Any):
        self.questions = list(consultation.questions.all())
        stored = {name: getattr(consultation, name) for name in self.TEXTS}
        for number, question in enumerate(self.questions, 1):
            stored |= {f"question_{number}_text": question.text, f"question_{number}_help": question.help}
        super().__init__(data, stored=stored, **options)
        self.fields["summary"].required = self.fields["description"].required = True
        for number in range(1, len(self.questions) + 1):
            self.fields |= self.fields_of_question(number)
        self.fields["explanation"] = self.fields.pop("explanation")

    @staticmethod
    def fields_of_question(number: int) -> dict[str, forms.Field]:
        said = {"number": number}
        text = Line(label=_("Question %(number)s") % said, max_length=TEXT_LENGTH)
        text_below = Paragraphs(
            label=_("Help below question %(number)s") % said,
            max_length=HELP_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        return {f"question_{number}_text": text, f"question_{number}_help": text_below}

    @classmethod
    def more_fields(cls, sent: Iterable[str]) -> dict[str, forms.Field]:
        """Of the questions of the page that was sent, by the names of its fields."""
        numbers = [int(found[1]) for found in map(cls.QUESTION.fullmatch, sent) if found]
        return {name: field for number in numbers for name, field in cls.fields_of_question(number).items()}

    @property
    def corrections(self) -> dict[str, Any]:
        """What changed, as `Consultation.correct` takes it: texts by name, those of questions by their slug."""
        changed = self.changes
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
    """One choice: its words and, as long as it may change (`with_cost`), what it costs."""

    label = Line(label=_("Title"), max_length=LABEL_LENGTH)
    description = Paragraphs(
        label=_("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    cost = Amount(
        label=_("Cost, in euros"),
        help_text=_("It decides what can be chosen together: it can be corrected until the vote opens."),
    )
    explanation = explained()

    def __init__(self, data: Any = None, *, option: Option, with_cost: bool, **options: Any):
        stored: dict[str, Any] = {"label": option.label, "description": option.description}
        # Sent from a page that is older than the opening, a cost is refused in words, not passed over.
        has_cost = option.question.is_budget and (with_cost or "cost" in (data or {}))
        if has_cost:
            stored["cost"] = option.cost
        super().__init__(data, stored=stored, **options)
        if not has_cost:
            del self.fields["cost"]


class OfferForm(OptionForm):
    """One choice more, for everyone to read why."""

    beside = OptionForm.beside | {"explanation"}
    explanation = explained()

    @property
    def row(self) -> dict[str, Any]:
        """The choice as it is kept, without its explanation."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.beside}


class TakeOutForm(forms.Form):
    """One choice less, for everyone to read why."""

    explanation = explained()


class LimitsCorrectionForm(Correction, QuestionForm):
    """How many choices, points or grades a question has, and the sum to spend. How it is answered stays."""

    explanation = explained()

    def unneeded(self) -> set[str]:
        points = set() if self.question.kind == QuestionKind.POINTS else {"points_each", "points_all"}
        return super().unneeded() | {"text", "help", "kind"} | points

    @property
    def has_limits(self) -> bool:
        return bool(self.fields.keys() - self.beside)

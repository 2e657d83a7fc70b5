"""Questions of a draft and their options."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, Paragraphs, boxed
from civic.kernel.kept import KeptForm
from civic.kernel.table_form import TableForm
from civic.kernel.tabular import Table
from civic.kernel.templatetags.typography import money
from civic.kernel.text import plain_line
from civic.territory.models import Quarter
from consultations.desk.forms.fields import Amount, Described
from consultations.desk.tables import quarters_by_name, read_options
from consultations.desk.ways import BY_NAME, EXPRESSIONS, GRADES, WAYS, Way, way_of
from consultations.models import Option, Question
from consultations.models.question import (
    DESCRIPTION_LENGTH,
    HELP_LENGTH,
    LABEL_LENGTH,
    TEXT_LENGTH,
)

MOST_GRADES = 10
LARGEST_TABLE = 250_000


def drawn(way: Way) -> Any:
    return format_html(
        '<span class="choice__words"><span class="choice__name">{}</span> <span class="choice__text">{}</span> '
        '<span class="choice__example">{}</span></span>',
        way.title,
        way.explanation,
        way.example,
    )


class WayForm(forms.Form):
    """The question in words and how it is answered and counted; the details follow on its own page."""

    text = Line(
        label=_("The question"),
        max_length=TEXT_LENGTH,
        help_text=_("One thing at a time, so that “yes” says only one thing."),
    )
    way = forms.ChoiceField(
        label=_("How it is answered and counted"),
        choices=[(way.name, drawn(way)) for way in WAYS],
        widget=Described,
    )
    total_cost = Amount(
        label=_("The sum to spend, in euros"), required=False, help_text=_("For a participatory budget only.")
    )

    def __init__(self, *args: Any, kind: str = "", **options: Any):
        super().__init__(*args, **options)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("way") in BY_NAME:
            if not self.chosen.is_budget:
                typed["total_cost"] = None
            elif typed.get("total_cost") is None and "total_cost" not in self.errors:
                self.add_error("total_cost", _("A participatory budget needs a sum to spend."))
        return typed

    @property
    def chosen(self) -> Way:
        return BY_NAME[self.cleaned_data["way"]]

    @property
    def chosen_fields(self) -> dict[str, Any]:
        """As `drafting` takes them; between two budgets, how residents say what they want stays."""
        kind = self.kind if self.kind in self.chosen.kinds else self.chosen.kind
        typed = {name: self.cleaned_data[name] for name in ("text", "total_cost")}
        return typed | {"kind": kind, "counting": self.chosen.counting}

    @staticmethod
    def over(question: Question) -> dict[str, Any]:
        way = way_of(question.kind, question.counting)
        return {"text": question.text, "way": way.name, "total_cost": question.total_cost}


class QuestionForm(KeptForm):
    """Words and limits of one question; only the fields that its way of voting has."""

    text = Line(label=_("The question"), max_length=TEXT_LENGTH)
    help = Paragraphs(
        label=_("Help below the question"),
        max_length=HELP_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(label=_("How residents say what they want"), choices=EXPRESSIONS, widget=forms.RadioSelect)
    total_cost = Amount(label=_("The sum to spend, in euros"))
    fits_budget = forms.BooleanField(
        label=_("What one person chooses must fit into the sum"),
        required=False,
        help_text=_("They see what is left while they choose."),
    )
    lowest_cost_first = forms.BooleanField(
        label=_("Of two projects with the same support, the cheaper one comes first"),
        required=False,
        help_text=_("Otherwise, and between equal costs, the order drawn by lot decides."),
    )
    minimum = forms.IntegerField(label=_("At least so many choices"), min_value=0, max_value=100, widget=boxed())
    maximum = forms.IntegerField(
        label=_("At most so many choices"),
        min_value=1,
        max_value=100,
        required=False,
        widget=boxed(),
        help_text=_("Empty: as many as one likes."),
    )
    points_each = forms.IntegerField(
        label=_("Points for one choice, at most"), min_value=1, max_value=1000, required=False, widget=boxed()
    )
    points_all = forms.IntegerField(
        label=_("Points in all, at most"), min_value=1, max_value=10_000, required=False, widget=boxed()
    )
    grades = Paragraphs(
        label=_("Grades, one a line, the best first"), widget=forms.Textarea(attrs={"rows": 7}), max_length=400
    )

    def __init__(self, data: Any = None, *, question: Question, **options: Any):
        self.question = question
        self.way = way_of(question.kind, question.counting)
        stored = {name: getattr(question, name) for name in self.base_fields if name not in self.beside}
        stored["grades"] = "\n".join(question.grades or [str(grade) for grade in GRADES])
        super().__init__(data, stored=stored, **options)
        for name in self.unneeded():
            del self.fields[name]
        for name in {"points_each", "points_all"} & self.fields.keys():
            if self.way.is_budget and "kind" in self.fields:
                self.fields[name].help_text = _("Only where they share out points.")

    def unneeded(self) -> set[str]:
        way = self.way
        if way.is_budget:
            return {"grades", "minimum"}
        kept = {
            "one": set(),
            "several": {"minimum", "maximum"},
            "ranking": {"minimum", "maximum"},
            "grades": {"grades"},
            "points": {"points_each", "points_all"},
        }[way.name]
        return set(self.base_fields) - {"seen", "text", "help"} - kept

    def clean_grades(self) -> list[str]:
        grades = [plain_line(line) for line in self.cleaned_data["grades"].splitlines() if line.strip()]
        if not 2 <= len(grades) <= MOST_GRADES:
            raise ValidationError(_("Two to ten grades are needed."))
        if len(set(grades)) < len(grades):
            raise ValidationError(_("Each grade is written once."))
        return grades

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        least, most = typed.get("minimum"), typed.get("maximum")
        if least is not None and most is not None and most < least:
            self.add_error("maximum", _("“At most” can’t be less than “at least”."))
        asks_points = typed.get("kind", self.question.kind) == "points" and "points_all" in self.fields
        if asks_points and not (typed.get("points_each") or typed.get("points_all")) and not self.errors:
            self.add_error("points_all", _("Say how many points each person has, in all or for one choice."))
        return typed


class OptionForm(KeptForm):
    """One choice; a project where the question shares out a sum."""

    label = Line(label=_("Title"), max_length=LABEL_LENGTH)
    cost = Amount(label=_("Cost, in euros"))
    description = Paragraphs(
        label=_("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    quarter = forms.ModelChoiceField(
        label=_("Where"), queryset=Quarter.objects.all(), required=False, empty_label=_("The whole city")
    )

    def __init__(self, data: Any = None, *, question: Question, option: Option | None = None, **options: Any):
        stored: dict[str, Any] = {}
        if option:
            stored = {name: getattr(option, name) for name in ("label", "cost", "description")}
            stored["quarter"] = option.quarter_id
        super().__init__(data, stored=stored, **options)
        if not way_of(question.kind, question.counting).is_budget:
            del self.fields["cost"]


class OptionTableForm(TableForm):
    """The choices of a question, at most `room` of them."""

    largest = LARGEST_TABLE
    too_big = _("This file is too big for a list of choices.")
    not_taken = _("Some lines can’t be taken as they are. Nothing is added yet.")

    def __init__(self, *args: Any, room: int, with_costs: bool, **options: Any):
        super().__init__(*args, **options)
        self.room, self.with_costs = room, with_costs

    def read_lines(self, text: str) -> Table:
        return read_options(text, quarters=quarters_by_name(), most=self.room, with_costs=self.with_costs)

    def shown(self, row: dict[str, Any]) -> tuple[str, str]:
        return row["label"], money(row["cost"]) if row["cost"] else ""

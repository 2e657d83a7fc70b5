"""One question as a page draws it, with what was typed for it."""

from dataclasses import dataclass
from typing import Any

from consultations import wording
from consultations.tally import Kind
from consultations.typed_answer import TypedAnswer

MOST_WITH_BUTTONS = 60
# Beyond so many options a page holds them in fewer elements (600 is the budget of a page).
LONG = {Kind.SINGLE: 40, Kind.MULTIPLE: 40, Kind.RANKING: 30, Kind.GRADES: 16, Kind.POINTS: 30}


@dataclass(frozen=True)
class Row:
    """One option as a question's page draws it: `value` is what was typed or chosen for it."""

    option: Any
    id: str
    name: str
    value: str
    is_chosen: bool
    is_wrong: bool
    is_first: bool = False
    is_last: bool = False
    focus: str = ""
    grades: tuple[tuple[str, str, str, bool], ...] = ()


class QuestionForm(TypedAnswer):
    """What the templates of a question ask: how it is drawn, its rows, its answer in words."""

    @property
    def template(self) -> str:
        kind = "choices" if self.rule.kind in (Kind.SINGLE, Kind.MULTIPLE) else self.rule.kind.value
        return f"consultations/_answer_{kind}.html"

    @property
    def how_to_answer(self) -> str:
        return wording.how_to_answer(self.rule)

    @property
    def has_sums(self) -> bool:
        return self.has_basket or self.points_left is not None

    @property
    def script(self) -> str:
        if self.rule.kind == Kind.RANKING:
            return "js/ranking.js"
        return "js/sums.js" if self.has_sums else ""

    @property
    def is_long(self) -> bool:
        """Whether the list is so long that what is known of each option stands on pages of its own."""
        return len(self.options) > LONG[self.rule.kind]

    @property
    def has_buttons(self) -> bool:
        """Whether each line has its buttons; in an even longer list numbers are typed."""
        return len(self.options) <= MOST_WITH_BUTTONS

    @property
    def has_descriptions(self) -> bool:
        return any(option.description for option in self.options.values())

    @property
    def rows(self) -> list[Row]:
        """Options as they are drawn: those that are ranked first, in their order."""
        if self.rule.kind != Kind.RANKING:
            return [self._row(slug) for slug in self.options]
        order = self.order
        rest = [slug for slug in self.options if slug not in order]
        return [self._row(slug) for slug in [*order, *rest]]

    def _row(self, slug: str) -> Row:
        is_list = self._is_list
        value = slug if is_list else self.by_option.get(slug, "")
        place, verb = f"{self.name}-{slug}", self.focus.partition(":")
        order = self.order if self.rule.kind == Kind.RANKING else []
        return Row(
            option=self.options[slug], id=place, name=self.name if is_list else place, value=value,
            is_chosen=slug in order if order else slug in self.named,
            is_wrong=self.fault is not None and self.fault.is_about(slug),
            is_first=order[:1] == [slug], is_last=order[-1:] == [slug],
            focus=verb[0] if verb[2] == slug else "",
            grades=tuple(
                (f"{place}-{index}", str(index), label, value == str(index))
                for index, label in enumerate(self.rule.grades)
            ),
        )  # fmt: skip

    @property
    def left_out(self) -> str:
        """What becomes of the options that a ranking or grades leave out."""
        number = len(self.options) - len(self.named)
        if not number or self.is_blank:
            return ""
        if self.rule.kind == Kind.RANKING:
            return wording.unranked()
        return wording.ungraded(self.rule, number) if self.rule.kind == Kind.GRADES else ""

    @property
    def summary(self) -> list[tuple[Any, str | int]]:
        """The answer for reading again: options in the order that counts, each with its grade, points or number."""
        answer = self.answer
        if isinstance(answer, str):
            return [(self.options[answer], "")]
        if isinstance(answer, list):
            is_ranking = self.rule.kind == Kind.RANKING
            return [(self.options[slug], str(n) if is_ranking else "") for n, slug in enumerate(answer, 1)]
        if self.rule.kind == Kind.GRADES:
            return [(self.options[slug], self.rule.grades[grade]) for slug, grade in (answer or {}).items()]
        return [(self.options[slug], points) for slug, points in (answer or {}).items()]

"""One answer as a form sends it: read into the answer that is counted, moved by a button, summed up.

The names of fields: `q2` (or `q2-<option>` where each option has its own) for the second question,
`q2_blank` for a blank vote on it.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

from django.http import QueryDict

from consultations import faults
from consultations.faults import Fault
from consultations.tally import Answer, InvalidAnswer, Kind, validate
from consultations.tally import Question as Rule

# Longer than anything that is asked for: what is sent back is cut there.
LONGEST = 100
MOST_DIGITS = 9


class TypedAnswer:
    """What was typed for one question of a ballot; `number` counts from 1, `focus` is the button that was pressed."""

    def __init__(self, question: Any, number: int, typed: QueryDict, *, focus: str = ""):
        self.question, self.number, self.typed, self.focus = question, number, typed, focus
        self.rule: Rule = question.as_rule()
        self.name = f"q{number}"
        self.options = {option.slug: option for option in question.options.all()}

    # --- What was typed -----------------------------------------------------------------

    def fields(self) -> Iterator[tuple[str, str]]:
        """What the form said of this question, word for word."""
        for name, values in self.typed.lists():
            if name in (self.name, f"{self.name}_blank") or name.startswith(f"{self.name}-"):
                yield from ((name, value[:LONGEST]) for value in values)

    @cached_property
    def by_option(self) -> dict[str, str]:
        """What was typed for each option, unknown ones included, in the order of the form."""
        start = f"{self.name}-"
        return {name.removeprefix(start): value.strip() for name, value in self.fields() if name.startswith(start)}

    @cached_property
    def chosen(self) -> list[str]:
        return [value for name, value in self.fields() if name == self.name]

    @property
    def is_blank(self) -> bool:
        """Whether a blank vote was asked for; something filled in since takes its place."""
        if self.rule.kind == Kind.SINGLE:
            return self.chosen == [""]
        return f"{self.name}_blank" in self.typed and not self.named

    def blank(self) -> Self:
        """The same question left blank."""
        typed = self.typed.copy()
        for name, _value in list(self.fields()):
            typed.pop(name, None)
        typed.update(dict(fields_of(self.rule, self.number, None)))
        return type(self)(self.question, self.number, typed)

    # --- Reading ------------------------------------------------------------------------

    @cached_property
    def read(self) -> tuple[Answer, Fault | None]:
        """The answer in its canonical form, or what is wrong with it."""
        if self.is_blank:
            return None, None
        try:
            if not self.named and not self._strange:
                # A blank vote is a choice, too: it is asked for by its own name.
                raise InvalidAnswer("too_few", limit=max(self.rule.minimum, 1), found=0)
            return validate(self.rule, self._raw()), None
        except InvalidAnswer as error:
            return None, faults.of(error, self)

    @property
    def answer(self) -> Answer:
        return self.read[0]

    @property
    def fault(self) -> Fault | None:
        return self.read[1]

    @property
    def _strange(self) -> bool:
        """Whether something is said of what is no option here."""
        filled = {slug for slug, text in self.by_option.items() if text}
        return not (set(self.chosen) if self._is_list else filled) <= set(self.options)

    @property
    def _is_list(self) -> bool:
        """Whether all options share one field."""
        return self.rule.kind in (Kind.SINGLE, Kind.MULTIPLE)

    @property
    def _nothing(self) -> tuple[str, ...]:
        """What is typed for an option that is left out; a 0 among grades is the best one."""
        return ("", "0") if self.rule.kind == Kind.POINTS else ("",)

    def _raw(self) -> Answer:
        if self.rule.kind == Kind.SINGLE:
            if len(self.chosen) > 1:
                raise InvalidAnswer("too_many", limit=1, found=len(self.chosen))
            return self.chosen[0]
        if self.rule.kind == Kind.MULTIPLE:
            return self.chosen
        numbers = {slug: _whole(slug, text) for slug, text in self.by_option.items() if text}
        return self._ranked(numbers) if self.rule.kind == Kind.RANKING else dict(numbers)

    def _ranked(self, numbers: Mapping[str, int]) -> list[str]:
        seen: dict[int, str] = {}
        for slug, number in numbers.items():
            if number < 1:
                raise InvalidAnswer("bad_number", option=slug, found=number)
            if number in seen:
                raise InvalidAnswer("same_number", option=slug, limit=seen[number], found=number)
            seen[number] = slug
        return [seen[number] for number in sorted(seen)]

    # --- Moving by a button ---------------------------------------------------------------

    def moved(self, act: str) -> Self:
        """The same question after a button of its page: up, down, in, out, more or less, and an option: `up:park`.

        Anything else changes nothing.
        """
        verb, _colon, slug = act.partition(":")
        if slug not in self.options:
            return self
        typed = self.typed.copy()
        numbers = self._points_after(verb, slug)
        if self.rule.kind == Kind.RANKING:
            order = order_after(self.order, verb, slug)
            numbers = {slug: ""} | {option: str(number) for number, option in enumerate(order, 1)}
        for option, number in numbers.items():
            typed[f"{self.name}-{option}"] = number
        return type(self)(self.question, self.number, typed, focus=act)

    def _points_after(self, verb: str, slug: str) -> dict[str, str]:
        points = _number(self.by_option.get(slug, "")) or 0
        most = self.rule.points_each
        if verb == "more" and (most is None or points < most) and self.points_left != 0:
            points += 1
        elif verb == "less":
            points = max(points - 1, 0)
        return {slug: str(points) if points else ""}

    @property
    def order(self) -> list[str]:
        """Options that have a number, the smallest first; equal ones in the order of the question."""
        numbers = {slug: _number(self.by_option.get(slug, "")) for slug in self.options}
        return sorted((slug for slug, number in numbers.items() if number), key=lambda slug: numbers[slug] or 0)

    # --- Sums ---------------------------------------------------------------------------

    @property
    def points_given(self) -> int:
        return sum(max(_number(text) or 0, 0) for slug, text in self.by_option.items() if slug in self.options)

    @property
    def points_left(self) -> int | None:
        """Points still to give, below 0 where too many were; None without a limit in all."""
        total = self.rule.points_total
        return None if total is None else total - self.points_given

    @property
    def has_basket(self) -> bool:
        return self.rule.fits_budget and self.rule.budget is not None

    @property
    def named(self) -> list[str]:
        """Known options that were chosen, ranked, graded or given points."""
        if self._is_list:
            return [slug for slug in self.options if slug in self.chosen]
        return [slug for slug in self.options if self.by_option.get(slug, "") not in self._nothing]

    @property
    def spent(self) -> Decimal:
        return sum((self.rule.costs.get(slug, Decimal(0)) for slug in self.named), Decimal(0))

    @property
    def left(self) -> Decimal:
        return (self.rule.budget or Decimal(0)) - self.spent

    @property
    def left_or_zero(self) -> Decimal:
        return max(self.left, Decimal(0))

    @property
    def points_left_or_zero(self) -> int:
        return max(self.points_left or 0, 0)

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def share_spent(self) -> int:
        """Of the budget, from 0 to 100."""
        return min(100, round(100 * self.spent / self.rule.budget)) if self.rule.budget else 0


def fields_of(rule: Rule, number: int, answer: Answer) -> list[tuple[str, str]]:
    """What a form would say to give that answer: the other way round, to change a vote."""
    name = f"q{number}"
    if answer is None:
        return [(name, "")] if rule.kind == Kind.SINGLE else [(f"{name}_blank", "1")]
    if isinstance(answer, str):
        return [(name, answer)]
    if isinstance(answer, dict):
        return [(f"{name}-{slug}", str(value)) for slug, value in answer.items()]
    if rule.kind == Kind.RANKING:
        return [(f"{name}-{slug}", str(place)) for place, slug in enumerate(answer, 1)]
    return [(name, slug) for slug in answer]


def order_after(order: list[str], verb: str, slug: str) -> list[str]:
    """An order of preference after a button: up and down change places, in comes last, out goes."""
    order = list(order)
    if slug not in order:
        return [*order, slug] if verb == "in" else order
    place = order.index(slug)
    if verb == "out":
        order.remove(slug)
    elif verb in ("up", "down"):
        other = min(max(place + (1 if verb == "down" else -1), 0), len(order) - 1)
        order[place], order[other] = order[other], order[place]
    return order


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def _whole(slug: str, text: str) -> int:
    number = _number(text.removeprefix("-"))
    if number is None:
        raise InvalidAnswer("bad_number", option=slug, found=text)
    return -number if text.startswith("-") else number

"""What a question asks and how it is counted: all that a count needs to know, frozen before the vote opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property
from typing import Any


class Kind(StrEnum):
    """What a voter writes on the ballot."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    RANKING = "ranking"
    GRADES = "grades"
    POINTS = "points"


class Counting(StrEnum):
    """The rule that turns ballots into a result."""

    PLURALITY = "plurality"
    APPROVAL = "approval"
    SCHULZE = "schulze"
    MAJORITY_JUDGMENT = "majority_judgment"
    POINTS = "points"
    GREEDY = "greedy"
    EQUAL_SHARES = "equal_shares"


BUDGET_RULES = (Counting.GREEDY, Counting.EQUAL_SHARES)

COUNTINGS: Mapping[Kind, tuple[Counting, ...]] = {
    Kind.SINGLE: (Counting.PLURALITY,),
    Kind.MULTIPLE: (Counting.APPROVAL, *BUDGET_RULES),
    Kind.RANKING: (Counting.SCHULZE, *BUDGET_RULES),
    Kind.GRADES: (Counting.MAJORITY_JUDGMENT,),
    Kind.POINTS: (Counting.POINTS, *BUDGET_RULES),
}


class InvalidQuestion(ValueError):
    """A question that can't be counted as it is written; `code` names why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Option:
    """One thing to choose. `cost` is in the question's currency, for budgets only."""

    slug: str
    label: str
    cost: Decimal | None = None


@dataclass(frozen=True)
class Question:
    """One question of a ballot.

    `minimum` and `maximum` bound how many options a ballot names (chooses, ranks, grades, gives points);
    `points_each` and `points_total` bound points for one option and in all; `grades` are labels, best
    first; `budget` is the total that costs are held against. With `fits_budget` the options that one
    ballot names must fit the total together. `drawn_order` breaks ties: every slug once, drawn before the
    opening (empty: the order of the options); with `lowest_cost_first` it decides between equal costs only.
    A ranking that decides on a budget gives k points to the first of the k that a ballot ranks, k-1 to the
    next, 1 to the last; these points rank the projects with `rank_points`, else the number of ballots does.
    `counting` decides; with `shows_both` a budget is counted by the other budget rule too, to be shown.

    Raises InvalidQuestion when its parts don't fit each other.
    """

    slug: str
    kind: Kind
    counting: Counting
    options: tuple[Option, ...]
    minimum: int = 1
    maximum: int | None = None
    points_each: int | None = None
    points_total: int | None = None
    grades: tuple[str, ...] = ()
    budget: Decimal | None = None
    currency: str = "EUR"
    fits_budget: bool = False
    drawn_order: tuple[str, ...] = ()
    lowest_cost_first: bool = False
    shows_both: bool = True
    rank_points: bool = False
    title: str = ""

    def __post_init__(self) -> None:
        for code, is_wrong in self._faults().items():
            if is_wrong:
                raise InvalidQuestion(code)

    def _faults(self) -> dict[str, bool]:
        costs = [option.cost for option in self.options]
        return {
            "no_option": not self.options,
            "option_twice": len(self.slugs) != len(set(self.slugs)),
            "counting_of_another_kind": self.counting not in COUNTINGS[self.kind],
            "no_grades": self.kind == Kind.GRADES and len(self.grades) < 2,
            "no_limit_of_points": self.kind == Kind.POINTS and self.points_each is None and self.points_total is None,
            "no_budget": self.is_budget and (self.budget is None or self.budget <= 0),
            "no_cost": self.is_budget and any(cost is None or cost < 0 for cost in costs),
            "bounds_crossed": self.minimum < 0 or self.most < self.minimum,
            "drawn_order_incomplete": bool(self.drawn_order) and sorted(self.drawn_order) != sorted(self.slugs),
        }

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        return tuple(option.slug for option in self.options)

    @cached_property
    def slug_set(self) -> frozenset[str]:
        return frozenset(self.slugs)

    @cached_property
    def costs(self) -> dict[str, Decimal]:
        return {option.slug: option.cost for option in self.options if option.cost is not None}

    @property
    def is_budget(self) -> bool:
        return self.counting in BUDGET_RULES

    @property
    def most(self) -> int:
        """How many options a ballot may name."""
        return len(self.options) if self.maximum is None else min(self.maximum, len(self.options))

    @cached_property
    def tie_order(self) -> tuple[str, ...]:
        """All slugs as the tie rule puts them: of equals, the earlier comes first."""
        order = self.drawn_order or self.slugs
        if self.lowest_cost_first:
            return tuple(sorted(order, key=lambda slug: self.costs.get(slug, Decimal(0))))
        return order

    def as_json(self) -> dict[str, Any]:
        """The question as it is published, and as `from_json` reads it back; costs as text, to be exact."""
        return {
            "slug": self.slug,
            "title": self.title,
            "kind": self.kind.value,
            "counting": self.counting.value,
            "options": [
                {"slug": option.slug, "label": option.label}
                | ({} if option.cost is None else {"cost": _text(option.cost)})
                for option in self.options
            ],
            "minimum": self.minimum,
            "maximum": self.maximum,
            "points_each": self.points_each,
            "points_total": self.points_total,
            "grades": list(self.grades),
            "budget": None if self.budget is None else _text(self.budget),
            "currency": self.currency,
            "fits_budget": self.fits_budget,
            "drawn_order": list(self.drawn_order),
            "lowest_cost_first": self.lowest_cost_first,
            "shows_both": self.shows_both,
            "rank_points": self.rank_points,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Question":
        """Read what `as_json` wrote; what it doesn't know is passed over. Raises InvalidQuestion."""
        try:
            known = {name: written[name] for name in cls.__dataclass_fields__ if name in written}
            options = tuple(
                Option(o["slug"], o.get("label", o["slug"]), _money(o.get("cost"))) for o in known["options"]
            )
            return cls(
                **known
                | {
                    "kind": Kind(known["kind"]),
                    "counting": Counting(known["counting"]),
                    "options": options,
                    "grades": tuple(known.get("grades", ())),
                    "budget": _money(known.get("budget")),
                    "drawn_order": tuple(known.get("drawn_order", ())),
                }
            )
        except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as fault:
            if isinstance(fault, InvalidQuestion):
                raise
            raise InvalidQuestion("bad_shape") from fault


def _text(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


def _money(written: str | int | None) -> Decimal | None:
    return None if written is None else Decimal(written)

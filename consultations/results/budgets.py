"""A participatory budget: both rules side by side, and how each came to its projects, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import ngettext

from civic.kernel.templatetags.typography import money
from consultations.models import Counting, Option, Question
from consultations.results.shown import Shown
from consultations.results.words import exact, permille

# Steps of a rule on one page.
STEPS = 40


@dataclass(frozen=True)
class Project:
    """A project's line: `cost` in words, whether each rule takes it (None where that rule was not counted)."""

    option: Option
    place: int
    support: int
    votes: int
    cost: str
    length: int
    by_greedy: bool | None
    by_shares: bool | None
    is_selected: bool


@dataclass(frozen=True)
class Sum:
    """What a rule takes in all."""

    number: int
    spent: str
    left: str
    # Thousandths of the budget.
    share: int
    decides: bool


@dataclass(frozen=True)
class GreedyStep:
    number: int
    label: str
    support: int
    cost: str
    left_before: str
    is_selected: bool


@dataclass(frozen=True)
class SharesStep:
    """A project bought together, or one that what was left paid for in the end (`is_completed`)."""

    number: int
    label: str
    cost: str
    supporters: int
    payment: str
    gave_the_rest: int
    left: str
    tie: list[str]
    is_completed: bool


class BudgetShown(Shown):
    template = "consultations/results/_budget.html"
    steps_template = "consultations/results/_budget_steps.html"

    def __init__(self, question: Question, outcome: Mapping[str, Any]):
        super().__init__(question, outcome)
        self.currency: str = outcome["currency"]
        self.greedy: Mapping[str, Any] | None = outcome["greedy"]
        self.shares: Mapping[str, Any] | None = outcome["equal_shares"]

    def say(self, written: str | int) -> str:
        return money(exact(written), self.currency)

    @property
    def is_ranked_by_score(self) -> bool:
        return self.outcome["ranked_by"] == "score"

    @property
    def support(self) -> Mapping[str, int]:
        return self.outcome["score"] if self.is_ranked_by_score else self.outcome["votes"]

    @property
    def decides_by_shares(self) -> bool:
        return self.outcome["counting"] == Counting.EQUAL_SHARES

    @property
    def ranking(self) -> Sequence[str]:
        """By support, equals as the written rule puts them."""
        if self.greedy:
            return [step["project"] for step in self.greedy["steps"]]
        order = self.question.tie_order or list(self.options)
        return sorted(order, key=lambda slug: -self.support[slug])

    @property
    def winner(self) -> Option | None:
        return None

    @cached_property
    def projects(self) -> list[Project]:
        most = max(self.support.values(), default=0)
        by_greedy = set(self.greedy["selected"]) if self.greedy else None
        by_shares = set(self.shares["selected"]) if self.shares else None
        selected = set(self.outcome["selected"])
        return [
            Project(
                self.options[slug],
                place,
                self.support[slug],
                self.outcome["votes"][slug],
                self.say(self.outcome["costs"][slug]),
                permille(self.support[slug], most),
                None if by_greedy is None else slug in by_greedy,
                None if by_shares is None else slug in by_shares,
                slug in selected,
            )
            for place, slug in enumerate(self.ranking, 1)
        ]

    @property
    def budget(self) -> str:
        return self.say(self.outcome["budget"])

    @property
    def spent(self) -> str:
        return self.say(self.outcome["spent"])

    @property
    def left(self) -> str:
        return self.say(self.outcome["left"])

    @property
    def sum_by_greedy(self) -> Sum | None:
        return self._sum(self.greedy, decides=not self.decides_by_shares)

    @property
    def sum_by_shares(self) -> Sum | None:
        return self._sum(self.shares, decides=self.decides_by_shares)

    def _sum(self, rule: Mapping[str, Any] | None, *, decides: bool) -> Sum | None:
        if rule is None:
            return None
        spent, whole = exact(rule["spent"]), exact(self.outcome["budget"])
        share = round(1000 * spent / whole) if whole else 0
        return Sum(len(rule["selected"]), self.say(rule["spent"]), self.say(rule["left"]), share, decides)

    @property
    def same_choice(self) -> bool:
        return bool(self.greedy and self.shares and set(self.greedy["selected"]) == set(self.shares["selected"]))

    @property
    def verdict(self) -> str:
        number = len(self.outcome["selected"])
        return ngettext(
            "%(number)s project of %(all)s is chosen, for %(spent)s out of %(budget)s.",
            "%(number)s projects of %(all)s are chosen, for %(spent)s out of %(budget)s.",
            number,
        ) % {"number": number, "all": len(self.options), "spent": self.spent, "budget": self.budget}

    def is_worth_telling(self, tie: Mapping[str, Any]) -> bool:
        """Only where the order among equals decided who is chosen."""
        selected = set(self.outcome["selected"])
        return 0 < len(selected.intersection(tie["options"])) < len(tie["options"])

    # --- Step by step ---

    @cached_property
    def greedy_steps(self) -> list[GreedyStep]:
        steps = self.greedy["steps"] if self.greedy else []
        return [
            GreedyStep(
                number,
                self.label(step["project"]),
                step["support"],
                self.say(step["cost"]),
                self.say(step["left_before"]),
                step["is_selected"],
            )
            for number, step in enumerate(steps, 1)
        ]

    @property
    def voters(self) -> int:
        return self.shares["voters"] if self.shares else 0

    @property
    def first_share(self) -> str:
        return self.say(self.shares["plain"]["share"]) if self.shares else ""

    @property
    def raises(self) -> int:
        return self.shares["raises"] if self.shares else 0

    @property
    def raised_share(self) -> str:
        return self.say(self.shares["raised"]["share"]) if self.shares else ""

    @property
    def spent_at_first(self) -> str:
        return self.say(self.shares["plain"]["spent"]) if self.shares else ""

    @property
    def bought_at_first(self) -> int:
        return len(self.shares["plain"]["selected"]) if self.shares else 0

    @cached_property
    def shares_steps(self) -> list[SharesStep]:
        """What supporters bought together with the shares as they were raised, then what the rest paid for."""
        if self.shares is None:
            return []
        bought = [self._purchase(number, past) for number, past in enumerate(self.shares["raised"]["purchases"], 1)]
        left = exact(self.outcome["budget"]) - exact(self.shares["raised"]["spent"])
        for slug in self.shares["completed"]:
            cost = exact(self.outcome["costs"][slug])
            left -= cost
            said = money(cost, self.currency), money(left, self.currency)
            step = SharesStep(len(bought) + 1, self.label(slug), said[0], 0, "", 0, said[1], [], is_completed=True)
            bought.append(step)
        return bought

    def _purchase(self, number: int, past: Mapping[str, Any]) -> SharesStep:
        return SharesStep(
            number,
            self.label(past["project"]),
            self.say(past["cost"]),
            past["supporters"],
            self.say(past["highest_payment"]),
            past["gave_the_rest"],
            self.say(past["left"]),
            [self.label(slug) for slug in past["tie"]],
            is_completed=False,
        )

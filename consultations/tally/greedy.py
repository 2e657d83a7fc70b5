"""Greedy: projects by falling support, each taken if it still fits the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from consultations.tally.ties import Tie, rank

Amount = int | Decimal | Fraction


@dataclass(frozen=True)
class GreedyStep:
    """One project as its turn comes: what was left before, and whether it is taken."""

    project: str
    support: Amount
    cost: Amount
    left_before: Amount
    is_selected: bool


@dataclass(frozen=True)
class GreedyOutcome:
    """`selected` in the order of the count; `ties` says where the written rule gave the order."""

    steps: tuple[GreedyStep, ...]
    selected: tuple[str, ...]
    spent: Amount
    left: Amount
    ties: tuple[Tie, ...]


def greedy(
    costs: Mapping[str, Amount], support: Mapping[str, Amount], budget: Amount, order: Sequence[str]
) -> GreedyOutcome:
    """Pass over what no longer fits, and go on to the end of the list.

    It asks nothing but whether a project fits: one that nobody names is taken too, last, where money is left.
    Source: rule `greedy` of Pabulib (D. Stolicki, S. Szufa, N. Talmon, "Pabulib: A Participatory Budgeting
    Library", 2020, arXiv:2012.06539).
    """
    ranking, ties = rank(support, order)
    left, steps = budget, []
    for slug in ranking:
        fits = costs[slug] <= left
        steps.append(GreedyStep(slug, support[slug], costs[slug], left, fits))
        if fits:
            left -= costs[slug]  # type: ignore[operator]
    selected = tuple(step.project for step in steps if step.is_selected)
    return GreedyOutcome(tuple(steps), selected, budget - left, left, ties)  # type: ignore[operator]

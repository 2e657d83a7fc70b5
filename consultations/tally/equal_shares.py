"""The method of equal shares: each ballot has the same share of the budget, and supporters buy projects together.

Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive Utilities",
*NeurIPS* 34 (2021), section 3 (arXiv:2008.13276); https://equalshares.net/explanation/.

What a project is worth to a ballot that chooses it (its *utility*) is its cost, for ballots that only choose; its
points, for ballots that give points or rank. That is what `pabutools` computes with `Cost_Sat` and with
`Additive_Cardinal_Sat`, without completion. All amounts are exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from consultations.tally.greedy import Amount, greedy
from consultations.tally.purses import Friends, Purses
from consultations.tally.ties import Tie

# What each project is worth to a ballot, and how many ballots are like it.
Supporters = Iterable[tuple[Mapping[str, Amount], int]]


@dataclass(frozen=True)
class Purchase:
    """One step. `price` is what each supporter pays for one unit of utility; who has less gives all that is left.

    `highest_payment` is the most that one of them pays, `paid_in_full` the number who pay the price,
    `gave_the_rest` the number who had less; `left` is what all purses hold together afterwards.
    `tie` holds the projects of the same price among which the written rule chose, this one first.
    """

    project: str
    cost: Fraction
    price: Fraction
    highest_payment: Fraction
    supporters: int
    paid_in_full: int
    gave_the_rest: int
    left: Fraction
    tie: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """The method once, with `share` in each purse at the start."""

    share: Fraction
    purchases: tuple[Purchase, ...]
    selected: tuple[str, ...]
    spent: Fraction

    @property
    def ties(self) -> tuple[Tie, ...]:
        return tuple(Tie(step, past.tie) for step, past in enumerate(self.purchases, 1) if past.tie)


@dataclass(frozen=True)
class EqualSharesOutcome:
    """`plain` is the method alone; `raised` the run after `raises` raises of every share by a tenth (the same as
    `plain` after none); `completed` what the rest of the money then buys by support; `selected` all together."""

    voters: int
    plain: Run
    raises: int
    raised: Run
    completed: tuple[str, ...]
    selected: tuple[str, ...]
    spent: Fraction
    left: Fraction
    ties: tuple[Tie, ...]


def equal_shares(
    costs: Mapping[str, Amount],
    supporters: Supporters,
    voters: int,
    budget: Amount,
    order: Sequence[str],
    support: Mapping[str, Amount],
) -> EqualSharesOutcome:
    """The method with its completion, since shares that nobody can put together would stay unspent.

    Everybody's share is raised by a tenth and the method starts again, as long as the whole costs no more than the
    true budget and something more would fit (*Add1* of equalshares.net/explanation, in steps of a tenth rather
    than one unit of money); what is left then goes by `support`, as the greedy rule does (*Add1U*). `voters`
    counts blank votes, which have a share and spend nothing of it.
    """
    market = Market(costs, supporters, voters, order)
    total = Fraction(budget)
    plain = raised = market.run(total / voters if voters else Fraction(0))
    raises = 0
    while market.would_fit(raised, total):
        attempt = market.run(raised.share * Fraction(11, 10))
        if attempt.spent > total:
            break
        raised, raises = attempt, raises + 1
    rest = [slug for slug in order if slug not in raised.selected]
    filled = greedy(market.costs, support, total - raised.spent, rest)
    spent = raised.spent + Fraction(filled.spent)
    selected = (*raised.selected, *filled.selected)
    ties = (*raised.ties, *filled.ties)
    return EqualSharesOutcome(voters, plain, raises, raised, filled.selected, selected, spent, total - spent, ties)


class Market:
    """Projects and their supporters, ready for runs with different shares."""

    def __init__(self, costs: Mapping[str, Amount], supporters: Supporters, voters: int, order: Sequence[str]):
        self.costs = {slug: Fraction(costs[slug]) for slug in order}
        self.voters = voters
        self.order = order
        sorts = list(supporters)
        self.sorts = len(sorts)
        # Utilities are scaled to whole numbers; prices are scaled back.
        worth = {utility for utilities, _ in sorts for utility in utilities.values()}
        self.scale = lcm(*(Fraction(utility).denominator for utility in worth))
        whole = {utility: int(Fraction(utility) * self.scale) for utility in worth}
        self.friends = {slug: Friends() for slug in order}
        for sort, (utilities, number) in enumerate(sorts):
            for slug, utility in utilities.items():
                if utility > 0:
                    self.friends[slug].add(sort, whole[utility], number)

    def would_fit(self, run: Run, budget: Fraction) -> bool:
        """Whether some project that has supporters is left and fits what the run leaves of the true budget."""
        left = budget - run.spent
        return any(self.friends[s] and self.costs[s] <= left for s in self.order if s not in run.selected)

    def run(self, share: Fraction) -> Run:
        """Buy, again and again, the project whose supporters need to pay least for each unit of utility."""
        purses = Purses(share, self.sorts)
        held = share * self.voters
        lowest = {slug: Fraction(0) for slug in self.order if self.friends[slug]}
        purchases: list[Purchase] = []
        while tied := self._cheapest(purses, lowest):
            project, price = tied[0]
            del lowest[project]
            held -= self.costs[project]
            highest, full, less = purses.pay(self.friends[project], price / self.scale)
            purchases.append(
                Purchase(
                    project=project,
                    cost=self.costs[project],
                    price=price,
                    highest_payment=highest,
                    supporters=full + less,
                    paid_in_full=full,
                    gave_the_rest=less,
                    left=held,
                    tie=tuple(slug for slug, _ in tied) if len(tied) > 1 else (),
                )
            )
        selected = tuple(purchase.project for purchase in purchases)
        return Run(share, tuple(purchases), selected, sum((self.costs[slug] for slug in selected), Fraction(0)))

    def _cheapest(self, purses: Purses, lowest: dict[str, Fraction]) -> list[tuple[str, Fraction]]:
        """The projects of the lowest price, in the written order, each with it; none when nothing can be paid.

        A price never falls while purses empty, so that an old one bounds the new one from below: most projects
        need no new look. Who can't be paid now can't be later, and goes.
        """
        best: Fraction | None = None
        prices: dict[str, Fraction] = {}
        for slug in sorted(lowest, key=lambda slug: lowest[slug]):
            if best is not None and lowest[slug] > best:
                break
            found = purses.price(self.costs[slug], self.friends[slug])
            if found is None:
                del lowest[slug]
                continue
            lowest[slug] = prices[slug] = price = found * self.scale
            best = price if best is None else min(best, price)
        return [(slug, prices[slug]) for slug in self.order if slug in prices and prices[slug] == best]

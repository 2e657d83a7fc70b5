"""What each ballot still has to spend, exactly, for the method of equal shares.

Amounts are whole numbers of a unit that becomes finer when a price asks for it; ballots with the same history share
one purse number. That is many times quicker than a fraction for each ballot, and as exact.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm


@dataclass
class Friends:
    """Who supports a project: sorts of ballots, each with the whole number that the project is worth to it.

    Sorts that as many ballots belong to are kept together, so that the loops over them are Python's own.
    """

    by_number: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)

    def add(self, sort: int, utility: int, number: int) -> None:
        """`number` ballots of that sort."""
        sorts, utilities = self.by_number.setdefault(number, ([], []))
        sorts.append(sort)
        utilities.append(utility)

    def __bool__(self) -> bool:
        return bool(self.by_number)

    def values(self) -> Iterator[tuple[int, list[int], list[int]]]:
        """(number, sorts, utilities)."""
        for number, (sorts, utilities) in self.by_number.items():
            yield number, sorts, utilities


class Purses:
    """`sorts` sorts of ballots, each of which begins with `share`."""

    def __init__(self, share: Fraction, sorts: int):
        self.values = [share.numerator]
        self.per_unit = share.denominator  # units in one of the currency
        self.purse_of = [0] * sorts

    def price(self, cost: Fraction, friends: Friends) -> Fraction | None:
        """The least price for one unit of utility at which `friends` pay `cost`; None if they can't.

        Who has least for each unit of utility is asked first and gives all; the first who can pay the price that
        is then left settles it.
        """
        groups = self._groups(friends)
        common = lcm(*{utility for _, utility in groups})
        poorest_first = sorted(groups, key=lambda group: self.values[group[0]] * (common // group[1]))
        needed = cost * self.per_unit
        missing, scale = needed.numerator, needed.denominator
        utilities = sum(utility * number for (_, utility), number in groups.items())
        for purse, utility in poorest_first:
            value = self.values[purse] * scale
            if missing * utility <= value * utilities:
                return Fraction(missing, utilities * scale * self.per_unit)
            missing -= value * groups[purse, utility]
            utilities -= utility * groups[purse, utility]
        return None

    def pay(self, friends: Friends, price: Fraction) -> tuple[Fraction, int, int]:
        """Take `price` times utility from each friend, or what is left.

        Returns the highest payment, how many paid in full, and how many had less.
        """
        self._refine((price * self.per_unit).denominator)
        each = int(price * self.per_unit)
        after: dict[tuple[int, int], int] = {}
        full = less = highest = 0
        for (purse, utility), number in self._groups(friends).items():
            paid = min(each * utility, self.values[purse])
            highest = max(highest, paid)
            full, less = (full + number, less) if paid == each * utility else (full, less + number)
            after[purse, utility] = len(self.values)
            self.values.append(self.values[purse] - paid)
        for _, sorts, utilities in friends.values():
            for sort, utility in zip(sorts, utilities, strict=True):
                self.purse_of[sort] = after[self.purse_of[sort], utility]
        return Fraction(highest, self.per_unit), full, less

    def _groups(self, friends: Friends) -> dict[tuple[int, int], int]:
        """How many ballots have the same purse and the same utility."""
        groups: Counter[tuple[int, int]] = Counter()
        for number, sorts, utilities in friends.values():
            alike = Counter(zip(map(self.purse_of.__getitem__, sorts), utilities, strict=True))
            groups.update({group: number * sorts_alike for group, sorts_alike in alike.items()})
        return groups

    def _refine(self, factor: int) -> None:
        self.per_unit *= factor
        self.values = [value * factor for value in self.values]

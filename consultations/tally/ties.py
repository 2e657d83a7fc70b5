"""Ties are broken by the rule written beforehand, and nothing else: of equals, the earlier in `order` comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Tie:
    """Equals that the written rule separated.

    `options` are in the order that the rule gave them, and `place` is that of the first of them, from 1.
    """

    place: int
    options: tuple[str, ...]


def rank(scores: Mapping[str, Any], order: Sequence[str]) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """The options of `order` by falling score, and the ties that the order broke."""
    ranking: list[str] = []
    ties: list[Tie] = []
    # `sorted` is stable: equals stay in the written order.
    best_first = sorted(order, key=lambda slug: scores[slug], reverse=True)
    for _, group in groupby(best_first, key=lambda slug: scores[slug]):
        equals = tuple(group)
        if len(equals) > 1:
            ties.append(Tie(len(ranking) + 1, equals))
        ranking += equals
    return tuple(ranking), tuple(ties)

"""A ranking: the table of duels, the strongest paths, and the instant runoff beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import Option
from consultations.results.shown import Shown
from consultations.results.words import letter, percent

# A table of more would not fit a page: the file of results holds them all.
MOST_DUELS = 8


@dataclass(frozen=True)
class Cell:
    """How many put the row's option above the column's; `is_won` where more do than the other way round."""

    number: int | None
    is_won: bool


@dataclass(frozen=True)
class DuelRow:
    option: Option
    letter: str
    cells: list[Cell]
    won: int


@dataclass(frozen=True)
class Turn:
    """An option in a round of the instant runoff; None where it is out already."""

    number: int | None
    share: str
    is_out_after: bool


class RankingShown(Shown):
    template = "consultations/results/_ranking.html"
    steps_template = "consultations/results/_ranking_steps.html"

    @property
    def options_in_order(self) -> list[Option]:
        return [self.options[slug] for slug in self.ranking]

    @property
    def is_large(self) -> bool:
        return len(self.ranking) > MOST_DUELS

    @property
    def has_condorcet_winner(self) -> bool:
        return bool(self.outcome["condorcet_winner"])

    @cached_property
    def letters(self) -> list[tuple[str, Option]]:
        return [(letter(place), self.options[slug]) for place, slug in enumerate(self._first)]

    @property
    def duels(self) -> list[DuelRow]:
        return self._table(self.outcome["duels"])

    @property
    def paths(self) -> list[DuelRow]:
        return self._table(self.outcome["paths"])

    @property
    def _first(self) -> list[str]:
        return list(self.ranking)[:MOST_DUELS]

    def _table(self, table: Mapping[str, Mapping[str, int]]) -> list[DuelRow]:
        rows = []
        for place, slug in enumerate(self._first):
            cells = [
                Cell(table[slug][other], table[slug][other] > table[other][slug])
                if other != slug
                else Cell(None, False)
                for other in self._first
            ]
            won = sum(table[slug][other] > table[other][slug] for other in self.ranking if other != slug)
            rows.append(DuelRow(self.options[slug], letter(place), cells, won))
        return rows

    # --- Instant runoff ---

    @property
    def runoff(self) -> Mapping[str, Any]:
        return self.outcome["instant_runoff"]

    @property
    def runoff_winner(self) -> Option | None:
        slug = self.runoff["winner"]
        return self.options[slug] if slug else None

    @property
    def runoff_agrees(self) -> bool:
        return self.runoff["winner"] == self.outcome["winner"]

    @property
    def rounds(self) -> list[int]:
        return list(range(1, len(self.runoff["rounds"]) + 1))

    @property
    def turns(self) -> list[tuple[Option, list[Turn]]]:
        return [(self.options[slug], self._turns(slug)) for slug in self.runoff["ranking"]]

    def _turns(self, slug: str) -> list[Turn]:
        turns = []
        for past in self.runoff["rounds"]:
            number = past["votes"].get(slug)
            whole = sum(past["votes"].values())
            turns.append(Turn(number, percent(number or 0, whole), past["eliminated"] == slug))
        return turns

    @property
    def exhausted(self) -> list[int]:
        return [past["exhausted"] for past in self.runoff["rounds"]]

    @property
    def verdict(self) -> str:
        if self.winner is not None and self.has_condorcet_winner:
            return _("“%(option)s” wins its duel against each of the others.") % {"option": self.winner.label}
        return super().verdict

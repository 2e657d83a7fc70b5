"""Plurality, approval and points: a bar and a number for each option."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.results.shown import Row, Shown
from consultations.results.words import percent, permille


class VotesShown(Shown):
    template = "consultations/results/_votes.html"
    unit: str | Promise = _("Votes")
    share_of: str | Promise = _("Share of the votes expressed")

    @property
    def figures(self) -> Mapping[str, int]:
        return self.outcome["votes"]

    @property
    def whole(self) -> int:
        """What shares are taken of: the ballots that say something."""
        return self.expressed

    @cached_property
    def rows(self) -> list[Row]:
        most = max(self.figures.values(), default=0)
        winner = self.outcome.get("winner")
        return [
            Row(
                self.options[slug],
                place,
                self.figures[slug],
                percent(self.figures[slug], self.whole),
                permille(self.figures[slug], most),
                slug == winner,
            )
            for place, slug in enumerate(self.ranking, 1)
        ]

    def is_worth_telling(self, tie: Mapping[str, Any]) -> bool:
        return any(self.figures[slug] for slug in tie["options"])


class ApprovalShown(VotesShown):
    unit = _("Ballots that name it")
    share_of = _("Share of the ballots")


class PointsShown(VotesShown):
    unit = _("Points")
    share_of = _("Share of the points")

    @property
    def figures(self) -> Mapping[str, int]:
        return self.outcome["score"]

    @property
    def whole(self) -> int:
        return sum(self.figures.values())

"""The page of a proclaimed result: every question, who took part, and how to count again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.text import capfirst

from consultations.models import Channel, Consultation, Counting, Question, Result
from consultations.naming import is_named
from consultations.results.budgets import BudgetShown
from consultations.results.duels import RankingShown
from consultations.results.judgment import JudgmentShown
from consultations.results.shown import ON_ONE_PAGE, Shown
from consultations.results.small_groups import LEAST, shown_apart
from consultations.results.votes import ApprovalShown, PointsShown, VotesShown
from consultations.results.words import percent, permille

SHOWN_AS: Mapping[str, type[Shown]] = {
    Counting.PLURALITY: VotesShown,
    Counting.APPROVAL: ApprovalShown,
    Counting.POINTS: PointsShown,
    Counting.SCHULZE: RankingShown,
    Counting.MAJORITY_JUDGMENT: JudgmentShown,
    Counting.GREEDY: BudgetShown,
    Counting.EQUAL_SHARES: BudgetShown,
}
# With more questions than this, each has only its sentence here and its tables on its own page.
MOST_IN_FULL = 4


@dataclass(frozen=True)
class Way:
    """How some of the voters took part: one channel, or several that are too small to stand apart."""

    names: list[str | Promise]
    number: int
    share: str
    length: int


class ResultPage:
    """What anyone reads of a proclaimed consultation; its cost does not grow with the number of ballots."""

    def __init__(self, consultation: Consultation, result: Result):
        self.consultation, self.result = consultation, result

    @cached_property
    def questions(self) -> list[Shown]:
        """In the order of the ballot."""
        rows = self.consultation.questions.prefetch_related("options__quarter")
        return [shown(question, self.result) for question in rows]

    def question(self, slug: str) -> Shown:
        row = get_object_or_404(self.consultation.questions.prefetch_related("options__quarter"), slug=slug)
        return shown(row, self.result)

    @property
    def is_long(self) -> bool:
        return len(self.questions) > MOST_IN_FULL

    @property
    def rows_each(self) -> int:
        """How many rows of each question fit this page."""
        return ON_ONE_PAGE // max(len(self.questions), 1)

    @property
    def ballots(self) -> int:
        return self.result.ballots

    @property
    def is_small(self) -> bool:
        """So few ballots that one may guess who voted what."""
        return 0 < self.result.ballots < LEAST

    @property
    def voters(self) -> int:
        """The number on the roll, of every channel; an imported consultation has none."""
        return sum(self.result.channels.values())

    @property
    def has_roll(self) -> bool:
        return not self.consultation.source

    @property
    def is_named(self) -> bool:
        """Whether names stand beside the ballots."""
        return is_named(self.consultation)

    @property
    def quorum(self) -> int | None:
        return self.consultation.quorum

    @property
    def quorum_is_met(self) -> bool:
        return self.consultation.quorum is not None and self.voters >= self.consultation.quorum

    @cached_property
    def ways(self) -> list[Way]:
        """Voters by channel, the small ones together; empty where none may stand apart."""
        names = dict(Channel.choices)
        groups = shown_apart(self.result.channels)
        most = max((group.number for group in groups), default=0)
        return [
            Way(
                [capfirst(names[name]) if place == 0 else names[name] for place, name in enumerate(group.names)],
                group.number,
                percent(group.number, self.voters),
                permille(group.number, most),
            )
            for group in groups
        ]

    @property
    def notices(self) -> list[dict[str, Any]]:
        """What an imported file says otherwise than its ballots."""
        return (self.consultation.pabulib or {}).get("notices", [])

    @cached_property
    def is_budget(self) -> bool:
        """Whether it is one participatory budget and nothing else, which a Pabulib file can hold."""
        return len(self.questions) == 1 and isinstance(self.questions[0], BudgetShown)


def shown(question: Question, result: Result) -> Shown:
    return SHOWN_AS[question.counting](question, result.outcomes[question.slug])

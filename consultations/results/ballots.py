"""The published ballots as people read them: those whose codes begin alike, so that nobody learns which one is sought.

Whoever looks for their own ballot sends the first signs of their code and reads the rest by themselves. What our
server, or a log before it, could know is a group of ballots and never one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models.functions import Collate

from consultations import codes
from consultations.ballot_form import BallotForm
from consultations.models import Consultation, Question
from consultations.results.small_groups import LEAST

# A page stays light (inclusion.md): a ballot takes a few elements, and each of its answers some more.
ELEMENTS, OF_BALLOT, OF_ANSWER = 280, 3, 7


def signs_asked(ballots: int) -> int:
    """How many first signs of a code leave ten ballots, on average, to hide one among; 0 where all are listed."""
    signs = 0
    while ballots >= LEAST * len(codes.ALPHABET) ** (signs + 1):
        signs += 1
    return signs


def ballots_on_a_page(questions: int) -> int:
    """How many ballots of so many answers fit one page."""
    return max(5, ELEMENTS // (OF_BALLOT + OF_ANSWER * questions))


@dataclass(frozen=True)
class BallotShown:
    code: str
    form: BallotForm


class BallotsShown:
    """One page of the ballots whose codes begin as `typed` does; more than the signs asked for is not looked at."""

    def __init__(self, consultation: Consultation, ballots: int, typed: str, start: int = 0):
        self.consultation, self.start = consultation, start
        self.signs = signs_asked(ballots)
        self.typed = typed
        self.beginning = codes.plain(typed)[: self.signs]

    @property
    def is_asked(self) -> bool:
        """Whether there is something to show: enough signs were typed, or none are needed."""
        return len(self.beginning) == self.signs

    @property
    def is_mistyped(self) -> bool:
        return bool(self.typed.strip()) and not self.is_asked

    @cached_property
    def questions(self) -> Sequence[Question]:
        return list(self.consultation.questions.prefetch_related("options"))

    @property
    def size(self) -> int:
        return ballots_on_a_page(len(self.questions))

    @cached_property
    def _found(self) -> list[BallotShown]:
        rows = self.consultation.ballots.filter(code__startswith=self.beginning).order_by(Collate("code", "C"))
        some = rows.values_list("code", "answers")[self.start : self.start + self.size + 1]
        return [BallotShown(codes.grouped(code), BallotForm.of_answers(self.questions, given)) for code, given in some]

    @property
    def items(self) -> list[BallotShown]:
        return self._found[: self.size] if self.is_asked else []

    @property
    def next_url(self) -> str:
        has_more = self.is_asked and len(self._found) > self.size
        return f"?debut={self.beginning}&apres={self.start + self.size}" if has_more else ""

    @property
    def first_url(self) -> str:
        return f"?debut={self.beginning}" if self.start else ""

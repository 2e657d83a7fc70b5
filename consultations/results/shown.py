"""One question's result, as a template shows it: what every rule of counting has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import Option, Question

# Rows that the page of all results shows; the others stand on the question's own page.
ON_ONE_PAGE = 40


@dataclass(frozen=True)
class Row:
    """An option with its figure; `length` of its bar in thousandths of the longest, `is_first` where it won."""

    option: Option
    place: int
    number: int
    share: str
    length: int
    is_first: bool


@dataclass(frozen=True)
class Tie:
    """Options that were equal, in the order that the written rule gave them, from `place` on."""

    place: int
    labels: list[str]


class Shown:
    """A question with the outcome that was stored of it; a subclass for each rule names its templates."""

    template = ""
    # How it was computed, on a page of its own.
    steps_template = ""

    def __init__(self, question: Question, outcome: Mapping[str, Any]):
        self.question, self.outcome = question, outcome
        self.options: dict[str, Option] = {option.slug: option for option in question.options.all()}

    def label(self, slug: str) -> str:
        return self.options[slug].label

    @property
    def ballots(self) -> int:
        return self.outcome["participation"]["ballots"]

    @property
    def expressed(self) -> int:
        return self.outcome["participation"]["expressed"]

    @property
    def blank(self) -> int:
        return self.outcome["participation"]["blank"]

    @property
    def not_answered(self) -> int:
        return self.outcome["participation"]["not_answered"]

    @property
    def ranking(self) -> Sequence[str]:
        return self.outcome["ranking"]

    @property
    def winner(self) -> Option | None:
        slug = self.outcome.get("winner")
        return self.options[slug] if slug else None

    @cached_property
    def ties(self) -> list[Tie]:
        """The ties among places that count: what nobody chose at all is not told as one."""
        return [
            Tie(tie["place"], [self.label(slug) for slug in tie["options"]])
            for tie in self.outcome.get("ties", [])
            if self.is_worth_telling(tie)
        ]

    def is_worth_telling(self, tie: Mapping[str, Any]) -> bool:
        return bool(self.expressed)

    @property
    def verdict(self) -> str:
        """The result in one sentence."""
        if self.winner is None:
            return _("Nobody expressed a choice.")
        return _("“%(option)s” comes first.") % {"option": self.winner.label}

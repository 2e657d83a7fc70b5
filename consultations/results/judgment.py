"""Majority judgment: the merit profile, drawn, with the line of the majority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from consultations.models import Option
from consultations.results.shown import Shown
from consultations.results.words import percent

WIDTH = 1000
# Shades in css/result.css, from the best grade to the worst.
SHADES = 7


def shade(grade: int, grades: int) -> int:
    """Which of the shades a grade has: the best always the first, the worst always the last."""
    return round(grade * (SHADES - 1) / (grades - 1))


@dataclass(frozen=True)
class Grade:
    label: str
    shade: int


@dataclass(frozen=True)
class Part:
    """One grade of one option in the drawing: where it begins, how wide it is, how many gave it."""

    x: int
    width: int
    shade: int
    number: int
    share: str
    is_majority: bool


@dataclass(frozen=True)
class Profile:
    option: Option
    place: int
    grade: str
    better: str
    worse: str
    parts: list[Part]
    is_first: bool


class JudgmentShown(Shown):
    template = "consultations/results/_judgment.html"
    width = WIDTH

    @cached_property
    def grades(self) -> list[Grade]:
        labels = self.outcome["grades"]
        return [Grade(label, shade(index, len(labels))) for index, label in enumerate(labels)]

    @cached_property
    def profiles(self) -> list[Profile]:
        return [self._profile(slug, place) for place, slug in enumerate(self.ranking, 1)]

    def _profile(self, slug: str, place: int) -> Profile:
        majority, gauge = self.outcome["majority_grade"][slug], self.outcome["gauge"][slug]
        return Profile(
            self.options[slug],
            place,
            self.grades[majority].label if majority is not None else "–",
            percent(gauge["better"] if gauge else 0, self.expressed),
            percent(gauge["worse"] if gauge else 0, self.expressed),
            self._parts(self.outcome["profile"][slug], majority),
            slug == self.outcome["winner"],
        )

    def _parts(self, counts: Sequence[int], majority: int | None) -> list[Part]:
        parts, before, whole = [], 0, sum(counts)
        for index, number in enumerate(counts):
            # Each ends where the next begins: rounded widths would not add up.
            x, end = (WIDTH * before // whole, WIDTH * (before + number) // whole) if whole else (0, 0)
            before += number
            parts.append(Part(x, end - x, self.grades[index].shade, number, percent(number, whole), index == majority))
        return parts

    @property
    def verdict(self) -> str:
        if self.winner is None:
            return super().verdict
        return _("“%(option)s” comes first: most people judge it “%(grade)s” or better.") % {
            "option": self.winner.label,
            "grade": self.profiles[0].grade,
        }

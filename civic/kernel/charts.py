"""Charts drawn on the server: shapes in whole numbers for a template, and the same figures as a table.

    {% include "components/columns.html" with chart=load %}     over time, or by hour
    {% include "components/bars.html" with chart=reasons %}     by name, in order

Texts stand outside the drawing: it may be stretched to any width, and they keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.functional import Promise

Label = str | Promise
Number = int | float

HEIGHT = 1000
# From one column to the next, and the column itself.
PITCH = 100
WIDTH = 70
ROUND = (1, 2, 4, 5, 10)


def round_up(value: Number) -> Number:
    """The next number of one digit that a scale may end at: 0.7 → 1, 37 → 40, 61 → 100."""
    if value < 0.01:
        return 1
    power = 10 ** floor(log10(value))
    found = next(step for step in ROUND if step * power >= value * 0.999999)
    return found * power


@dataclass(frozen=True)
class Series:
    """One figure for each label; None where there is nothing to say."""

    label: Label
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Shape:
    """A column: where it stands in the drawing, which series it is of, and what it says."""

    x: int
    height: int
    series: int
    text: str

    width = WIDTH

    @property
    def y(self) -> int:
        return HEIGHT - self.height


@dataclass(frozen=True)
class Columns:
    """Columns side by side; those of a later series stand in front of the earlier one, which must be the higher.

    `say` puts a value into words. `every` is how many columns share one label below: it divides their number.
    """

    id: str
    title: Label
    heading: Label
    labels: Sequence[str]
    series: Sequence[Series]
    say: Callable[[Number], str] = str
    every: int = 1

    height = HEIGHT

    @property
    def width(self) -> int:
        return PITCH * max(len(self.labels), 1)

    @property
    def is_empty(self) -> bool:
        return all(value is None or value == 0 for series in self.series for value in series.values)

    @property
    def top(self) -> Number:
        """Where the scale ends."""
        return round_up(max((value or 0 for series in self.series for value in series.values), default=0))

    @property
    def scale(self) -> list[str]:
        """What stands beside the lines, from the top down."""
        return [self.say(self.top), self.say(self.top / 2), self.say(0)]

    @property
    def lines(self) -> list[int]:
        return [0, HEIGHT // 2, HEIGHT]

    @property
    def shapes(self) -> list[Shape]:
        return [
            Shape(
                x=PITCH * place + (PITCH - WIDTH) // 2,
                height=ceil(HEIGHT * value / self.top),
                series=number,
                text=f"{self.labels[place]} : {self.say(value)}",
            )
            for number, series in enumerate(self.series)
            for place, value in enumerate(series.values)
            if value
        ]

    @property
    def marks(self) -> Sequence[str]:
        """The labels that are shown below."""
        return self.labels[:: self.every]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The same as a table: a label, and what each series says there."""
        return [
            (label, [self._said(series.values[place]) for series in self.series])
            for place, label in enumerate(self.labels)
        ]

    def _said(self, value: Number | None) -> str:
        return "–" if value is None else self.say(value)


@dataclass(frozen=True)
class Bar:
    """One line of a list of bars; `share` of the longest, from 0 to 100."""

    label: Label
    value: Number
    share: int
    said: str


@dataclass(frozen=True)
class Bars:
    """Figures by name. The table is the chart: each number has its bar beside it."""

    id: str
    title: Label
    heading: Label
    unit: Label
    figures: Sequence[tuple[Label, Number]]
    say: Callable[[Number], str] = str

    @property
    def rows(self) -> list[Bar]:
        longest = max((value for _label, value in self.figures), default=0) or 1
        return [Bar(label, value, round(100 * value / longest), self.say(value)) for label, value in self.figures]

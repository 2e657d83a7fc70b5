"""Shares as people read them."""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import get_language

NARROW = "\u202f"


def exact(written: str | int | float | None) -> Fraction:
    """What the tally wrote as text ("1000/3", "12.5") or as a number."""
    return Fraction(str(written)) if written is not None else Fraction(0)


def permille(part: int, whole: int) -> int:
    """Thousandths, rounded half up; 0 of nothing."""
    return (2000 * part + whole) // (2 * whole) if whole else 0


def percent(part: int, whole: int) -> str:
    """« 46,3 % »; a dash where there is no whole."""
    if not whole:
        return "–"
    sign = f"{NARROW}%" if get_language() == "fr" else "%"
    return f"{number_format(Decimal(permille(part, whole)) / 10, 1)}{sign}"


def letter(place: int) -> str:
    """A, B, … Z, AA: what a table's columns are called where names don't fit."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name

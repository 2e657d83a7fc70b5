"""Outcomes as JSON holds them."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

# Enough for a share of the smallest budget, and few enough to be read.
DECIMALS = 6


def as_json(value: Any) -> Any:
    """What `json.dumps` takes: a dataclass is an object of its fields, in their order.

    An amount is a number where it is whole, else a text with at most six decimals ("669.344043"), rounded half
    to even; the count itself was exact.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, Decimal | Fraction):
        return _amount(Fraction(value))
    if isinstance(value, str):
        return str(value)  # a StrEnum becomes the text that it is
    return value


def _amount(value: Fraction) -> int | str:
    if value.denominator == 1:
        return value.numerator
    units = round(value * 10**DECIMALS)
    whole, rest = divmod(abs(units), 10**DECIMALS)
    text = f"{whole}.{rest:0{DECIMALS}}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text

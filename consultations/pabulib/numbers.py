"""Numbers as such files write them: "35000", "4000.0", "12345,50", "1 200 000"."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.pabulib.faults import BrokenFile, fill

SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d)")
NUMBER = re.compile(r"[-+]?\d{1,18}([.,]\d{0,12})?")
EMPTY = ("", "none", "nan", "null")


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing: other programs write None where there is no value."""
    return cell.strip().lower() in EMPTY


def number(cell: str, line: int, name: Any) -> Decimal:
    """The number in a cell; a comma and a point both begin the decimals. Raises BrokenFile."""
    written = SPACES.sub("", cell.strip())
    if not NUMBER.fullmatch(written):
        sentence = fill(_("The %(name)s “%(cell)s” is not a number."), {"name": name, "cell": cell.strip()[:40]})
        raise BrokenFile(line, sentence)
    return Decimal(written.replace(",", "."))


def whole(cell: str, line: int, name: Any) -> int:
    """A whole number, also where it is written "3.0". Raises BrokenFile."""
    found = number(cell, line, name)
    if found != found.to_integral_value():
        sentence = fill(_("The %(name)s “%(cell)s” is not a whole number."), {"name": name, "cell": cell.strip()[:40]})
        raise BrokenFile(line, sentence)
    return int(found)

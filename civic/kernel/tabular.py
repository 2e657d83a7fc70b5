"""Tables of spreadsheets: written as CSV in UTF-8 with a header (RFC 4180, Frictionless), read as they write them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import gettext as _

# What begins like this is a formula for a spreadsheet, which would run it (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> object:
    """A text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The table as a file to keep; `filename` is ours, without quotes."""
    response = HttpResponse(as_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


# --- Reading ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line, counted from 1 as a spreadsheet does."""

    line: int
    sentence: str


@dataclass
class Table:
    """What was read: rows that may be kept, each with its line, and the faults of the others."""

    rows: list[dict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Unreadable(ValueError):
    """The whole is no table; the message says why."""


def decoded(content: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8, or Windows' letters where it is none."""
    if content[:2] in (b"PK", b"\xd0\xcf") or b"\x00" in content[:4096]:
        raise Unreadable(_("This is not a CSV file. In your spreadsheet, choose “Save as”, then “CSV”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def lines_of(text: str) -> Iterable[tuple[int, list[str]]]:
    """Cells of each line that is not empty, with its number; the separator is what the first line has most of."""
    first = text.lstrip().partition("\n")[0]
    separator = max((";", "\t", ","), key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise Unreadable(_("Line %(line)s can’t be read as a table.") % {"line": reader.line_num}) from error

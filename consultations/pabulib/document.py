"""A .pb file as it is written: three sections of rows, and what it takes to write every byte of it again."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from consultations.pabulib.faults import BrokenFile, fill

SECTIONS = ("META", "PROJECTS", "VOTES")
BOM = "\ufeff"

Cells = tuple[str, ...]


@dataclass
class Section:
    """`heading` and `columns` as written; `rows` in their order, each with its line in `lines`."""

    name: str
    line: int
    heading: Cells
    columns: Cells = ()
    columns_line: int = 0
    rows: list[Cells] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass
class Document:
    """Sections in the order of the file.

    `blanks` and `oddities` hold, by the number of the record, what the plain way of writing would lose: lines
    without a word, and unusual quoting. `newline`, `has_bom` and `ends_with_newline` are those of the file.
    """

    sections: list[Section]
    newline: str = "\n"
    has_bom: bool = False
    ends_with_newline: bool = True
    blanks: dict[int, str] = field(default_factory=dict)
    oddities: dict[int, str] = field(default_factory=dict)

    def section(self, name: str) -> Section:
        """Raises BrokenFile where there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        last = self.sections[-1].lines[-1:] if self.sections else []
        sentence = fill(_("The section %(name)s is missing."), {"name": name})
        raise BrokenFile((last or [1])[0], sentence)


def parse(content: bytes) -> Document:
    """Split a file into sections, rows and cells. Raises BrokenFile."""
    text = _decode(content)
    document = Document([], has_bom=text.startswith(BOM))
    text = text.removeprefix(BOM)
    document.newline = _newline(text)
    document.ends_with_newline = text.endswith(document.newline)
    lines = text.removesuffix(document.newline).split(document.newline) if text else []
    for number, (line, raw, cells) in enumerate(_records(lines, document.newline)):
        if not any(cell.strip() for cell in cells):
            document.blanks[number] = raw
            continue
        if format_row(cells) != raw:
            document.oddities[number] = raw
        _file(document, line, cells)
    for section in document.sections:
        if not section.columns:
            sentence = fill(_("The section %(name)s has no row of column names."), {"name": section.name})
            raise BrokenFile(section.line, sentence)
    return document


def write(document: Document) -> bytes:
    """The bytes of the file; those of `parse(content)` are `content`."""
    records = _written(document)
    text = (BOM if document.has_bom else "") + document.newline.join(records)
    return (text + document.newline if document.ends_with_newline else text).encode()


def format_row(cells: Sequence[str]) -> str:
    """Cells as one row, quoted only where they must be."""
    return ";".join(
        '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ';"\r\n') else cell for cell in cells
    )


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise BrokenFile(line, _("This is not text in UTF-8, the encoding of such files.")) from fault
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BrokenFile(line, _("This is not text in UTF-8, the encoding of such files."))
    return text


def _newline(text: str) -> str:
    if "\n" not in text:
        return "\r" if "\r" in text else "\n"
    return "\r\n" if text.count("\r\n") == text.count("\n") else "\n"


def _records(lines: list[str], newline: str) -> Iterator[tuple[int, str, Cells]]:
    """(line, text, cells) of each row; a quoted cell may run over several lines."""
    number = 0
    while number < len(lines):
        line = lines[number]
        if '"' not in line:
            yield number + 1, line, tuple(line.removesuffix("\r").split(";"))
            number += 1
            continue
        cells, used = _quoted(lines, number, newline)
        yield number + 1, newline.join(lines[number : number + used]), cells
        number += used


def _quoted(lines: list[str], start: int, newline: str) -> tuple[Cells, int]:
    reader = csv.reader((lines[number] + newline for number in range(start, len(lines))), delimiter=";", strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return _meant(lines[start], start + 1), 1
    if cells:
        cells[-1] = cells[-1].removesuffix("\r")
    return tuple(cells), reader.line_num


def _meant(row: str, line: int) -> Cells:
    """Cells of a row in which one begins with a quotation mark and goes on after the closing one."""
    try:
        if row.count('"') % 2 == 0:
            return tuple(next(csv.reader([row], delimiter=";")))
    except csv.Error:
        pass
    raise BrokenFile(line, _("The quotation marks that begin here are not closed."))


def _file(document: Document, line: int, cells: Cells) -> None:
    """Put a row where it belongs: a heading, the columns under it, or one more row."""
    first, rest = cells[0].strip().upper(), any(cell.strip() for cell in cells[1:])
    if first in SECTIONS and not rest:
        if any(section.name == first for section in document.sections):
            raise BrokenFile(line, fill(_("The section %(name)s begins a second time."), {"name": first}))
        document.sections.append(Section(first, line, cells))
    elif not document.sections:
        raise BrokenFile(line, _("A file begins with the section META; this line stands before it."))
    elif not document.sections[-1].columns:
        document.sections[-1].columns = cells
        document.sections[-1].columns_line = line
    else:
        document.sections[-1].rows.append(cells)
        document.sections[-1].lines.append(line)


def _written(document: Document) -> Iterator[str]:
    number = 0
    for section in document.sections:
        for cells in (section.heading, section.columns, *section.rows):
            while number in document.blanks:
                yield document.blanks[number]
                number += 1
            yield _as_it_was(document.oddities.get(number), cells, document.newline)
            number += 1
    yield from (document.blanks[last] for last in sorted(document.blanks) if last >= number)


def _as_it_was(oddity: str | None, cells: Cells, newline: str) -> str:
    """The unusual text of a row where it still says the same as its cells."""
    if oddity is None:
        return format_row(cells)
    read = list(_records(oddity.split(newline), newline))
    return oddity if [record[2] for record in read] == [cells] else format_row(cells)

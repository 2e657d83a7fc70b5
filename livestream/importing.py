"""The council and an agenda from tables of a spreadsheet: all of a table is kept, or nothing and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from civic.audit import journal
from civic.kernel.errors import NotAllowed
from civic.kernel.tabular import Fault, Table, Unreadable, lines_of
from civic.kernel.text import fold, plain_line, without_control
from civic.territory.models import Quarter, Theme
from livestream.models import CommentMode, Councillor, Group, Item, ItemKind, Office, Sitting
from livestream.models.council import NAME_LENGTH, SHORT_LENGTH, council_on
from livestream.models.item import MATTER, MATTER_CODE, MOST_ITEMS, NUMBER_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from livestream.models.passage import NotNow
from livestream.models.states import CLERKS, OVER

DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")

# Names of columns as clerks write them, without accents or capitals.
MEMBER_COLUMNS = {
    "last": {"nom", "name", "elu", "elue", "conseiller", "conseillere"},
    "first": {"prenom", "first name"},
    "group": {"groupe", "groupe politique", "group"},
    "short_name": {"sigle", "abreviation", "short name"},
    "office": {"fonction", "mandat", "office"},
    "from_day": {"depuis", "debut", "debut de mandat", "from"},
    "until_day": {"jusqu au", "fin", "fin de mandat", "until"},
}
ITEM_COLUMNS = {
    "number": {"numero", "n", "no", "number"},
    "title": {"titre", "intitule", "objet", "point", "title"},
    "kind": {"type", "nature", "kind"},
    "rapporteur": {"rapporteur", "rapporteuse", "presente par"},
    "summary": {"resume", "en clair", "summary"},
    "planned_minutes": {"minutes", "duree", "duree prevue"},
    "theme": {"theme"},
    "quarter": {"quartier", "secteur", "quarter"},
    "matter_code": {"matiere", "code matiere", "nomenclature"},
    "deliberation_number": {"deliberation", "numero de deliberation"},
    "comment_mode": {"commentaires", "comments"},
}
OFFICES = {
    "maire": Office.MAYOR, "mayor": Office.MAYOR, "adjoint": Office.DEPUTY, "adjointe": Office.DEPUTY,
    "maire adjoint": Office.DEPUTY, "maire adjointe": Office.DEPUTY, "deputy": Office.DEPUTY,
    "conseiller": Office.COUNCILLOR, "conseillere": Office.COUNCILLOR, "conseiller municipal": Office.COUNCILLOR,
    "conseillere municipale": Office.COUNCILLOR, "councillor": Office.COUNCILLOR, "": Office.COUNCILLOR,
}  # fmt: skip
KINDS = {
    "deliberation": ItemKind.DELIBERATION, "": ItemKind.DELIBERATION, "information": ItemKind.INFORMATION,
    "communication": ItemKind.INFORMATION, "question": ItemKind.QUESTION, "question orale": ItemKind.QUESTION,
    "voeu": ItemKind.MOTION, "motion": ItemKind.MOTION,
}  # fmt: skip
COMMENT_MODES = {
    "": CommentMode.AFTER, "oui": CommentMode.AFTER, "apres": CommentMode.AFTER, "avant": CommentMode.BEFORE,
    "questions": CommentMode.QUESTIONS, "non": CommentMode.OFF, "aucun": CommentMode.OFF,
}  # fmt: skip


class BrokenTable(Unreadable):
    """Lines that can't be kept; `faults` says of each why."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("\n".join(_("Line %(line)s: %(sentence)s") % vars(fault) for fault in faults))


@dataclass
class Line:
    """The cells of one line under the names of their columns, and what is wrong with them."""

    number: int
    cells: Mapping[str, str]
    wrong: list[str]

    def text(self, name: str, most: int) -> str:
        written = plain_line(self.cells.get(name, ""))
        if len(written) > most:
            self.wrong.append(
                _("“%(text)s…” is longer than %(most)s characters.") % {"text": written[:20], "most": most}
            )
        return written

    def one_of(self, name: str, known: Mapping[str, Any]) -> Any:
        """What the cell means, by its text without accents or capitals; an empty cell too means what `known` says."""
        written = self.cells.get(name, "")
        if fold(written) not in known:
            self.wrong.append(_("“%(text)s” is not known here.") % {"text": written})
        return known.get(fold(written))

    def day(self, name: str) -> date | None:
        written = self.cells.get(name, "").strip()
        for form in DAYS:
            try:
                return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        if written:
            self.wrong.append(_("“%(text)s” is not a date such as 31/12/2026.") % {"text": written})
        return None


def read(
    text: str, columns: Mapping[str, set[str]], needed: Mapping[str, str], row_of: Callable[[Line], dict]
) -> Table:
    """Rows of a table whose first line names the columns. Raises Unreadable where one that is `needed` is missing."""
    lines = iter(lines_of(text))
    heading = next(lines, (0, []))[1]
    order = [next((name for name, words in columns.items() if fold(cell) in words), "") for cell in heading]
    if missing := [label for name, label in needed.items() if name not in order]:
        raise Unreadable(_("The first line doesn’t name these columns: %(columns)s.") % {"columns": ", ".join(missing)})
    table = Table()
    for number, cells in lines:
        line = Line(number, dict(zip(order, cells, strict=False)), [])
        row = row_of(line)
        table.faults += [Fault(number, sentence) for sentence in line.wrong]
        table.rows.append(row)
    if not table.rows:
        raise Unreadable(_("There is no line in this table."))
    return table


def kept_whole(table: Table) -> list[dict]:
    if table.faults:
        raise BrokenTable(table.faults)
    return table.rows


# --- The council ----------------------------------------------------------------------------


def read_council(text: str, *, today: date) -> Table:
    """Members with their groups, in the order of the table of the council."""
    seen: dict[str, int] = {}
    mayors: list[int] = []

    def member(line: Line) -> dict:
        name = plain_line(f"{line.cells.get('first', '')} {line.cells.get('last', '')}")
        row = {
            "name": name,
            "group": line.text("group", NAME_LENGTH),
            "short_name": line.text("short_name", SHORT_LENGTH),
            "office": line.one_of("office", OFFICES),
            "from_day": line.day("from_day") or today,
            "until_day": line.day("until_day"),
        }
        if not name or not row["group"]:
            line.wrong.append(_("The name or the group is missing."))
        if len(name) > NAME_LENGTH:
            line.wrong.append(_("The name is longer than %(most)s characters.") % {"most": NAME_LENGTH})
        if row["until_day"] and row["until_day"] <= row["from_day"]:
            line.wrong.append(_("The end comes before the beginning."))
        if seen.setdefault(fold(name), line.number) != line.number:
            line.wrong.append(_("The same person stands on line %(line)s.") % {"line": seen[fold(name)]})
        if row["office"] == Office.MAYOR and not row["until_day"]:
            mayors.append(line.number)
            if len(mayors) > 1:
                line.wrong.append(_("There is a mayor on line %(line)s already.") % {"line": mayors[0]})
        return row

    return read(text, MEMBER_COLUMNS, {"last": _("name"), "group": _("group")}, member)


@transaction.atomic
def import_council(text: str, *, today: date, by: Any = None) -> int:
    """Have the members in office be as the table says: known ones follow it, new ones come, nobody goes by being left
    out. Returns how many there are in the table. Raises Unreadable or BrokenTable; then nothing is stored.

    `by` is a clerk of the whole city (None: whoever runs the command). Raises NotAllowed.
    """
    if by is not None and not by.has_role(*CLERKS):
        raise NotAllowed
    rows = kept_whole(read_council(text, today=today))
    if any(row["office"] == Office.MAYOR and not row["until_day"] for row in rows):
        # Two are never mayor at once: the former one, if the table still has them, takes their office from it.
        Councillor.objects.filter(office=Office.MAYOR, until_day=None).update(office=Office.COUNCILLOR)
    groups = {fold(group.name): group for group in Group.objects.all()}
    for rank, row in enumerate(rows):
        group = _group(groups, row["group"], row["short_name"])
        facts = {"group": group, "office": row["office"], "rank": rank, "until_day": row["until_day"]}
        known = Councillor.objects.filter(name=row["name"], until_day=None)
        if not known.update(**facts):
            Councillor.objects.create(name=row["name"], from_day=row["from_day"], **facts)
    journal.record("council.imported", actor=by, target=("council", None), members=len(rows))
    return len(rows)


def _group(groups: dict[str, Group], name: str, short_name: str) -> Group:
    group = groups.get(fold(name))
    if group is None:
        group = groups[fold(name)] = Group.objects.create(name=name, short_name=short_name, rank=len(groups))
    elif short_name and group.short_name != short_name:
        group.short_name = short_name
        group.save(update_fields=["short_name"])
    return group


# --- An agenda ------------------------------------------------------------------------------


def read_agenda(text: str, *, sitting: Sitting) -> Table:
    """Items in their order; the number is the line's where the table has none."""
    members = {fold(member.name): member.pk for member in council_on(sitting.day)} | {"": None}
    themes = {fold(theme.name): theme.pk for theme in Theme.objects.all()} | {"": None}
    quarters = {fold(quarter.name): quarter.pk for quarter in Quarter.objects.all()} | {"": None}
    taken = {fold(number) for number in sitting.items.values_list("number", flat=True)}
    # A deliberation's number is of one item in the whole city.
    published = set(Item.objects.exclude(deliberation_number="").values_list("deliberation_number", flat=True))
    count = _counting_from(len(taken))

    def item(line: Line) -> dict:
        row = {
            "number": line.text("number", NUMBER_LENGTH) or str(next(count)),
            "title": line.text("title", TITLE_LENGTH),
            "kind": line.one_of("kind", KINDS),
            "rapporteur_id": line.one_of("rapporteur", members),
            "summary": without_control(line.cells.get("summary", "")),
            "planned_minutes": _minutes(line),
            "theme_id": line.one_of("theme", themes),
            "quarter_id": line.one_of("quarter", quarters),
            "matter_code": line.text("matter_code", 4),
            "deliberation_number": line.text("deliberation_number", 40),
            "comment_mode": line.one_of("comment_mode", COMMENT_MODES),
        }
        if not row["title"]:
            line.wrong.append(_("The title is missing."))
        if len(row["summary"]) > SUMMARY_LENGTH:
            line.wrong.append(_("The summary is longer than %(most)s characters.") % {"most": SUMMARY_LENGTH})
        if row["matter_code"] and not re.match(MATTER_CODE, row["matter_code"]):
            line.wrong.append(str(MATTER.message))
        if fold(row["number"]) in taken:
            line.wrong.append(_("There is an item %(number)s already.") % {"number": row["number"]})
        if row["deliberation_number"] in published:
            told = {"number": row["deliberation_number"]}
            line.wrong.append(_("The deliberation %(number)s exists already.") % told)
        taken.add(fold(row["number"]))
        published.update(filter(None, [row["deliberation_number"]]))
        return row

    table = read(text, ITEM_COLUMNS, {"title": _("title")}, item)
    if len(taken) > MOST_ITEMS:
        table.faults.append(Fault(MOST_ITEMS + 2, _("There is no room for more items from this line on.")))
    return table


def _counting_from(number: int) -> Iterator[int]:
    while True:
        number += 1
        yield number


def _minutes(line: Line) -> int:
    written = line.cells.get("planned_minutes", "").strip()
    if not written:
        return 10
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:4]) <= 600):
        line.wrong.append(_("“%(text)s” is not a number of minutes.") % {"text": written})
        return 10
    return int(written[:4])


@transaction.atomic
def import_agenda(sitting: Sitting, by: Any, *, text: str, at: datetime) -> int:
    """Add the items of the table after those there are. Raises NotAllowed, NotNow, Unreadable or BrokenTable."""
    current = sitting.locked_for(by)
    if current.state in OVER:
        raise NotNow
    rows = kept_whole(read_agenda(text, sitting=current))
    last = current.items.aggregate(last=Max("rank"))["last"] or 0
    Item.objects.bulk_create(Item(sitting=current, rank=rank, **row) for rank, row in enumerate(rows, start=last + 1))
    current.revision += 1
    current.changed_at = at
    current.save(update_fields=["revision", "changed_at"])
    current.record("sitting.agenda_imported", by, items=len(rows))
    current.tell_changed()
    return len(rows)

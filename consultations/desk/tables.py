"""Tables that a clerk pastes or sends, as spreadsheets write them: read line by line, with what is wrong in each."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.residence import LABEL_LENGTH as LABEL
from civic.accounts.residence import person_key
from civic.kernel.tabular import Fault, Table, Unreadable, lines_of
from civic.kernel.text import fold, plain_line, without_control
from civic.territory.models import Quarter
from consultations.models.question import DESCRIPTION_LENGTH, LABEL_LENGTH

# Names of columns in the languages that clerks write them in, without accents or capitals.
COLUMNS = {
    "label": {"titre", "nom", "projet", "choix", "intitule", "option", "name", "title", "label"},
    "description": {"description", "texte", "resume", "detail", "details"},
    "cost": {"cout", "montant", "prix", "budget", "cout en euros", "cout eur", "cost"},
    "quarter": {"quartier", "secteur", "quarter", "district"},
}


def read_options(text: str, *, quarters: dict[str, int], most: int, with_costs: bool) -> Table:
    """The choices of a question: title, and as there are columns description, cost and quarter.

    `quarters` gives the id of a quarter by its folded name. The first line may name the columns; without
    names they are title, description, cost, quarter, in this order.
    """
    lines = iter(lines_of(text))
    table, seen = Table(), set()
    order: list[str] = []
    for number, cells in lines:
        if not order:
            order, is_heading = columns_of(cells)
            if is_heading:
                continue
        given = dict(zip(order, cells, strict=False))
        row, wrong = option_of(given, quarters=quarters, with_costs=with_costs)
        if not wrong and fold(row["label"]) in seen:
            wrong = [_("“%(title)s” is there twice.") % {"title": row["label"]}]
        if not wrong and len(table.rows) >= most:
            table.faults.append(Fault(number, _("There is no room for more choices from this line on.")))
            break
        seen.add(fold(row.get("label", "")))
        if wrong:
            table.faults += [Fault(number, sentence) for sentence in wrong]
        else:
            table.rows.append(row)
    if not table.rows and not table.faults:
        raise Unreadable(_("There is no line in this table."))
    return table


def quarters_by_name() -> dict[str, int]:
    return {fold(name): quarter.pk for quarter in Quarter.objects.all() for name in (quarter.name, quarter.slug)}


def columns_of(cells: list[str]) -> tuple[list[str], bool]:
    """The fields in the order of the columns, and whether this line names them."""
    named = [next((name for name, words in COLUMNS.items() if fold(cell) in words), "") for cell in cells]
    return (named, True) if "label" in named else (list(COLUMNS), False)


def option_of(given: dict[str, str], *, quarters: dict[str, int], with_costs: bool) -> tuple[dict, list[str]]:
    wrong = []
    description = without_control(given.get("description", ""))
    row: dict[str, Any] = {"label": plain_line(given.get("label", "")), "description": description}
    if not row["label"]:
        wrong.append(_("The title is missing."))
    elif len(row["label"]) > LABEL_LENGTH:
        wrong.append(_("The title is longer than %(most)s characters.") % {"most": LABEL_LENGTH})
    if len(row["description"]) > DESCRIPTION_LENGTH:
        wrong.append(_("The description is longer than %(most)s characters.") % {"most": DESCRIPTION_LENGTH})
    if with_costs:
        row["cost"] = amount_of(given.get("cost", ""))
        if row["cost"] is None:
            wrong.append(_("The cost is missing, or is not an amount such as 12 500."))
    quarter = fold(given.get("quarter", ""))
    if quarter and quarter not in quarters:
        wrong.append(_("“%(name)s” is none of the city’s quarters.") % {"name": given["quarter"]})
    row["quarter_id"] = quarters.get(quarter)
    return row, wrong


def amount_of(written: str) -> Decimal | None:
    """Euros as people write them (« 12 500 € », "12,500.50"), or None."""
    digits = "".join(c for c in written if not c.isspace()).rstrip("€").removesuffix("EUR")
    if "," in digits and "." not in digits and len(digits.rpartition(",")[2]) != 3:
        digits = digits.replace(",", ".")
    try:
        amount = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < 10**12 else None


# --- Lists of residents -----------------------------------------------------------------------

PEOPLE = {
    "last": {"nom", "nom de famille", "nom d usage", "nom de naissance", "name", "last name"},
    "first": {"prenom", "prenoms", "first name", "first names"},
    "birth_date": {"date de naissance", "naissance", "ne e le", "date of birth", "birth date"},
    "quarter": COLUMNS["quarter"] | {"bureau"},
    "address": {"adresse", "address", "rue", "voie"},
    "address_2": {"complement", "complement d adresse", "adresse 2"},
    "postal_code": {"code postal", "cp", "postal code"},
    "town": {"commune", "ville", "town", "city"},
}
NEEDED = ("last", "first", "birth_date")
DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
MOST_FAULTS = 200


def read_people(text: str, *, quarters: dict[str, int]) -> Table:
    """People of a list: rows of key, quarter_id and label. The first line names the columns.

    Raises Unreadable where a column that is needed is missing. Names and dates are turned into a key at once.
    """
    lines = iter(lines_of(text))
    heading = next(lines, (0, []))[1]
    order = [next((name for name, words in PEOPLE.items() if fold(cell) in words), "") for cell in heading]
    if missing := [column for column in NEEDED if column not in order]:
        names = {"last": _("name"), "first": _("first name"), "birth_date": _("date of birth")}
        said = ", ".join(str(names[column]) for column in missing)
        raise Unreadable(_("The first line doesn’t name these columns: %(columns)s.") % {"columns": said})
    table, seen = Table(), dict[str, int]()
    for number, cells in lines:
        row, wrong = person_of(dict(zip(order, cells, strict=False)), quarters=quarters)
        if not wrong and row["key"] in seen:
            wrong = [_("The same person stands on line %(line)s.") % {"line": seen[row["key"]]}]
        if wrong:
            table.faults += [Fault(number, sentence) for sentence in wrong]
        else:
            seen[row["key"]] = number
            table.rows.append(row)
        if len(table.faults) >= MOST_FAULTS:
            break
    if not table.rows and not table.faults:
        raise Unreadable(_("There is no line in this table."))
    return table


def person_of(given: dict[str, str], *, quarters: dict[str, int]) -> tuple[dict, list[str]]:
    wrong = []
    name = plain_line(f"{given.get('first', '')} {given.get('last', '')}")
    born = day_of(given.get("birth_date", ""))
    if not given.get("last") or not given.get("first"):
        wrong.append(_("The name or the first name is missing."))
    if born is None:
        wrong.append(_("The date of birth is missing, or is not a date such as 31/12/1950."))
    quarter = fold(given.get("quarter", ""))
    if quarter and quarter not in quarters:
        wrong.append(_("“%(name)s” is none of the city’s quarters.") % {"name": given["quarter"]})
    if wrong or born is None:
        return {}, wrong
    town = plain_line(f"{given.get('postal_code', '')} {given.get('town', '')}")
    parts = (name, given.get("address", ""), given.get("address_2", ""), town)
    label = "\n".join(part for part in map(plain_line, parts) if part)[:LABEL]
    return {"key": person_key(name, born), "quarter_id": quarters.get(quarter), "label": label}, []


def day_of(written: str) -> date | None:
    for form in DAYS:
        try:
            day = datetime.strptime(written.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day if date(1890, 1, 1) < day <= timezone.localdate() else None
    return None

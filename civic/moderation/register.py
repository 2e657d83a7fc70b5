"""The public register: each measure that stands, its ground and its appeal. No text, no name, no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from civic.moderation import registry
from civic.moderation.models import SanctionKind, Statement

ORDER = ("-decision__at", "-pk")
# Header of the CSV, in the city's language whatever the page's: a file keeps its columns.
FIELDS = ("date", "contenu", "lieu", "mesure", "mesures_sur_le_compte", "motif", "article", "recours")


@dataclass(frozen=True)
class Choice:
    """What the register can be narrowed to."""

    code: str
    label: str
    is_current: bool


@dataclass(frozen=True)
class Row:
    """One measure as everybody may read it."""

    on: date
    kind: str
    # What sort of place it was: a debate about a petition, a consultation.
    place: str
    measure: str
    account: Sequence[str]
    ground: str
    article: str
    appeal: str

    def cells(self) -> tuple[str, ...]:
        account = ", ".join(self.account)
        return (
            self.on.isoformat(),
            self.kind,
            self.place,
            self.measure,
            account,
            self.ground,
            self.article,
            self.appeal,
        )


def rows_of(statements: Iterable[Statement]) -> list[Row]:
    """In a query for each kind more than the statements'."""
    statements = list(statements)
    places = registry.where(statement.decision.case.subject for statement in statements)
    return [row(statement, places) for statement in statements]


def row(statement: Statement, places: Mapping[int, str]) -> Row:
    decision = statement.decision
    return Row(
        on=timezone.localdate(decision.at),
        kind=str(label_of(decision.case.subject.kind)),
        place=places[decision.case.subject_id],
        measure=str(decision.measure),
        account=[str(SanctionKind(measure["kind"]).label) for measure in statement.measures],
        ground=decision.reason.label if decision.reason else statement.ground,
        article=statement.article,
        appeal=appeal_of(statement),
    )


def appeal_of(statement: Statement) -> str:
    appeal = getattr(statement, "appeal_made", None)
    if appeal is None:
        return ""
    if appeal.decided_at is None:
        return _("appeal being examined")
    return _("appeal upheld") if appeal.upheld else _("appeal dismissed")


def label_of(kind: str):
    """A kind's label; its name where no installed app registers it any more."""
    found = next((known for known in registry.registered() if known.name == kind), None)
    return found.label if found else kind


def year_of(year: int) -> tuple[datetime, datetime]:
    """The first moments of that year and of the next, on the city's clock."""
    zone = timezone.get_default_timezone()
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def statements(*, year: str = "", kind: str = "", measure: str = "") -> QuerySet[Statement]:
    """What stands, undone decisions left out; a value that means nothing narrows nothing."""
    found = Statement.objects.filter(decision__undone_at=None)
    if year in {choice.code for choice in years()}:
        first, end = year_of(int(year))
        found = found.filter(decision__at__gte=first, decision__at__lt=end)
    if kind in {known.name for known in registry.registered()}:
        found = found.filter(decision__case__subject__kind=kind)
    if measure in SanctionKind.values:
        found = found.filter(measures__contains=[{"kind": measure}])
    elif measure in {action.name for action in measures()}:
        found = found.filter(measure=measure)
    return found.select_related("decision__case__subject__space", "decision__reason", "appeal_made")


# --- What can be chosen


def years(current: str = "") -> list[Choice]:
    """From the year of the first statement to this one, the latest first."""
    first = Statement.objects.order_by("pk").values_list("decision__at", flat=True).first()
    this_year = timezone.localdate().year
    since = timezone.localdate(first).year if first else this_year
    return [Choice(str(year), str(year), str(year) == current) for year in range(this_year, since - 1, -1)]


def kinds(current: str = "") -> list[Choice]:
    return [Choice(kind.name, str(kind.label), kind.name == current) for kind in registry.registered()]


def measures() -> list[registry.Action]:
    """The restrictions that any kind knows, each once."""
    known = {action.name: action for kind in registry.registered() for action in kind.actions if action.restricts}
    return list(known.values())


def choices_of_measures(current: str = "") -> list[Choice]:
    named = [(action.name, action.measure) for action in measures()] + list(SanctionKind.choices)
    return [Choice(name, str(capfirst(str(label))), name == current) for name, label in named]

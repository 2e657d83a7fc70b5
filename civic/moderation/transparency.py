"""What moderation did in a year, in figures that equal the journal (DSA, article 15, of our own will)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import translation

from civic.moderation.models import Appeal, Case, Decision, Outcome, Reason, Report, Sanction, SanctionKind, Trigger
from civic.moderation.register import label_of, year_of
from civic.moderation.registry import registered

FIELDS = ("annee", "indicateur", "contenu", "mesure", "motif", "valeur", "unite")
# How each figure is called in the file, whose words don't change from year to year.
NAMES = {
    "decisions": "décisions prises",
    "undone": "décisions annulées par la modération",
    "sanctions": "mesures sur un compte",
    "reports": "signalements reçus",
    "upheld_reports": "signalements fondés",
    "unfounded_reports": "signalements sans fondement",
    "moot_reports": "signalements sans objet",
    "appeals": "recours reçus",
    "upheld_appeals": "recours accueillis",
    "dismissed_appeals": "recours rejetés",
    "noticed": "décisions sur un texte relevé par une machine",
    "by_machine": "décisions prises par une machine",
    "decision_time": "délai médian de décision",
    "report_time": "délai médian de réponse à un signalement",
    "appeal_time": "délai médian de réponse à un recours",
}


class Median(Aggregate):
    """The middle value, between the two in the middle where their number is even (SQL:2003 percentile_cont)."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Figure:
    """One number: how many or, for times, how many hours; by kind, measure and ground where that says something."""

    name: str
    value: int | float | None
    kind: str = ""
    measure: str = ""
    ground: str = ""
    unit: str = "nombre"


def figures(year: int) -> list[Figure]:
    """All of a year, on the city's clock, each act in the year in which it was done."""
    return [*_decisions(year), *_reports(year), *_appeals(year), *_machines(year), *_times(year)]


def rows(year: int) -> list[tuple[object, ...]]:
    """The figures as cells, in French."""
    with translation.override("fr"):
        grounds = dict(Reason.objects.values_list("code", "label"))
        measures = _labels_of_measures()
        return [
            (
                year,
                NAMES[figure.name],
                str(label_of(figure.kind)) if figure.kind else "",
                measures.get(figure.measure, figure.measure),
                grounds.get(figure.ground, figure.ground),
                "" if figure.value is None else figure.value,
                figure.unit,
            )
            for figure in figures(year)
        ]


def _labels_of_measures() -> dict[str, str]:
    from_kinds = {a.name: str(a.measure) for kind in registered() for a in kind.actions}
    return from_kinds | {str(kind): str(label) for kind, label in SanctionKind.choices}


def _within(year: int, field: str) -> Q:
    first, end = year_of(year)
    return Q(**{f"{field}__gte": first, f"{field}__lt": end})


def _counted(name: str, found: QuerySet, *, kind: str, measure: str = "", ground: str = "") -> Iterator[Figure]:
    """How many of each sort, in a stable order; one zero where there is none."""
    fields = [field for field in (kind, measure, ground) if field]
    groups = found.order_by(*fields).values_list(*fields).annotate(number=Count("pk"))
    is_empty = True
    for *values, number in groups:
        codes = dict(zip(fields, values, strict=True))
        yield Figure(name, number, codes.get(kind) or "", codes.get(measure) or "", codes.get(ground) or "")
        is_empty = False
    if is_empty:
        yield Figure(name, 0)


def _decisions(year: int) -> Iterator[Figure]:
    """Decisions as they were taken; those undone are counted once more, under their own name."""
    by = {"kind": "case__subject__kind", "measure": "action", "ground": "reason__code"}
    yield from _counted("decisions", ordinary().filter(_within(year, "at")), **by)
    yield from _counted("undone", ordinary().filter(_within(year, "undone_at")), **by)
    by = {"kind": "decision__case__subject__kind", "measure": "kind", "ground": "reason__code"}
    yield from _counted("sanctions", Sanction.objects.filter(_within(year, "starts_at")), **by)


def ordinary() -> QuerySet[Decision]:
    """Without the answers to appeals, which are counted as such."""
    return Decision.objects.exclude(case__trigger=Trigger.APPEAL)


def _reports(year: int) -> Iterator[Figure]:
    by = {"kind": "subject__kind", "ground": "reason__code"}
    yield from _counted("reports", Report.objects.filter(_within(year, "at")), **by)
    settled = Report.objects.filter(_within(year, "settled_at"))
    for outcome in Outcome:
        yield from _counted(f"{outcome}_reports", settled.filter(outcome=outcome), **by)


def _appeals(year: int) -> Iterator[Figure]:
    by = {
        "kind": "case__subject__kind",
        "measure": "statement__decision__action",
        "ground": "statement__decision__reason__code",
    }
    yield from _counted("appeals", Appeal.objects.filter(_within(year, "at")), **by)
    answered = Appeal.objects.filter(_within(year, "decided_at"))
    yield from _counted("upheld_appeals", answered.filter(upheld=True), **by)
    yield from _counted("dismissed_appeals", answered.filter(upheld=False), **by)


def _machines(year: int) -> Iterator[Figure]:
    """What machines did: they notice. `Case.decide` takes a person, and nothing else decides."""
    noticed = ordinary().filter(_within(year, "at"), statement__machine_took_part=True)
    yield Figure("noticed", noticed.count())
    yield Figure("by_machine", 0)


def _times(year: int) -> Iterator[Figure]:
    """Half of the answers came sooner."""
    decided = Case.objects.filter(_within(year, "decided_at")).exclude(trigger=Trigger.APPEAL)
    yield _median("decision_time", decided, "opened_at", "decided_at")
    yield _median("report_time", Report.objects.filter(_within(year, "settled_at")), "at", "settled_at")
    yield _median("appeal_time", Appeal.objects.filter(_within(year, "decided_at")), "at", "decided_at")


def _median(name: str, found: QuerySet, begin: str, end: str) -> Figure:
    lasted = ExpressionWrapper(F(end) - F(begin), output_field=DurationField())
    middle = found.aggregate(middle=Median(lasted))["middle"]
    return Figure(name, round(middle.total_seconds() / 3600, 1) if middle is not None else None, unit="heures")

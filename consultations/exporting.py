"""A participatory budget as a Pabulib file: an imported one byte by byte as it came, one of ours as the format asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import IntegerField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Collate
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from consultations.models import Consultation, Counting, Question, QuestionKind
from consultations.models.question import BUDGET
from consultations.pabulib import Document, Section, write

AT_ONCE = 2000
VOTE_TYPES = {
    QuestionKind.MULTIPLE: "approval",
    QuestionKind.POINTS: "cumulative",
    QuestionKind.RANKING: "ordinal",
}


class NoBudget(DomainError):
    title = _("This is no participatory budget")
    sentence = _("Only a participatory budget whose result is proclaimed can be written as a Pabulib file.")


def export_pabulib(consultation: Consultation) -> bytes:
    """The .pb file of a proclaimed participatory budget, ballots included. Raises NoBudget."""
    question = budget_of(consultation)
    if question is None or not consultation.is_proclaimed:
        raise NoBudget
    return write(_as_it_came(consultation, question) if consultation.pabulib else _of_ours(consultation, question))


def budget_of(consultation: Consultation) -> Question | None:
    """Its question, where it is one budget and nothing else."""
    questions = list(consultation.questions.prefetch_related("options")[:2])
    return questions[0] if len(questions) == 1 and questions[0].counting in BUDGET else None


# --- One that was imported ------------------------------------------------------------------


def _as_it_came(consultation: Consultation, question: Question) -> Document:
    kept: dict[str, Any] = consultation.pabulib or {}
    rows = {
        "PROJECTS": [tuple((option.pabulib or {})["cells"]) for option in question.options.all()],
        "VOTES": list(_ballot_cells(consultation)),
    }
    sections = [
        Section(**{name: _as_cells(value) for name, value in told.items() if name != "rows"})
        for told in kept["sections"]
    ]
    for section, told in zip(sections, kept["sections"], strict=True):
        section.rows = rows.get(section.name) or [tuple(cells) for cells in told["rows"]]
    return Document(sections, **{name: _by_number(value) for name, value in kept["document"].items()})


def _as_cells(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _by_number(value: Any) -> Any:
    """JSON knows only texts as names: numbers of records become numbers again."""
    return {int(number): text for number, text in value.items()} if isinstance(value, dict) else value


def _ballot_cells(consultation: Consultation) -> Iterator[tuple[str, ...]]:
    rows = consultation.ballots.annotate(row=Cast(KT("pabulib__row"), IntegerField())).order_by("row")
    return (
        tuple((kept or {})["cells"]) for kept in rows.values_list("pabulib", flat=True).iterator(chunk_size=AT_ONCE)
    )


# --- One of ours ----------------------------------------------------------------------------


def _of_ours(consultation: Consultation, question: Question) -> Document:
    outcome = consultation.result.outcomes[question.slug]
    return Document(
        [
            _section("META", ("key", "value"), _meta(consultation, question)),
            _section("PROJECTS", _project_columns(outcome), _projects(question, outcome)),
            _section("VOTES", _vote_columns(question), _votes(consultation, question)),
        ]
    )


def _section(name: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Section:
    return Section(name, line=1, heading=(name,), columns=columns, rows=list(rows))


def _meta(consultation: Consultation, question: Question) -> Iterator[tuple[str, str]]:
    vote = consultation.vote
    told = {
        "description": consultation.title,
        "instance": f"{vote.opens_at:%Y}" if vote else "",
        "num_projects": len(question.options.all()),
        "num_votes": consultation.result.ballots,
        "budget": plain(question.total_cost),
        "currency": question.currency,
        "vote_type": VOTE_TYPES[QuestionKind(question.kind)],
        "rule": "equalshares" if question.counting == Counting.EQUAL_SHARES else "greedy",
        "date_begin": f"{vote.opens_at:%d.%m.%Y}" if vote else "",
        "date_end": f"{vote.closes_at:%d.%m.%Y}" if vote and vote.closes_at else "",
        "min_length": question.minimum or "",
        "max_length": question.maximum or "",
        "max_sum_cost": plain(question.total_cost) if question.fits_budget else "",
        "max_points": question.points_each or "",
        "max_sum_points": question.points_all or "",
    }
    return ((key, str(value)) for key, value in told.items() if value != "")


def _project_columns(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    score = ("score",) if outcome["score"] is not None else ()
    return ("project_id", "cost", "name", "votes", *score, "selected")


def _projects(question: Question, outcome: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    selected = set(outcome["selected"])
    for option in question.options.all():
        score = (str(outcome["score"][option.slug]),) if outcome["score"] is not None else ()
        votes = str(outcome["votes"][option.slug])
        yield (option.slug, plain(option.cost), option.label, votes, *score, str(int(option.slug in selected)))


def _vote_columns(question: Question) -> tuple[str, ...]:
    return ("voter_id", "vote", "points") if question.kind == QuestionKind.POINTS else ("voter_id", "vote")


def _votes(consultation: Consultation, question: Question) -> Iterator[tuple[str, ...]]:
    rows = consultation.ballots.order_by(Collate("code", "C")).values_list("code", "answers")
    for code, answers in rows.iterator(chunk_size=AT_ONCE):
        answer = answers.get(question.slug) or ()
        points = (",".join(map(str, answer.values())),) if isinstance(answer, dict) else ()
        if question.kind == QuestionKind.POINTS:
            points = points or ("",)
        yield (code, ",".join(answer), *points)


def plain(amount: Any) -> str:
    """12000, or 12000.50: no separators, no zeros that say nothing."""
    return format(amount.quantize(1) if amount == amount.to_integral_value() else amount, "f")

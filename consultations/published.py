"""What is published of a proclaimed consultation, so that anyone counts again: the ballots, the questions, the result.

`tally/published.py` says the form of the two files that the recount script reads; here they come out of the database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Collate

from civic.kernel.tabular import as_csv
from consultations.models import Consultation, Question, Result
from consultations.naming import is_named
from consultations.results.small_groups import shown_apart
from consultations.tally.published import as_lines, cells, heading, write_questions

BALLOTS, QUESTIONS, RECOUNT = "bulletins.csv", "consultation.json", "recompter.pyz"
PABULIB, NAMES = "budget.pb", "noms.csv"
LICENCE = {"name": "etalab-2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}
RESULTS_HEADER = ("question", "reponse", "libelle", "mesure", "detail", "valeur")
# Lines that are read and sent together.
LINES = 1000


def ballot_lines(consultation: Consultation) -> Iterator[str]:
    """The text of `bulletins.csv`, some lines at a time: what it takes in memory does not grow with their number."""
    slugs = [question.slug for question in consultation.questions.all()]
    # Byte by byte: the same order on every machine, whatever its language.
    ballots = consultation.ballots.order_by(Collate("code", "C")).values_list("code", "answers")
    rows = ballots.iterator(chunk_size=LINES)
    yield as_lines([heading(slugs)])
    while some := list(islice(rows, LINES)):
        yield as_lines(cells(code, answers, slugs) for code, answers in some)


def digest(consultation: Consultation) -> str:
    """The SHA-256 of `bulletins.csv`, in hexadecimal."""
    found = hashlib.sha256()
    for lines in ballot_lines(consultation):
        found.update(lines.encode())
    return found.hexdigest()


def answers_of(consultation: Consultation) -> Iterator[Mapping[str, Any]]:
    """All ballots, in no order."""
    return consultation.ballots.values_list("answers", flat=True).iterator(chunk_size=LINES)


# --- Questions and results ------------------------------------------------------------------


def questions_json(consultation: Consultation, result: Result) -> str:
    """`consultation.json`: the questions, their rules and what was proclaimed, as the recount script reads them."""
    vote = consultation.vote
    return write_questions(
        [question.as_rule() for question in _questions(consultation)],
        about={
            "title": consultation.title,
            "url": f"{settings.SITE_URL}{consultation.get_absolute_url()}",
            "source": consultation.source or None,
            "vote_opens_at": vote.opens_at.isoformat() if vote else None,
            "vote_closes_at": vote.closes_at.isoformat() if vote and vote.closes_at else None,
            "licence": LICENCE,
        },
        roll=None if consultation.source else sum(result.channels.values()),
        number=result.ballots,
        sha256=result.digest,
        outcomes=result.outcomes,
    )


def results_json(consultation: Consultation, result: Result) -> str:
    """`resultats.json`: all that the page shows, by question."""
    voters = None if consultation.source else sum(result.channels.values())
    ways = [{"channels": group.names, "voters": group.number} for group in shown_apart(result.channels)]
    return _json(
        {
            "title": consultation.title,
            "url": f"{settings.SITE_URL}{consultation.get_absolute_url()}",
            "proclaimed_at": consultation.proclaimed_at.isoformat() if consultation.proclaimed_at else None,
            "voters": voters,
            "quorum": consultation.quorum,
            "turnout": ways,
            "ballots": result.ballots,
            "digest": {"file": BALLOTS, "sha256": result.digest},
            "licence": LICENCE,
            "outcomes": result.outcomes,
        }
    )


def results_csv(consultation: Consultation, result: Result) -> str:
    """`resultats.csv`: the same as one long table, a figure on each line."""
    return as_csv(RESULTS_HEADER, _figures(consultation, result))


def _figures(consultation: Consultation, result: Result) -> Iterator[tuple[object, ...]]:
    yield ("", "", "", "bulletins", "", result.ballots)
    for group in shown_apart(result.channels):
        yield ("", "", "", "votants", " et ".join(group.names), group.number)
    for question in _questions(consultation):
        outcome = result.outcomes[question.slug]
        for name, value in outcome["participation"].items():
            yield (question.slug, "", "", name, "", value)
        labels = {option.slug: option.label for option in question.options.all()}
        for measure, slug, detail, value in _measures(outcome):
            yield (question.slug, slug, labels[slug], measure, detail, value)


def _measures(outcome: Mapping[str, Any]) -> Iterator[tuple[str, str, str, object]]:
    """(measure, option, detail, value) for all that an outcome says of options."""
    for measure in ("votes", "score", "costs", "firsts"):
        for slug, value in (outcome.get(measure) or {}).items():
            yield measure, slug, "", value
    for place, slug in enumerate(outcome.get("ranking", ()), 1):
        yield "rank", slug, "", place
    for slug, counts in outcome.get("profile", {}).items():
        for grade, number in zip(outcome["grades"], counts, strict=True):
            yield "grade", slug, grade, number
    for measure in ("duels", "paths"):
        for slug, row in outcome.get(measure, {}).items():
            for other, number in row.items():
                yield measure, slug, other, number
    for rule in ("greedy", "equal_shares"):
        for place, slug in enumerate((outcome.get(rule) or {}).get("selected", ()), 1):
            yield "selected", slug, rule, place


def _questions(consultation: Consultation) -> QuerySet[Question]:
    return consultation.questions.prefetch_related("options")


def datapackage_json(consultation: Consultation, result: Result) -> str:
    """`datapackage.json`: what the files hold, as Frictionless Data describes tables (specs.frictionlessdata.io)."""
    answers = [
        {"name": question.slug, "type": "any", "title": question.text, "description": "JSON ; vide : sans réponse"}
        for question in _questions(consultation)
    ]
    kinds = {"valeur": "any"}
    # Names are personal data: no licence is given for them.
    names = {
        "name": "noms",
        "path": NAMES,
        "encoding": "utf-8",
        "licenses": [],
        "schema": {"fields": [{"name": n, "type": "string"} for n in ("code", "nom")], "primaryKey": "code"},
    }
    return _json(
        {
            "profile": "tabular-data-package",
            "name": f"consultation-{consultation.pk}",
            "title": consultation.title,
            "licenses": [LICENCE],
            "resources": [
                {
                    "name": "bulletins",
                    "path": BALLOTS,
                    "hash": f"sha256:{result.digest}",
                    "encoding": "utf-8",
                    "schema": {"fields": [{"name": "code", "type": "string"}, *answers], "primaryKey": "code"},
                },
                {
                    "name": "resultats",
                    "path": "resultats.csv",
                    "encoding": "utf-8",
                    "schema": {"fields": [{"name": n, "type": kinds.get(n, "string")} for n in RESULTS_HEADER]},
                },
                *([names] if is_named(consultation) else []),
            ],
        }
    )


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


Text = Callable[[Consultation, Result], str]
TEXTS: Mapping[str, tuple[str, Text]] = {
    "resultats.csv": ("text/csv", results_csv),
    "resultats.json": ("application/json", results_json),
    QUESTIONS: ("application/json", questions_json),
    "datapackage.json": ("application/json", datapackage_json),
}

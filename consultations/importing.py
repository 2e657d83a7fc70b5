"""A Pabulib file becomes a consultation: proclaimed already, without a roll, and saying where it comes from.

All of it is one transaction: a file that breaks off halfway leaves nothing. The rows keep what the file said beside
what we understand of it, so that `exporting.py` writes the same bytes again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count as counting_up
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.types.json import Jsonb

from civic.audit import journal
from civic.kernel.errors import DomainError
from civic.kernel.tabular import FORMULA
from consultations import published, tally
from consultations.models import Consultation, Option, Phase, PhaseKind, Question, Result, Secrecy, Turnout
from consultations.models.consultation import SUMMARY_LENGTH, TITLE_LENGTH, Residence
from consultations.models.question import LABEL_LENGTH, SLUG_LENGTH
from consultations.pabulib import BrokenFile, Election, as_answers, as_question, read
from consultations.pabulib.question import point_scale

SLUG = "projects"
CODE_LENGTH, PROPOSER_LENGTH, MOST_NOTICES = 40, 200, 20
DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%Y")


class ImportedAlready(DomainError):
    """The same file a second time. What is proclaimed is not written over, so the first import stays as it is."""

    title = gettext_lazy("This file is here already")

    def __init__(self, consultation: Consultation):
        super().__init__(
            _("This file was imported before, as consultation %(pk)s: %(title)s. Nothing was changed.")
            % {"pk": consultation.pk, "title": consultation.title}
        )


def import_pabulib(content: bytes, *, filename: str, title: str = "", at: datetime) -> Consultation:
    """Store the election of a .pb file. Raises BrokenFile or ImportedAlready, with nothing stored."""
    # What stays in the database is French, whoever runs the command.
    with translation.override("fr"), transaction.atomic():
        fingerprint = hashlib.sha256(content).hexdigest()
        _refuse_second(fingerprint)
        election = read(content)
        rule = as_question(election, slug=SLUG, title=_("Which projects should be carried out?"))
        consultation = _consultation(election, filename=filename, title=title, fingerprint=fingerprint)
        question = _question(consultation, rule)
        _options(question, election)
        ballots = _ballots(consultation, election)
        _result(consultation, rule, election, ballots, at=at)
        _publish(consultation, at=at)
        journal.record(
            "consultation.imported", target=("consultation", consultation.pk), space=consultation.space, ballots=ballots
        )
        return consultation


def _refuse_second(fingerprint: str) -> None:
    with connection.cursor() as cursor:
        # Of two at once, the second waits here and then finds the first.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(fingerprint[:15], 16)])
    found = Consultation.objects.filter(pabulib__sha256=fingerprint).first()
    if found is not None:
        raise ImportedAlready(found)


def _consultation(election: Election, *, filename: str, title: str, fingerprint: str) -> Consultation:
    meta, document = election.meta, election.document
    places = [meta.get(key, "") for key in ("country", "unit", "district", "subunit", "instance")]
    named = title or " ".join(
        filter(None, (meta.get("description") or meta.get("unit") or filename, meta.get("instance")))
    )
    summary = _("A participatory budget that was held elsewhere: %(projects)s projects, %(ballots)s ballots.") % {
        "projects": number_format(len(election.projects), force_grouping=True),
        "ballots": number_format(len(election.votes), force_grouping=True),
    }
    # Rows of projects and ballots lie with what they became.
    sections = [
        {name: value for name, value in vars(section).items() if name != "lines"}
        | ({} if section.name == "META" else {"rows": []})
        for section in document.sections
    ]
    kept = {name: value for name, value in vars(document).items() if name != "sections"}
    return Consultation.draft(
        None,
        title=Truncator(named).chars(TITLE_LENGTH),
        summary=Truncator(summary).chars(SUMMARY_LENGTH),
        secrecy=Secrecy.SECRET,
        residence=Residence.ANYONE,
        minimum_age=0,
        source=Truncator(", ".join(filter(None, [*places, filename]))).chars(300),
        pabulib={
            "sha256": fingerprint,
            "filename": filename,
            "point_scale": point_scale(election),
            "sections": sections,
            "document": kept,
            "notices": [asdict(n) | {"sentence": str(n.sentence)} for n in election.notices[:MOST_NOTICES]],
        },
    )


def _question(consultation: Consultation, rule: tally.Question) -> Question:
    return Question.objects.create(
        consultation=consultation,
        rank=1,
        slug=rule.slug,
        text=rule.title,
        kind=rule.kind.value,
        counting=rule.counting.value,
        minimum=rule.minimum,
        maximum=rule.maximum,
        points_each=rule.points_each,
        points_all=rule.points_total,
        total_cost=rule.budget,
        currency=rule.currency,
        rank_points=rule.rank_points,
        tie_order=list(rule.drawn_order),
    )


def _options(question: Question, election: Election) -> None:
    rows = election.document.section("PROJECTS").rows
    for project in election.projects:
        if len(project.project_id) > SLUG_LENGTH:
            raise BrokenFile(project.line, _("This project_id is longer than %(most)s signs.") % {"most": SLUG_LENGTH})
    Option.objects.bulk_create(
        Option(
            question=question,
            rank=rank,
            slug=project.project_id,
            label=Truncator(project.name).chars(LABEL_LENGTH),
            cost=project.cost,
            proposer=project.cells.get("proposer", "")[:PROPOSER_LENGTH],
            pabulib={"cells": cells},
        )
        for rank, (project, cells) in enumerate(zip(election.projects, rows, strict=True), 1)
    )


def _ballots(consultation: Consultation, election: Election) -> int:
    """Copy the ballots in, in the order of the file; returns how many."""
    rows = election.document.section("VOTES").rows
    written = zip(codes_of(election), as_answers(election), rows, counting_up())
    number = 0
    columns = "consultations_ballot (consultation_id, code, answers, pabulib)"
    with connection.cursor() as cursor, cursor.copy(f"COPY {columns} FROM STDIN") as copy:
        for code, answer, cells, row in written:
            copy.write_row((consultation.pk, code, Jsonb({SLUG: answer}), Jsonb({"row": row, "cells": cells})))
            number += 1
    return number


def codes_of(election: Election) -> Iterator[str]:
    """What each ballot is called here: its voter's number in the file where all have a usable one, else its place."""
    named = [vote.voter_id for vote in election.votes]
    if all(name and len(name) <= CODE_LENGTH and not name.startswith(FORMULA) for name in named):
        return iter(named)
    return (str(place) for place in range(1, len(named) + 1))


def _result(
    consultation: Consultation, rule: tally.Question, election: Election, ballots: int, *, at: datetime
) -> None:
    outcome = tally.as_json(tally.count_pile(rule, tally.gather_answers(rule, as_answers(election))))
    Result.objects.create(
        consultation=consultation,
        outcomes={SLUG: outcome},
        ballots=ballots,
        blank={SLUG: outcome["participation"]["blank"]},
        digest=published.digest(consultation),
        counted_at=at,
    )
    Turnout.objects.filter(consultation=consultation).update(voters=ballots)


def _publish(consultation: Consultation, *, at: datetime) -> None:
    begins, ends = days_of((consultation.pabulib or {})["sections"], at=at)
    Phase.objects.create(consultation=consultation, kind=PhaseKind.VOTE, opens_at=begins, closes_at=ends)
    Consultation.objects.filter(pk=consultation.pk).update(published_at=at, counted_at=at, proclaimed_at=at)
    consultation.refresh_from_db()


def days_of(sections: Sequence[dict[str, Any]], *, at: datetime) -> tuple[datetime, datetime]:
    """When the vote was held, as far as the file says it; its last day ends when the day does."""
    rows = next(section["rows"] for section in sections if section["name"] == "META")
    meta = {row[0].strip().lower(): row[1].strip() for row in rows if len(row) > 1}
    begins = _day(meta.get("date_begin", "")) or _day(meta.get("date_end", "")) or _day(meta.get("instance", "")) or at
    last = _day(meta.get("date_end", "")) or begins
    return begins, max(last, begins) + timedelta(days=1)


def _day(written: str) -> datetime | None:
    for form in DAYS:
        try:
            day = datetime.strptime(written, form).replace(tzinfo=timezone.get_default_timezone())
        except ValueError:
            continue
        return day.astimezone(UTC)
    return None

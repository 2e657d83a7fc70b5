"""Corrections of what is published: each is a new, dated, public version, and who had voted before is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.kernel.errors import DomainError, Unprocessable
from civic.kernel.text import plain_line
from consultations.models.publishing import check_ready, prepare, snapshot
from consultations.models.roll import hold_gate
from consultations.models.version import EXPLANATION_LENGTH, Version

if TYPE_CHECKING:
    from consultations.models.consultation import Consultation

TEXT = {"title", "summary", "description", "easy_read", "theme"}
FROZEN = "a published consultation is frozen"
REMEMBER_VOTERS = """
INSERT INTO consultations_votedbefore (version_id, key)
SELECT %s, key FROM consultations_rollentry WHERE consultation_id = %s
"""


class NotPublished(DomainError):
    title = _("This consultation is not published")
    sentence = _("What is not published is edited, not corrected.")


class NothingCorrected(Unprocessable):
    sentence = _("The text is the same as before. Nothing was changed.")


class ExplanationMissing(Unprocessable):
    sentence = _("Say what is corrected and why: everyone reads it beside the new version.")


class Withdrawn(DomainError):
    title = _("This consultation was withdrawn")
    sentence = _("What was withdrawn stays as everyone last read it. Nothing was changed.")


class CorrectedMeanwhile(DomainError):
    title = _("Someone else was quicker")
    sentence = _("Someone else corrected this at the same moment. What you typed stands below and was not published.")


class Frozen(DomainError):
    title = _("This can no longer change")
    sentence = _(
        "What a ballot offers, who may vote and how votes are counted can’t change once people vote. "
        "Texts can be corrected, in public. Nothing was changed."
    )


@contextmanager
def correction(
    consultation: Consultation, by: Any, *, explanation: str, at: datetime, revision: int | None = None
) -> Iterator[Consultation]:
    """Within the block the published text can be changed, and before the vote opens what a ballot offers too.

    At its end there is a new version. Raises NotAllowed, NotPublished, Withdrawn, ExplanationMissing,
    NothingCorrected, Frozen, NotReady, and CorrectedMeanwhile where it is no longer at the `revision` given.
    """
    explanation = plain_line(explanation)[:EXPLANATION_LENGTH]
    if not explanation:
        raise ExplanationMissing
    try:
        with transaction.atomic():
            current = consultation.locked_for(by)
            if not current.is_published:
                raise NotPublished
            if current.withdrawn_at is not None:
                raise Withdrawn
            if revision is not None and revision != current.revision:
                raise CorrectedMeanwhile
            _allow(current.pk)
            yield current
            # Who votes does so before this version or after it, never during.
            hold_gate(current.pk)
            _keep_version(current, by, explanation=explanation, at=at)
            _allow(None)
    except IntegrityError as error:
        if FROZEN in str(error):
            raise Frozen from error
        raise
    consultation.refresh_from_db()


def correct(
    consultation: Consultation,
    by: Any,
    *,
    explanation: str,
    at: datetime,
    revision: int | None = None,
    questions: Mapping[str, Mapping[str, Any]] | None = None,
    options: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    **text: Any,
) -> None:
    """Correct texts. `questions` by slug and `options` by both slugs give the fields that change: text and help,
    label and description; until the vote opens, limits and costs too. Raises what `correction` raises."""
    if strangers := set(text) - TEXT:
        raise TypeError(f"not a text: {', '.join(sorted(strangers))}")
    with correction(consultation, by, explanation=explanation, at=at, revision=revision) as current:
        for name, value in text.items():
            setattr(current, name, value)
        current.save(update_fields=[*text])
        for slug, change in (questions or {}).items():
            current.questions.filter(slug=slug).update(**change)
        for (of, slug), change in (options or {}).items():
            for question in current.questions.filter(slug=of):
                question.options.filter(slug=slug).update(**change)


def _allow(consultation: int | None) -> None:
    """Open the trigger's door for one consultation, until the transaction ends or it is closed again."""
    with connection.cursor() as cursor:
        value = "" if consultation is None else str(consultation)
        cursor.execute("SELECT set_config('consultations.correcting', %s, true)", [value])


def _keep_version(current: Consultation, by: Any, *, explanation: str, at: datetime) -> None:
    current.refresh_from_db()
    vote = current.vote
    if vote is None or not vote.has_opened_at(at):
        prepare(current)
        check_ready(current, at=at)
    # Papers kept in memory are of one revision (`box.py`).
    current.revision += 1
    current.save(update_fields=["envelope_size", "revision"])
    content = snapshot(current)
    last = current.versions.order_by("-number").first()
    if last is not None and last.content == content:
        raise NothingCorrected
    number = last.number + 1 if last else 1
    version = Version.objects.create(
        consultation=current, number=number, at=at, by=by, explanation=explanation, content=content
    )
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER_VOTERS, [version.pk, current.pk])
    current.space.rename(current.title)
    journal.record(
        "consultation.corrected", actor=by, target=("consultation", current.pk), space=current.space, version=number
    )
    version.announce()

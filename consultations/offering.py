"""A choice more or less on a ballot that is published, until people vote on it: a correction, public as any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consultations.drafting import GoneMeanwhile, append_options, number_in_order
from consultations.models import Option, Question
from consultations.models.correcting import correction


def offer(question: Question, by: Any, row: Mapping[str, Any], *, explanation: str, at: datetime) -> Option:
    """Add a choice below the others. Raises TooManyOptions, and what `correction` raises."""
    with correction(question.consultation, by, explanation=explanation, at=at):
        [option] = append_options(question, [row])
    return option


def take_out(option: Option, by: Any, *, explanation: str, at: datetime) -> None:
    """Take a choice off the ballot; those below move up. Raises GoneMeanwhile, and what `correction` raises."""
    with correction(option.question.consultation, by, explanation=explanation, at=at):
        deleted, _of_each = Option.objects.filter(pk=option.pk).delete()
        if not deleted:
            raise GoneMeanwhile
        number_in_order(Option.objects.filter(question=option.question_id))

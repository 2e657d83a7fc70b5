"""The proclamation: from one moment on, what a count found is everybody's to read, and before it nobody's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from civic.audit import journal
from civic.kernel.errors import DomainError
from consultations import published, tally
from consultations.models import Consultation, Result

if TYPE_CHECKING:
    from civic.accounts.models import User


class NotCountedYet(DomainError):
    title = _("There is nothing to proclaim yet")
    sentence = _("The ballots of this consultation are not counted yet. Count them first.")


class AlreadyProclaimed(DomainError):
    title = _("The result is proclaimed already")
    sentence = _("This result was proclaimed before. Nothing was changed.")


class CountDiffers(DomainError):
    """The stored ballots, counted again, don't give the stored result: somebody wrote to the database."""

    title = _("The count does not come out the same")
    sentence = _("Counted again, the ballots give another result than the one that was stored. Nothing was proclaimed.")


@transaction.atomic
def proclaim(consultation: Consultation, by: User, *, at: datetime) -> Result:
    """Make the result of a counted consultation public, once, and have those who took part told.

    The ballots are counted a second time first, as they will be published. Raises NotAllowed, NotCountedYet,
    AlreadyProclaimed or CountDiffers.
    """
    current = consultation.locked_for(by)
    if current.is_proclaimed:
        raise AlreadyProclaimed
    result = Result.objects.filter(consultation=current).first()
    if current.counted_at is None or current.withdrawn_at is not None or result is None:
        raise NotCountedYet
    check(current, result)
    current.proclaimed_at = consultation.proclaimed_at = at
    current.save(update_fields=["proclaimed_at"])
    journal.record("consultation.proclaimed", actor=by, target=("consultation", current.pk), space=current.space)
    current.tell_page()
    app.configure_task("consultations.tell_participants").defer(consultation_id=current.pk, step="result")
    return result


def check(consultation: Consultation, result: Result) -> None:
    """Count the stored ballots again. Raises CountDiffers where that gives anything else than `result`."""
    if published.digest(consultation) != result.digest or consultation.ballots.count() != result.ballots:
        raise CountDiffers
    for question in consultation.questions.prefetch_related("options"):
        outcome = tally.count(question.as_rule(), published.answers_of(consultation))
        if tally.as_json(outcome) != result.outcomes.get(question.slug):
            raise CountDiffers

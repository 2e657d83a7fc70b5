"""Publishing: the draft is checked, the order that breaks ties drawn, the first version kept; then all is frozen."""

from __future__ import annotations

import random
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.kernel.errors import DomainError
from consultations import tally
from consultations.models.readiness import missing
from consultations.models.version import Version

if TYPE_CHECKING:
    from consultations.models.consultation import Consultation

# The room for answers in an envelope is a multiple of this: one word more in a question says nothing.
BLOCK = 64


class NotReady(DomainError):
    status = 422
    title = _("This consultation is not ready")
    sentence = _("Something is missing before it can be published.")


class AlreadyPublished(DomainError):
    title = _("This consultation is published")
    sentence = _("It was published already. What is published changes by a correction only, which everyone can read.")


class ChangedSinceRead(DomainError):
    title = _("The draft is no longer what you read")
    sentence = _(
        "Someone changed it after you opened this page. Read it again, then publish it. Nothing was published."
    )


@transaction.atomic
def publish(consultation: Consultation, by: Any, *, at: datetime, revision: int | None = None) -> None:
    """Make it public and freeze it. Raises NotAllowed, AlreadyPublished, NotReady (with `missing`), and
    ChangedSinceRead where it is no longer at the `revision` given."""
    current = consultation.locked_for(by)
    if current.is_published:
        raise AlreadyPublished
    if revision is not None and revision != current.revision:
        raise ChangedSinceRead
    check_ready(current, at=at)
    prepare(current)
    current.published_at = consultation.published_at = at
    consultation.envelope_size = current.envelope_size
    current.save(update_fields=["published_at", "envelope_size"])
    first = Version.objects.create(consultation=current, number=1, at=at, by=by, content=snapshot(current))
    journal.record(
        "consultation.published", actor=by, target=("consultation", current.pk), space=current.space, version=first.pk
    )


def check_ready(consultation: Consultation, *, at: datetime) -> None:
    """Raises NotReady, with all that is `missing` and the first of it in its sentence."""
    if lacks := missing(consultation, at=at):
        raise NotReady(format_lazy("{} {}", NotReady.sentence, lacks[0]), missing=lacks)


def prepare(consultation: Consultation) -> None:
    """Draw the order that breaks ties, for each question whose options it does not name, and size the envelopes."""
    questions = list(consultation.questions.prefetch_related("options"))
    for question in questions:
        slugs = [option.slug for option in question.options.all()]
        if sorted(question.tie_order) != sorted(slugs):
            # From the system's randomness: who publishes can't choose the lot.
            question.tie_order = random.SystemRandom().sample(slugs, len(slugs))
            question.save(update_fields=["tie_order"])
    if consultation.is_secret:
        longest = tally.longest_ballot(question.as_rule() for question in questions)
        consultation.envelope_size = -(-longest // BLOCK) * BLOCK


def snapshot(consultation: Consultation) -> dict[str, Any]:
    """Everything that was published, as JSON: what a version keeps and a page compares."""
    questions = []
    for question in consultation.questions.prefetch_related("options"):
        options = {option.slug: option for option in question.options.all()}
        written = question.as_rule().as_json() | {"help": question.help}
        for option in written["options"]:
            option["description"] = options[option["slug"]].description
        questions.append(written)
    return {
        "title": consultation.title,
        "summary": consultation.summary,
        "description": consultation.description,
        "easy_read": consultation.easy_read,
        "theme": consultation.theme.name if consultation.theme else None,
        "quarters": [quarter.name for quarter in consultation.quarters.all()],
        "only_quarters": consultation.only_quarters,
        "residence": consultation.residence,
        "minimum_age": consultation.minimum_age,
        "quorum": consultation.quorum,
        "secrecy": consultation.secrecy,
        "scrutineers_needed": consultation.scrutineers_needed,
        "public_keys": [scrutineer.public_key for scrutineer in consultation.scrutineers.all()],
        "questions": questions,
        "documents": list(consultation.documents.values("title", "sha256", "size")),
    }

"""Telling those who took part what became of it: once for each step, and nobody else.

The roll knows no addresses: the key of every account is looked up on it, and nothing is kept but the mails.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction

from civic.notifications import outbox
from consultations.eligibility import keys_of_accounts
from consultations.models import Consultation, RollEntry

if TYPE_CHECKING:
    from civic.accounts.models import User

BATCH = 200


class Step(StrEnum):
    """What there is to tell; the name of its mail follows from it."""

    RESULT = "result"
    DECISION = "decision"


def tell_participants(consultation: Consultation, step: Step) -> int:
    """Write to everyone who took part and has an account; returns to how many. A second time it writes to nobody."""
    found = participants(consultation)
    told = 0
    while some := list(islice(found, BATCH)):
        # One transaction for some hundreds: interrupted, the rest is told when the job runs again.
        with transaction.atomic():
            told += sum(_tell(user, consultation, step) for user in some)
    return told


def participants(consultation: Consultation) -> Iterator[User]:
    """The accounts whose holders stand on the roll, in the order of the accounts."""
    roll = set(RollEntry.objects.filter(consultation=consultation).values_list("key", flat=True))
    return (user for user, key in keys_of_accounts(consultation) if key in roll) if roll else iter(())


def _tell(user: User, consultation: Consultation, step: Step) -> bool:
    return outbox.post(
        f"consultations.{step}:{consultation.pk}:{user.pk}",
        user.email,
        f"consultation_{step}",
        {"consultation": consultation, "name": user.name},
        bulk=True,
    )

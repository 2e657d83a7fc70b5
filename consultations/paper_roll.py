"""The voter roll at a counter, while people vote: whether somebody has voted, and who puts an envelope of paper in.

Of a paper vote only the roll is entered: whoever is on it can't vote online, and the other way round.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from civic.accounts.models import ListedPerson
from civic.accounts.residence import person_key
from civic.audit import journal
from civic.kernel.errors import DomainError, NotAllowed
from civic.kernel.mailboxes import mailbox_key
from consultations import box
from consultations.eligibility import check_open, check_quarter, roll_key
from consultations.models import Channel, Consultation, Residence, RollEntry
from consultations.obstacles import AlreadyVoted, NotListed

BY_MAILBOX = (Residence.ANYONE, Residence.DECLARED)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: the key of the roll, and what keeps them from voting on paper, or None."""

    key: str
    obstacle: DomainError | None

    @property
    def has_voted(self) -> bool:
        return isinstance(self.obstacle, AlreadyVoted)


def ask(
    consultation: Consultation,
    by: Any,
    *,
    at: datetime,
    name: str = "",
    birth_date: date | None = None,
    email: str = "",
) -> Standing:
    """By the address where the key is the mailbox and there is one, else by name and date of birth.

    Raises NotAllowed, or what `check_open` raises.
    """
    if not consultation.can_be_run_by(by):
        raise NotAllowed
    check_open(consultation, at=at)
    person = person_key(name, birth_date) if birth_date else mailbox_key(email)
    key = roll_key(consultation, person)
    journal.record("roll.asked", actor=by, target=("consultation", consultation.pk), space=consultation.space)
    entry = RollEntry.objects.filter(consultation=consultation, key=key).first()
    if entry is not None:
        return Standing(key, AlreadyVoted(entry.channel))
    if consultation.residence == Residence.LISTED:
        listed = ListedPerson.objects.filter(list=consultation.resident_list_id, person_key=person).first()
        if listed is None:
            return Standing(key, NotListed())
        try:
            check_quarter(consultation, listed.quarter_id)
        except DomainError as fact:
            return Standing(key, fact)
    return Standing(key, None)


def enter(consultation: Consultation, by: Any, key: str, *, at: datetime) -> None:
    """Put who stands under `key` on the roll as having voted on paper; the journal names nobody but the clerk.

    Raises NotAllowed, AlreadyVoted, NotOpenYet or VoteClosed.
    """
    if not consultation.can_be_run_by(by):
        raise NotAllowed
    with transaction.atomic():
        box.enter(consultation, key, Channel.PAPER, at=at)
        journal.record("roll.entered", actor=by, target=("consultation", consultation.pk), space=consultation.space)

"""Who may vote in a consultation, under which key of the roll, and why somebody can't.

The key is a person's, not an account's: of the verified residence or the list where one is asked, so that an erased
and re-created account is the same person and paper blocks online; of the mailbox where residence is only declared.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.translation import get_language

from civic.accounts.models import ListedPerson, Residence, User
from civic.accounts.residence import person_key
from civic.audit import journal
from civic.kernel.errors import DomainError, NotAllowed
from civic.kernel.mailboxes import mailbox_key
from consultations.models import Channel, Consultation, OpenBallot, RollEntry, State
from consultations.models import Residence as Asked
from consultations.obstacles import (
    AddressNotConfirmed,
    AlreadyVoted,
    NotEligible,
    NotIdentified,
    NotListed,
    NotOnRoll,
    NotOpenYet,
    NotResident,
    NotSignedIn,
    NotVerified,
    OtherQuarter,
    TooYoung,
    VerificationEnded,
    VoteClosed,
    VoteWithdrawn,
)


@dataclass(frozen=True)
class Voter:
    """Somebody who may vote: the key of the roll, by which channel, and what else a ballot may keep."""

    key: str
    channel: str = Channel.ONLINE
    user_id: int | None = None
    quarter_id: int | None = None
    language: str = "fr"


class Person(NamedTuple):
    """Who an account's holder is to one consultation: a key without the consultation, and where they live."""

    key: str
    quarter_id: int | None


def roll_key(consultation: Consultation, person: str) -> str:
    """HMAC-SHA256 (64 hex digits) of a person (`person_key`, or `mailbox_key` where nobody verifies) in one
    consultation: without the secret, neither the roll nor two of them side by side name anyone."""
    message = f"roll:{consultation.pk}:{person}".encode()
    return hmac.new(settings.PERSON_KEY.encode(), message, hashlib.sha256).hexdigest()


def voter_of(user: Any, consultation: Consultation, *, of_age: bool, at: datetime) -> Voter:
    """The voter that this account's holder is, who may vote now. Raises NotEligible, as one of its facts.

    A named or confidential vote that was given online may be given again: no AlreadyVoted for it.
    """
    check_open(consultation, at=at)
    voter = entitled(user, consultation, of_age=of_age, at=at)
    check_not_voted(consultation, voter.key)
    return voter


def entitled(user: Any, consultation: Consultation, *, of_age: bool, at: datetime) -> Voter:
    """The same, but for what the ballot box asks itself: whether the vote is open, and whether they have voted."""
    if not user.is_authenticated:
        raise NotSignedIn
    if consultation.minimum_age and not of_age:
        raise TooYoung
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        raise AddressNotConfirmed
    person = person_of(user, consultation, at=at)
    check_quarter(consultation, person.quarter_id)
    return Voter(
        key=roll_key(consultation, person.key),
        user_id=user.pk,
        quarter_id=person.quarter_id,
        language=get_language() or settings.LANGUAGE_CODE,
    )


def why_not(consultation: Consultation, user: Any, *, at: datetime) -> NotEligible | None:
    """What keeps this person from voting, their age apart (it is asked as a yes); None where nothing does."""
    try:
        voter_of(user, consultation, of_age=True, at=at)
    except NotEligible as fact:
        return fact
    return None


def check_open(consultation: Consultation, *, at: datetime) -> None:
    """Raises NotOpenYet, VoteClosed or VoteWithdrawn. For the page: what counts is the clock at the box."""
    state = consultation.state_at(at)
    if state == State.WITHDRAWN:
        raise VoteWithdrawn
    if state in (State.DRAFT, State.ANNOUNCED, State.INFORM, State.DEBATE):
        raise NotOpenYet
    if state != State.VOTING:
        raise VoteClosed


def check_quarter(consultation: Consultation, quarter_id: int | None) -> None:
    """Raises OtherQuarter where only some quarters vote and this is none of them."""
    if not consultation.only_quarters:
        return
    if quarter_id is None or not consultation.quarters.filter(pk=quarter_id).exists():
        raise OtherQuarter


def check_not_voted(consultation: Consultation, key: str) -> None:
    """Raises AlreadyVoted, but for an open ballot that its voter may still change."""
    entry = RollEntry.objects.filter(consultation=consultation, key=key).first()
    if entry is None:
        return
    if consultation.is_secret or not OpenBallot.objects.filter(consultation=consultation, key=key).exists():
        raise AlreadyVoted(entry.channel)


def person_of(user: User, consultation: Consultation, *, at: datetime) -> Person:
    """Who this account's holder is, by what the consultation asks for.

    Raises NotResident, NotVerified, VerificationEnded, NotIdentified or NotListed.
    """
    if consultation.residence in (Asked.ANYONE, Asked.DECLARED):
        if consultation.residence == Asked.DECLARED and user.postal_code != settings.CITY["postal_code"]:
            raise NotResident
        return Person(mailbox_key(user.email), user.quarter_id)
    residence = Residence.objects.filter(user=user).first()
    if consultation.residence == Asked.VERIFIED:
        return _verified(residence, at)
    if residence is None:
        raise NotIdentified
    # Who somebody is does not end with the date of the address: the list says who lives here.
    return _listed(consultation, residence.person_key)


def _verified(residence: Residence | None, at: datetime) -> Person:
    if residence is None:
        raise NotVerified
    if not residence.is_valid_at(at):
        raise VerificationEnded
    return Person(residence.person_key, residence.quarter_id)


def _listed(consultation: Consultation, key: str) -> Person:
    listed = ListedPerson.objects.filter(list=consultation.resident_list_id, person_key=key).first()
    if listed is None:
        raise NotListed
    return Person(key, listed.quarter_id)


def ask_roll(
    consultation: Consultation,
    by: Any,
    *,
    at: datetime,
    name: str = "",
    birth_date: date | None = None,
    email: str = "",
) -> DomainError:
    """A scrutineer's answer to "why can't I vote?" and "I have not voted": the fact that the roll and lists tell.

    Asked by name and date of birth, or by address where the key is the mailbox. Raises NotAllowed.
    """
    if not consultation.can_read_roll(by, at=at):
        raise NotAllowed
    journal.record("roll.asked", actor=by, target=("consultation", consultation.pk), space=consultation.space)
    by_mailbox = consultation.residence in (Asked.ANYONE, Asked.DECLARED)
    key = mailbox_key(email) if by_mailbox or birth_date is None else person_key(name, birth_date)
    entry = RollEntry.objects.filter(consultation=consultation, key=roll_key(consultation, key)).first()
    if entry is not None:
        return AlreadyVoted(entry.channel)
    try:
        if consultation.residence == Asked.VERIFIED:
            person = _verified(Residence.objects.filter(person_key=key).first(), at)
            check_quarter(consultation, person.quarter_id)
        elif consultation.residence == Asked.LISTED:
            check_quarter(consultation, _listed(consultation, key).quarter_id)
    except NotEligible as fact:
        return fact
    return NotOnRoll()


def keys_of_accounts(consultation: Consultation) -> Iterator[tuple[User, str]]:
    """Every account with the key under which its holder would stand on the roll, whether or not they may vote."""
    by_mailbox = consultation.residence in (Asked.ANYONE, Asked.DECLARED)
    accounts = User.objects.filter(is_active=True).order_by("pk")
    if not by_mailbox:
        accounts = accounts.filter(residence__isnull=False).select_related("residence")
    for user in accounts.iterator(chunk_size=2000):
        person = mailbox_key(user.email) if by_mailbox else user.residence.person_key
        yield user, roll_key(consultation, person)

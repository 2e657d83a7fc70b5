"""Codes by post, for people of a list who have no e-mail address: drawn, printed once, and used like an account.

A code is found again by a keyed hash. Its plain text lasts until the letters are printed; whether it was used is read
from the roll, where the person stands whichever way they voted.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import ListedPerson
from civic.audit import journal
from civic.kernel.errors import DomainError
from consultations import codes
from consultations.eligibility import Voter, roll_key
from consultations.models import Channel, Consultation, PostalCode
from consultations.obstacles import NoCodes

DRAWN_AT_ONCE = 5_000


class NoList(DomainError):
    title = _("There is no list")
    sentence = _("Codes go out to the people of a list: choose or import one for this consultation first.")


class UnknownCode(DomainError):
    status = 422
    title = _("We don’t know this code")
    sentence = _("Check the sixteen characters of your letter: no code of this consultation reads like that.")


class CodeRevoked(DomainError):
    status = 410
    title = _("This code was replaced")
    sentence = _("A newer letter was sent to you: its code counts. With questions, call the town hall.")


@dataclass(frozen=True)
class Letter:
    """What is printed for one person: name and address as the list has them, and the code in groups of four."""

    label: str
    code: str


def code_key(consultation: Consultation, code: str) -> str:
    """HMAC-SHA256 (64 hex digits) of a code of that consultation: the database alone doesn't tell the codes."""
    message = f"postal-code:{consultation.pk}:{code}".encode()
    return hmac.new(settings.PERSON_KEY.encode(), message, hashlib.sha256).hexdigest()


@transaction.atomic
def draw(consultation: Consultation, *, by: Any) -> int:
    """Draw a code for everyone of the list who has none; returns how many. Raises NoList or NoCodes."""
    if consultation.resident_list_id is None:
        raise NoList
    if not consultation.takes_codes:
        raise NoCodes
    # The consultation's row is the lock: two clerks at once draw one code for each person.
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    holders = PostalCode.objects.filter(consultation=consultation, revoked_at=None).values("person_key")
    people = ListedPerson.objects.filter(list=consultation.resident_list_id).exclude(person_key__in=holders)
    keys = list(people.values_list("person_key", flat=True))
    PostalCode.objects.bulk_create((_drawn(consultation, key) for key in keys), batch_size=DRAWN_AT_ONCE)
    if keys:
        _record("consultation.codes_drawn", consultation, by, number=len(keys))
    return len(keys)


def letters(consultation: Consultation) -> Iterator[Letter]:
    """The letters that are still to be printed, in the order of the list."""
    waiting = PostalCode.objects.filter(consultation=consultation, printed_at=None, revoked_at=None)
    plain = dict(waiting.values_list("person_key", "code"))
    people = ListedPerson.objects.filter(list=consultation.resident_list_id, person_key__in=plain).order_by("pk")
    for person in people:
        yield Letter(person.label, codes.grouped(plain[person.person_key]))


@transaction.atomic
def mark_printed(consultation: Consultation, *, by: Any, at: datetime) -> int:
    """The letters are on paper: erase the plain codes, names and addresses. Returns how many letters it was."""
    waiting = PostalCode.objects.filter(consultation=consultation, printed_at=None, revoked_at=None)
    people = list(waiting.select_for_update().values_list("person_key", flat=True))
    waiting.filter(person_key__in=people).update(code="", printed_at=at)
    ListedPerson.objects.filter(list=consultation.resident_list_id, person_key__in=people).update(label="")
    if people:
        _record("consultation.codes_printed", consultation, by, number=len(people))
    return len(people)


@transaction.atomic
def replace(consultation: Consultation, person_key: str, *, by: Any, at: datetime) -> str:
    """A letter was lost: revoke its code and give a new one, in groups of four, to be told or written at once.

    It is not stored in the clear. Raises UnknownCode where this person was sent none.
    """
    held = PostalCode.objects.filter(consultation=consultation, person_key=person_key, revoked_at=None)
    if not held.select_for_update().exists():
        raise UnknownCode
    held.update(code="", printed_at=at, revoked_at=at)
    code = codes.random_code(codes.POSTAL_LENGTH)
    PostalCode.objects.create(
        consultation=consultation, person_key=person_key, code_key=code_key(consultation, code), printed_at=at
    )
    _record("consultation.code_replaced", consultation, by)
    return codes.grouped(code)


def voter_of_code(consultation: Consultation, typed: str) -> Voter:
    """Who votes with this code, by post. Raises NoCodes, UnknownCode or CodeRevoked; the roll tells who has voted."""
    if not consultation.takes_codes:
        raise NoCodes
    key = code_key(consultation, codes.plain(typed))
    held = PostalCode.objects.filter(consultation=consultation, code_key=key).first()
    if held is None:
        raise UnknownCode
    if held.revoked_at:
        raise CodeRevoked
    return Voter(key=roll_key(consultation, held.person_key), channel=Channel.POST)


def _drawn(consultation: Consultation, person_key: str) -> PostalCode:
    code = codes.random_code(codes.POSTAL_LENGTH)
    return PostalCode(
        consultation=consultation, person_key=person_key, code=code, code_key=code_key(consultation, code)
    )


def _record(action: str, consultation: Consultation, by: Any, **details: int) -> None:
    journal.record(action, actor=by, target=("consultation", consultation.pk), space=consultation.space, **details)

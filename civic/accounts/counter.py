"""What a clerk does about residence: verify it at the counter, take that back, import a list of the city.

Names and dates of birth go into `person_key` and nowhere else; only the label of a list stays, for the letters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import ListedPerson, Residence, ResidentList, User
from civic.accounts.residence import person_key
from civic.audit import journal
from civic.kernel.errors import DomainError, NotAllowed
from civic.territory.models import Quarter

AT_ONCE = 2_000


class VerifiedElsewhere(DomainError):
    title = _("This person is verified under another account")
    sentence = _(
        "The residence of a person of this name and date of birth is verified under another account. Ask which "
        "address it has, and take that one back first. Nothing was changed."
    )


class VerifiedAsAnother(DomainError):
    title = _("This account was verified for somebody else")
    sentence = _(
        "It was verified for another name or date of birth: an account is one person’s, for good. Check what you "
        "typed; where the name has changed, type the one of the first verification. Nothing was changed."
    )


class OwnResidence(NotAllowed):
    sentence = _("A colleague verifies your own residence. Nothing was changed.")


class ListInUse(DomainError):
    title = _("This list belongs to a published vote")
    sentence = _(
        "A published consultation says that the people of this list may vote: nobody is taken off it before the count. "
        "Nothing was changed."
    )


class AlreadyEnded(DomainError):
    sentence = _("This verification has ended already. Nothing was changed.")


@dataclass(frozen=True)
class Listed:
    """One person of a list to import."""

    key: str
    quarter_id: int | None = None
    label: str = ""


def look_up(email: str, by: User, *, reason: str) -> User | None:
    """The account of exactly that address. The journal keeps who asked and why, and the account's random id."""
    user = User.objects.select_related("residence__quarter").filter(email=email.strip().lower(), is_active=True).first()
    holder = str(user.journal_id) if user else None
    journal.record("residence.looked_up", actor=by, target=("account", None), reason=reason, holder=holder)
    return user


def verify(
    user: User,
    by: User,
    *,
    name: str,
    birth_date: date,
    quarter: Quarter | None,
    postal_code: str,
    until: datetime,
    at: datetime,
) -> Residence:
    """Say that the holder of this account lives here until then.

    Raises OwnResidence, VerifiedElsewhere, or VerifiedAsAnother: under a second name somebody would vote twice.
    """
    if user.pk == by.pk:
        raise OwnResidence
    key = person_key(name, birth_date)
    facts = {
        "quarter": quarter,
        "postal_code": postal_code,
        "verified_at": at,
        "until": until,
        "verified_by": by,
    }
    try:
        with transaction.atomic():
            residence, _is_new = Residence.objects.update_or_create(
                user=user, defaults=facts, create_defaults=facts | {"person_key": key}
            )
            if residence.person_key != key:
                raise VerifiedAsAnother
            _record("residence.verified", by, user, until=until.date().isoformat())
    except IntegrityError as error:
        raise VerifiedElsewhere from error
    return residence


def take_back(residence: Residence, by: User, *, reason: str, at: datetime) -> None:
    """End a verification now; whose it was stays known, so that the person doesn't vote twice. Raises AlreadyEnded."""
    with transaction.atomic():
        if not Residence.objects.filter(pk=residence.pk, until__gt=at).update(until=at):
            raise AlreadyEnded
        _record("residence.withdrawn", by, residence.user, reason=reason)


def import_list(
    people: Iterable[Listed], by: User, *, name: str, at: datetime, replaces: ResidentList | None = None
) -> ResidentList:
    """Keep a list, or put other people into one that is there; `people` are of different keys. Raises ListInUse."""
    with transaction.atomic():
        if replaces is None:
            kept = ResidentList.objects.create(name=name, imported_at=at, imported_by=by)
        else:
            kept = ResidentList.objects.select_for_update().get(pk=replaces.pk)
            kept.name, kept.imported_at, kept.imported_by = name, at, by
            kept.save()
            try:
                with transaction.atomic():
                    kept.people.all().delete()
            except IntegrityError as error:
                # The list of a published vote is frozen by the database until the count.
                raise ListInUse from error
        rows = [
            ListedPerson(list=kept, person_key=person.key, quarter_id=person.quarter_id, label=person.label)
            for person in people
        ]
        ListedPerson.objects.bulk_create(rows, batch_size=AT_ONCE)
        journal.record("list.imported", actor=by, target=("list", kept.pk), number=len(rows))
    return kept


def _record(action: str, by: User, holder: User, **codes: Any) -> None:
    journal.record(action, actor=by, target=("account", None), holder=str(holder.journal_id), **codes)

"""Who is there, who votes for whom, and whether there are enough to decide."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from livestream.models.council import Councillor
from livestream.models.passage import NotNow
from livestream.models.periods import never_two_at_once
from livestream.models.states import OVER, State

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


class NotInOffice(DomainError):
    title = _("Not a member that day")
    sentence = _("This person is not a member of the council on the day of the session.")


class ProxyRefused(DomainError):
    title = _("This proxy can’t be given")
    sentence = _("A member who is there votes in person, and a member holds one proxy at most.")


class Presence(models.Model):
    """A member who is there in person, from `arrived_at` until `left_at`."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="presences")
    councillor = models.ForeignKey(Councillor, models.PROTECT, related_name="presences")
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["arrived_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="livestream_presence_leaves_after_arriving",
            ),
            models.UniqueConstraint(
                fields=["sitting", "councillor"], condition=Q(left_at=None), name="livestream_presence_one_open"
            ),
            never_two_at_once(
                "sitting", "councillor", begins="arrived_at", ends="left_at", name="livestream_presence_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.councillor_id} {self.arrived_at:%Y-%m-%d %H:%M}"


class Proxy(models.Model):
    """A member who can't be there has another one vote; revocable at any time (CGCT L2121-20)."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Councillor, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Councillor, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "giver"], condition=Q(ended_at=None), name="livestream_proxy_one_per_giver"
            ),
            models.UniqueConstraint(
                fields=["sitting", "holder"], condition=Q(ended_at=None), name="livestream_proxy_one_per_holder"
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="livestream_proxy_to_another"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")), name="livestream_proxy_ends_after_giving"
            ),
        ]

    def __str__(self):
        return f"{self.giver_id} → {self.holder_id}"


@dataclass(frozen=True)
class Quorum:
    """More than half of the members in office, present in person: proxies don't count (CGCT L2121-17)."""

    in_office: int
    present: int
    is_needed: bool = True

    @property
    def needed(self) -> int:
        return self.in_office // 2 + 1 if self.is_needed else 0

    @property
    def is_reached(self) -> bool:
        return self.present >= self.needed


def at_moment(begins: str, ends: str, at: datetime) -> Q:
    """What lasts at that moment; the end is no longer part of it."""
    return Q(**{f"{begins}__lte": at}) & (Q(**{f"{ends}": None}) | Q(**{f"{ends}__gt": at}))


def present_at(sitting: Sitting, at: datetime) -> set[int]:
    """Ids of the members who are there in person."""
    there = sitting.presences.filter(at_moment("arrived_at", "left_at", at))
    return set(there.values_list("councillor", flat=True))


def represented_at(sitting: Sitting, at: datetime, *, there: set[int] | None = None) -> dict[int, int]:
    """Who votes for whom: the holder of each giver's proxy, where the holder is there and the giver is not.

    `there`, here and below: who is present at that moment, where it is known already.
    """
    there = present_at(sitting, at) if there is None else there
    given = sitting.proxies.filter(at_moment("given_at", "ended_at", at)).values_list("giver", "holder")
    return {giver: holder for giver, holder in given if holder in there and giver not in there}


def quorum(sitting: Sitting, *, at: datetime, there: set[int] | None = None) -> Quorum:
    there = present_at(sitting, at) if there is None else there
    in_office = Councillor.objects.in_office(sitting.day).count()
    return Quorum(in_office, len(there), is_needed=not sitting.is_second_call)


def arrive(sitting: Sitting, councillor: Councillor, by: Any, *, at: datetime) -> None:
    """Note that a member is there; whoever was there already stays so. A proxy that they gave ends.

    Raises NotAllowed, NotNow or NotInOffice.
    """
    note(sitting, by, arrived=[councillor.pk], at=at)


def leave(sitting: Sitting, councillor: Councillor, by: Any, *, at: datetime) -> None:
    """Note that a member has left; one who was not there stays away. Raises NotAllowed or NotNow."""
    note(sitting, by, left=[councillor.pk], at=at)


@transaction.atomic
def note(
    sitting: Sitting, by: Any, *, at: datetime, arrived: Collection[int] = (), left: Collection[int] = ()
) -> tuple[int, int]:
    """Note at once who has come and who has gone, by id; what is so already stays so. Returns how many of each.

    The proxies of those who come end, and so does the speech of those who go. Raises as `arrive` does.
    """
    current = _locked(sitting, by)
    if set(arrived) - set(Councillor.objects.in_office(current.day).values_list("pk", flat=True)):
        raise NotInOffice
    there = set(current.presences.filter(left_at=None).values_list("councillor", flat=True))
    come, gone = sorted(set(arrived) - there), sorted(set(left) & there)
    Presence.objects.bulk_create(Presence(sitting=current, councillor_id=member, arrived_at=at) for member in come)
    current.proxies.filter(giver__in=come, ended_at=None).update(ended_at=at)
    current.presences.filter(councillor__in=gone, left_at=None).update(left_at=at)
    current.speeches.filter(councillor__in=gone, ends_at=None).update(ends_at=at)
    for member in come:
        current.record("sitting.arrived", by, councillor=member)
    for member in gone:
        current.record("sitting.left", by, councillor=member)
    if come or gone:
        current.tell_page()
    return len(come), len(gone)


@transaction.atomic
def give_proxy(sitting: Sitting, giver: Councillor, holder: Councillor, by: Any, *, at: datetime) -> Proxy:
    """Have `holder` vote for `giver`. Raises NotAllowed, NotNow, NotInOffice or ProxyRefused."""
    current = _locked(sitting, by)
    if not (giver.is_in_office(current.day) and holder.is_in_office(current.day)):
        raise NotInOffice
    in_force = current.proxies.filter(ended_at=None)
    is_taken = in_force.filter(Q(giver=giver) | Q(holder=holder)).exists()
    if giver.pk == holder.pk or is_taken or current.presences.filter(councillor=giver, left_at=None).exists():
        raise ProxyRefused
    made = Proxy.objects.create(sitting=current, giver=giver, holder=holder, given_at=at)
    current.record("sitting.proxy_given", by, giver=giver.pk, holder=holder.pk)
    current.tell_page()
    return made


@transaction.atomic
def end_proxy(sitting: Sitting, giver: Councillor, by: Any, *, at: datetime) -> None:
    current = _locked(sitting, by)
    if current.proxies.filter(giver=giver, ended_at=None).update(ended_at=at):
        current.record("sitting.proxy_ended", by, giver=giver.pk)
        current.tell_page()


def _locked(sitting: Sitting, by: Any) -> Sitting:
    """People arrive before the opening, and proxies are given before: from the convocation on, until the end."""
    current = sitting.locked_for(by)
    if current.state in (State.DRAFT, *OVER):
        raise NotNow
    return current

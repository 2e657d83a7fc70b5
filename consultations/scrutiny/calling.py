"""Mails to scrutineers: make and test a key, it is still to be tested, come and open the box. Each leaves once.

Nothing is noted on the scrutineer's own row, which is frozen with the publication: the outbox's keys say what was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from civic.notifications import outbox
from civic.notifications.models import OutgoingMail
from consultations.models import Phase, PhaseKind, Scrutineer, Secrecy

# Before the opening: time enough to make another key, and to name somebody else.
REMIND = timedelta(days=5)
# Whoever was asked a day or two ago needs no reminder yet.
LEFT_ALONE = timedelta(days=2)


@dataclass(frozen=True)
class Call:
    """One mail to one scrutineer; `key` names person and event."""

    scrutineer: Any
    template: str
    key: str


def post_due(*, at: datetime) -> int:
    """Write the mails that are due at that moment and were not written before; returns how many."""
    calls = [*_asked(), *_reminded(at), *_called(at)]
    known = set(OutgoingMail.objects.filter(key__in=[call.key for call in calls]).values_list("key", flat=True))
    return sum(_post(call) for call in calls if call.key not in known)


def _asked() -> Iterator[Call]:
    for scrutineer in _without_key():
        yield Call(scrutineer, "scrutineer_asked", _ask_key(scrutineer.pk))


def _reminded(at: datetime) -> Iterator[Call]:
    soon = list(_without_key().filter(opens_at__gt=at, opens_at__lte=at + REMIND))
    asked = OutgoingMail.objects.filter(
        key__in=[_ask_key(scrutineer.pk) for scrutineer in soon], created_at__lte=at - LEFT_ALONE
    )
    known = set(asked.values_list("key", flat=True))
    for scrutineer in soon:
        if _ask_key(scrutineer.pk) in known:
            yield Call(scrutineer, "scrutineer_reminded", f"consultations.key-reminded:{scrutineer.pk}")


def _called(at: datetime) -> Iterator[Call]:
    # A vote that was prolonged after its close ends a second time, and is told of again.
    ended = _reachable().filter(
        consultation__published_at__isnull=False,
        consultation__withdrawn_at=None,
        consultation__counted_at=None,
        closes_at__lte=at,
    )
    for scrutineer in ended:
        event = f"{scrutineer.pk}:{scrutineer.closes_at:%Y%m%d%H%M}"
        yield Call(scrutineer, "scrutineer_called", f"consultations.box-called:{event}")


def _without_key() -> QuerySet:
    """Scrutineers of drafts whose key is not made, or not tested."""
    return _reachable().filter(consultation__published_at=None, tested_at=None)


def _reachable() -> QuerySet:
    vote = Phase.objects.filter(consultation=OuterRef("consultation"), kind=PhaseKind.VOTE)
    return (
        Scrutineer.objects.filter(consultation__secrecy=Secrecy.SECRET, user__is_active=True)
        .annotate(opens_at=Subquery(vote.values("opens_at")), closes_at=Subquery(vote.values("closes_at")))
        .select_related("consultation", "user")
        .order_by("pk")
    )


def _ask_key(pk: int) -> str:
    return f"consultations.key-asked:{pk}"


def _post(call: Call) -> bool:
    scrutineer = call.scrutineer
    context = {
        "consultation": scrutineer.consultation,
        "name": scrutineer.user.name,
        "opens_at": scrutineer.opens_at,
        "closes_at": scrutineer.closes_at,
        "has_key": bool(scrutineer.public_key),
    }
    return outbox.post(call.key, scrutineer.user.email, call.template, context, language=scrutineer.user.language)

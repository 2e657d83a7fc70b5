"""Who speaks and for how long: kept for the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from livestream.models.council import Councillor
from livestream.models.periods import never_two_at_once

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


class FloorMoved(DomainError):
    title = _("Someone else has the floor")
    sentence = _("Another clerk has given or taken the floor since this page was shown. Nothing was changed by you.")


class CantSpeakNow(DomainError):
    sentence = _("The floor is given to members who are there, while the session is not suspended.")


class Speech(models.Model):
    """A member who has the floor, from `begins_at` until `ends_at`."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="speeches")
    councillor = models.ForeignKey(Councillor, models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")),
                name="livestream_speech_ends_after_beginning",
            ),
            models.UniqueConstraint(fields=["sitting"], condition=Q(ends_at=None), name="livestream_speech_one_open"),
            never_two_at_once("sitting", name="livestream_speech_one_at_a_time"),
        ]

    def __str__(self):
        return f"{self.councillor_id} {self.begins_at:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class SpeakingTime:
    """How long a member had the floor, in all, for the minutes."""

    councillor: Councillor
    lasted: timedelta

    @property
    def minutes(self) -> int:
        """Begun ones count."""
        return ceil(self.lasted / timedelta(minutes=1))


def speaking_times(sitting: Sitting, *, at: datetime) -> list[SpeakingTime]:
    """Of each member who spoke, the longest first, in one query; who speaks at that moment is counted until then."""
    lasted: dict[Councillor, timedelta] = {}
    for speech in sitting.speeches.select_related("councillor__group"):
        told = (speech.ends_at or at) - speech.begins_at
        lasted[speech.councillor] = lasted.get(speech.councillor, timedelta(0)) + told
    times = [SpeakingTime(*each) for each in lasted.items()]
    return sorted(times, key=lambda each: (-each.lasted, each.councillor.name))


@transaction.atomic
def give_floor(sitting: Sitting, councillor: Councillor, by: Any, *, seen: int | None, at: datetime) -> Speech:
    """This member speaks from now on. `seen` is the speech that the clerk saw going on (None: nobody spoke).

    Raises NotAllowed, FloorMoved or CantSpeakNow.
    """
    current = sitting.locked_for(by)
    _end(current, seen, at)
    is_there = current.presences.filter(councillor=councillor, left_at=None).exists()
    if current.state not in ("live", "closed_doors") or not is_there:
        raise CantSpeakNow
    made = Speech.objects.create(sitting=current, councillor=councillor, begins_at=at)
    current.record("sitting.floor_given", by, councillor=councillor.pk)
    current.tell_page()
    return made


@transaction.atomic
def end_floor(sitting: Sitting, by: Any, *, seen: int, at: datetime) -> None:
    """Nobody speaks any more. Raises NotAllowed or FloorMoved."""
    current = sitting.locked_for(by)
    _end(current, seen, at)
    current.record("sitting.floor_ended", by)
    current.tell_page()


def _end(sitting: Sitting, seen: int | None, at: datetime) -> None:
    lasting = sitting.open_speech
    if (lasting.pk if lasting else None) != seen:
        raise FloorMoved
    if lasting is not None:
        lasting.ends_at = at
        lasting.save(update_fields=["ends_at"])

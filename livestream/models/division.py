"""Votes of the councillors: who voted how, or for a secret one how many, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError, Unprocessable
from civic.kernel.text import plain_line
from livestream.models.attendance import present_at, quorum, represented_at
from livestream.models.council import Councillor, Group
from livestream.models.item import Item
from livestream.models.passage import NotNow
from livestream.models.states import UNDER_WAY

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting

SUBJECT_LENGTH = 120


class Method(models.TextChoices):
    HANDS = "hands", _("by show of hands")
    ROLL_CALL = "roll_call", _("by roll call")
    # At the request of a third of those present, or for an appointment (CGCT L2121-21).
    SECRET = "secret", _("secret")


# Ways of voting in which it is known who voted how.
NAMED = (Method.HANDS, Method.ROLL_CALL)


class Choice(models.TextChoices):
    FOR = "for", _("for")
    AGAINST = "against", _("against")
    ABSTENTION = "abstention", _("abstention")
    NOT_TAKING_PART = "none", _("not taking part")


class Outcome(models.TextChoices):
    UNANIMOUS = "unanimous", _("Adopted unanimously")
    ADOPTED = "adopted", _("Adopted")
    CASTING_VOTE = "casting_vote", _("Adopted by the chair’s casting vote")
    REJECTED = "rejected", _("Rejected")


class NoQuorum(DomainError):
    title = _("There is no quorum")
    sentence = _("More than half of the members in office must be there in person. Note who is there, then the vote.")


class NotVoting(Unprocessable):
    sentence = _("Someone votes here who is neither there nor represented. Note who is there first.")


class WrongTotals(Unprocessable):
    sentence = _("There are more votes than people who could vote.")


class RecordedMeanwhile(DomainError):
    title = _("This vote was entered already")
    sentence = _("Someone else has entered or corrected this vote since the page was shown. Nothing of yours was kept.")


@dataclass(frozen=True)
class Totals:
    """How many voted how."""

    in_favour: int
    against: int
    abstentions: int
    not_taking_part: int

    @property
    def cast(self) -> int:
        """Votes cast (*suffrages exprimés*): abstentions are none."""
        return self.in_favour + self.against


class Division(models.Model):
    """A vote as it was entered; a correction is a new one that `replaces` it, and both stay."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="divisions")
    # Empty: the item as a whole; otherwise what was voted on apart ("Amendement 2").
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    method = models.CharField(_("way of voting"), max_length=10, choices=Method.choices, default=Method.HANDS)
    # Of a secret one alone: those of others are counted from their voices.
    in_favour = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    not_taking_part = models.PositiveSmallIntegerField(_("not taking part"), null=True, blank=True)
    # As they were at the vote: what open data publish.
    in_office = models.PositiveSmallIntegerField()
    present = models.PositiveSmallIntegerField()
    chair = models.ForeignKey(Councillor, models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    # The vote itself; a correction is entered later.
    voted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["voted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at__gte=models.F("voted_at")), name="livestream_division_recorded_after_vote"
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="livestream_division_method_is_known"),
            models.CheckConstraint(
                condition=Q(
                    method="secret",
                    in_favour__isnull=False,
                    against__isnull=False,
                    abstentions__isnull=False,
                    not_taking_part__isnull=False,
                )
                | ~Q(method="secret") & Q(in_favour=None, against=None, abstentions=None, not_taking_part=None),
                name="livestream_division_totals_are_of_secret",
            ),
            models.CheckConstraint(
                condition=Q(present__lte=models.F("in_office")), name="livestream_division_present_are_in_office"
            ),
            # One begins; each correction replaces another one (`replaces` is unique).
            models.UniqueConstraint(
                fields=["item", "subject"], condition=Q(replaces=None), name="livestream_division_one_per_subject"
            ),
            # What the voices point at, so that those of a secret vote can't exist (migration 0001).
            models.UniqueConstraint(fields=["id", "method"], name="livestream_division_with_method"),
        ]

    def __str__(self):
        return f"{self.item_id} {self.method}"

    @property
    def is_secret(self) -> bool:
        return self.method == Method.SECRET

    @cached_property
    def cast(self) -> list[Voice]:
        """Its voices (one query, where `shown.py` did not bring them along)."""
        return list(self.voices.all())

    @property
    def totals(self) -> Totals:
        """Counted from the voices."""
        if self.is_secret:
            return Totals(self.in_favour or 0, self.against or 0, self.abstentions or 0, self.not_taking_part or 0)
        counted = Counter(voice.choice for voice in self.cast)
        return Totals(*(counted[choice] for choice in Choice.values))

    @property
    def outcome(self) -> Outcome:
        """By the majority of the votes cast; the chair's decides between equals, unless secret (CGCT L2121-20)."""
        totals = self.totals
        if totals.in_favour > totals.against:
            is_unanimous = not totals.against and not totals.abstentions
            return Outcome.UNANIMOUS if is_unanimous else Outcome.ADOPTED
        if totals.in_favour == totals.against and totals.cast and self._chair_is_in_favour():
            return Outcome.CASTING_VOTE
        return Outcome.REJECTED

    @property
    def is_adopted(self) -> bool:
        return self.outcome != Outcome.REJECTED

    def _chair_is_in_favour(self) -> bool:
        """The chair's own voice, not one of a proxy; a secret vote has none."""
        return any(voice.councillor_id == self.chair_id and voice.choice == Choice.FOR for voice in self.cast)


class Voice(models.Model):
    """One member's vote; none of a secret vote, which the database refuses (migration 0001)."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="voices")
    # The division's own, repeated: together they are the key that a secret one doesn't have.
    method = models.CharField(max_length=10, choices=[(way, way.label) for way in NAMED])
    councillor = models.ForeignKey(Councillor, models.PROTECT, related_name="+")
    # As it was at the vote; members change groups.
    group = models.ForeignKey(Group, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    # Who voted for the absent member, by proxy.
    cast_by = models.ForeignKey(Councillor, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "councillor"], name="livestream_voice_one_per_councillor"),
            models.CheckConstraint(condition=Q(method__in=NAMED), name="livestream_voice_is_not_secret"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="livestream_voice_choice_is_known"),
            models.CheckConstraint(
                condition=Q(cast_by=None) | ~Q(cast_by=models.F("councillor")), name="livestream_voice_proxy_is_another"
            ),
        ]

    def __str__(self):
        return f"{self.councillor_id} {self.choice}"


@transaction.atomic
def record(
    item: Item,
    by: Any,
    *,
    method: str,
    seen: int | None,
    at: datetime,
    subject: str = "",
    voices: Mapping[int, str] | None = None,
    totals: Totals | None = None,
) -> Division:
    """Enter a vote, or correct the one that the clerk saw (`seen`, None: there was none).

    `voices` gives the choice of each member by id: those who are there or represented and are left out take no part.
    A secret vote has `totals` instead. Raises NotAllowed, NotNow, RecordedMeanwhile, NoQuorum, NotVoting, WrongTotals.
    """
    sitting = item.sitting.locked_for(by)
    subject = plain_line(subject)
    former = _current(item, subject)
    if (former.pk if former else None) != seen:
        raise RecordedMeanwhile
    if not sitting.is_council or item.is_off or (former is None and sitting.state not in UNDER_WAY):
        raise NotNow
    # A correction is of the same vote: who was there then, could vote then.
    moment = former.voted_at if former else at
    counted = quorum(sitting, at=moment)
    if not counted.is_reached:
        raise NoQuorum
    made = Division(
        item=item,
        subject=subject,
        method=method,
        in_office=counted.in_office,
        present=counted.present,
        chair=former.chair if former else sitting.chair,
        replaces=former,
        voted_at=moment,
        recorded_at=at,
        recorded_by=by,
    )
    _fill(made, sitting, moment, voices or {}, totals)
    replaces = former.pk if former else None
    sitting.record("sitting.vote_recorded", by, item=item.pk, division=made.pk, method=method, replaces=replaces)
    sitting.tell_page(item.pk)
    return made


def _current(item: Item, subject: str) -> Division | None:
    return item.divisions.filter(subject=subject, replaced_by=None).first()


def _fill(division: Division, sitting: Sitting, at: datetime, voices: Mapping[int, str], totals: Totals | None) -> None:
    """Save the division with its voices, or with its totals alone."""
    there, represented = present_at(sitting, at), represented_at(sitting, at)
    voters = there | set(represented)
    if division.is_secret:
        if totals is None or voices:
            raise WrongTotals
        if totals.cast + totals.abstentions + totals.not_taking_part > len(voters):
            raise WrongTotals
        division.in_favour, division.against = totals.in_favour, totals.against
        division.abstentions, division.not_taking_part = totals.abstentions, totals.not_taking_part
        division.save()
        return
    if not voices or set(voices) - voters:
        raise NotVoting
    division.save()
    groups = dict(Councillor.objects.filter(pk__in=voters).values_list("pk", "group"))
    Voice.objects.bulk_create(
        Voice(
            division=division,
            method=division.method,
            councillor_id=member,
            group_id=groups[member],
            choice=voices.get(member, Choice.NOT_TAKING_PART),
            cast_by_id=represented.get(member),
        )
        for member in sorted(voters)
    )

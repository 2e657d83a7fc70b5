"""What a page shows of an agenda and of who is there, in a bounded number of queries for any number of items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from livestream.models.attendance import Presence, Proxy, Quorum
from livestream.models.council import Councillor, Group
from livestream.models.division import Choice, Division, Voice
from livestream.models.item import Item, ItemState
from livestream.models.paper import PaperVersion
from livestream.models.states import OVER

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


@dataclass(frozen=True)
class GroupVote:
    """How a group voted: the voices of each choice, in the order of the choices."""

    group: Group
    voices: dict[str, list[Voice]]

    @property
    def counts(self) -> list[int]:
        return [len(self.voices[choice]) for choice in Choice.values]

    @property
    def by_choice(self) -> list[tuple[str, list[Voice]]]:
        return [(str(Choice(choice).label), self.voices[choice]) for choice in Choice.values if self.voices[choice]]


@dataclass(frozen=True)
class Vote:
    """A division as it is read: what came of it, in all and group by group."""

    division: Division

    @property
    def groups(self) -> list[GroupVote]:
        """None of a secret vote."""
        found: dict[Group, dict[str, list[Voice]]] = {}
        for voice in self.division.cast:
            found.setdefault(voice.group, {choice: [] for choice in Choice.values})[voice.choice].append(voice)
        return [GroupVote(group, voices) for group, voices in found.items()]


@dataclass(frozen=True)
class Entry:
    """An item with its documents, the newest version of each, and its votes."""

    item: Item
    papers: list[PaperVersion]
    votes: list[Vote]

    @property
    def decision(self) -> Division | None:
        """The vote on the item as a whole."""
        return next((vote.division for vote in self.votes if not vote.division.subject), None)


@dataclass(frozen=True)
class Agenda:
    """The items in their order, and the documents of the sitting as a whole."""

    entries: list[Entry]
    papers: list[PaperVersion]

    @property
    def current(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.item.state == ItemState.CURRENT), None)


def agenda_of(sitting: Sitting, *, only: Collection[int] | None = None) -> Agenda:
    """All items, or those of some ids, in three queries."""
    items = sitting.items.with_state().select_related("rapporteur", "theme", "quarter", "thread")
    divisions = Division.objects.filter(item__sitting=sitting, replaced_by=None)
    versions = newest_papers(sitting)
    if only is not None:
        items, divisions = items.filter(pk__in=only), divisions.filter(item__in=only)
        versions = versions.filter(paper__item__in=only)
    votes = _by_item((vote.item_id, Vote(vote)) for vote in _with_voices(divisions))
    papers = _by_item((version.paper.item_id, version) for version in versions)
    entries = []
    for item in items:
        item.sitting = sitting
        entries.append(Entry(item, papers[item.pk], votes[item.pk]))
    return Agenda(entries, papers[None])


def newest_papers(sitting: Sitting):
    """The newest version of each document, with the document."""
    later = PaperVersion.objects.filter(paper=OuterRef("paper"), number__gt=OuterRef("number"))
    versions = PaperVersion.objects.filter(~Exists(later), paper__sitting=sitting)
    return versions.select_related("paper").order_by("paper__rank", "paper")


# What a page shows of a voice: who, for which group, how, and by whose hand.
VOICE = JSONObject(
    councillor="councillor",
    name="councillor__name",
    group="group",
    group_name="group__name",
    group_short="group__short_name",
    choice="choice",
    cast_by="cast_by__name",
)


def _with_voices(divisions):
    """Each with its voices, in one query for all; the decision on an item comes after its amendments."""
    voices = Voice.objects.filter(division=OuterRef("pk"))
    ordered = voices.order_by("group__rank", "group__name", "councillor__rank", "councillor__name")
    rows = divisions.select_related("chair").annotate(told=ArraySubquery(ordered.values(told=VOICE)))
    for division in rows:
        division.cast = [_voice(told) for told in division.told]
    return sorted(rows, key=lambda division: (division.subject == "", division.pk))


def _voice(told: dict) -> Voice:
    group = Group(pk=told["group"], name=told["group_name"], short_name=told["group_short"])
    member = Councillor(pk=told["councillor"], name=told["name"])
    cast_by = Councillor(name=told["cast_by"]) if told["cast_by"] else None
    return Voice(councillor=member, group=group, choice=told["choice"], cast_by=cast_by)


def _by_item(pairs: Iterable) -> defaultdict[int | None, list]:
    found: defaultdict[int | None, list] = defaultdict(list)
    for item, value in pairs:
        found[item].append(value)
    return found


@dataclass(frozen=True)
class Attendance:
    """Who is there, who is represented by whom, who is away; of a sitting that is over, who came at all."""

    quorum: Quorum
    present: list[Councillor]
    represented: list[Councillor]
    absent: list[Councillor]

    @property
    def everyone(self) -> list[Councillor]:
        """All members, group by group."""
        members = [*self.present, *self.represented, *self.absent]
        return sorted(members, key=lambda each: (each.group.rank, each.group.name, each.rank, each.name))


def attendance_of(sitting: Sitting) -> Attendance:
    """In one query; a represented member has `holder_name`."""
    presences = Presence.objects.filter(sitting=sitting, councillor=OuterRef("pk"))
    proxies = Proxy.objects.filter(sitting=sitting, giver=OuterRef("pk"))
    if sitting.state not in OVER:
        presences, proxies = presences.filter(left_at=None), proxies.filter(ended_at=None)
    members = (
        Councillor.objects.in_office(sitting.day)
        .select_related("group")
        .annotate(is_present=Exists(presences), holder_name=Subquery(proxies.values("holder__name")[:1]))
        .order_by("group__rank", "group__name", "rank", "name")
    )
    present: list[Councillor] = []
    represented: list[Councillor] = []
    absent: list[Councillor] = []
    for member in members:
        place = present if member.is_present else represented if member.holder_name else absent
        place.append(member)
    counted = Quorum(len(present) + len(represented) + len(absent), len(present), not sitting.is_second_call)
    return Attendance(counted, present, represented, absent)

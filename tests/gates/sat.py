"""The part of the gates' world in which a council sits: one sitting for each moment of its life, as `sitting_…`."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from django.db import transaction

from livestream import telling
from livestream.models import (
    CommentMode,
    Councillor,
    Follow,
    Group,
    Item,
    ItemKind,
    Method,
    Paper,
    PaperVersion,
    Sitting,
    Totals,
    attendance,
)
from livestream.models.division import record
from livestream.models.hand_poll import open_poll
from tests.gates.consulted import PDF

HOUR = timedelta(hours=1)
GROUPS = {"Ville ouverte": ("Agathe Morin", "Basile Tessier", "Cosima Vidal"), "Cœur de ville": ("Doriane Lemaire",)}
LONG = "Approbation du compte rendu annuel d’activité de la concession de distribution d’électricité et de gaz, "


def make_sittings(world, at: datetime) -> None:
    members = make_council()
    for name in ("draft", "convened", "cancelled", "live", "over"):
        sitting = drafted(world, name, members[0], at)
        clerk = world.people["clerk"]
        if name != "draft":
            sitting.convene(clerk, at=at)
        if name == "cancelled":
            sitting.cancel(clerk, reason="La salle est inondée.", at=at)
        if name in ("live", "over"):
            hold(sitting, members, clerk, at)
        if name == "live":
            debate(world, sitting, at)
        if name == "over":
            sitting.adjourn(clerk, at=at + HOUR)
        paper = sitting.papers.get()
        key = {
            "pk": sitting.pk,
            "slug": sitting.slug,
            "paper": paper.pk,
            "number": 1,
            "poll": getattr(sitting.hand_polls.first(), "pk", 999_999),
            "item": sitting.items.earliest("rank").pk,
        }
        world.samples[f"sitting_{name}"] = key
        world.samples[f"thread_sitting_{name}"] = {"pk": sitting.thread_id or 999_999}
        world.samples[f"stream_sitting_{name}"] = {"pk": sitting.stream_id}
        if name == "convened":
            Follow.objects.create(user=world.people["resident"], sitting=sitting)
            Follow.objects.create(user=world.people["resident"], item=sitting.items.first())
    world.samples["follower"] = {"token": telling.token_of(world.people["resident"])}


@transaction.atomic  # a thread is locked before it is written in
def debate(world, sitting: Sitting, at: datetime) -> None:
    """A question on the item that is examined, and its answer; a word on the sitting as a whole."""
    resident, clerk = world.people["resident"], world.people["clerk"]
    item = sitting.items.select_related("thread").get(rank=2)
    asked = item.thread.post(resident, "Combien coûte **un arbre** ?", key=uuid4(), at=at, behind=12)
    answer = "Deux cents euros, plantation **comprise**."
    item.thread.post(clerk, answer, key=uuid4(), at=at, parent=asked, is_official=True)
    sitting.thread.post(resident, "On vous entend mal.", key=uuid4(), at=at)
    world.samples["thread_item"] = {"pk": item.thread_id}
    world.samples["comment_question"] = {"pk": asked.pk}


def make_council() -> list[Councillor]:
    members: list[Councillor] = []
    for rank, (name, people) in enumerate(GROUPS.items()):
        group = Group.objects.create(name=name, rank=rank)
        for person in people:
            office = "councillor" if members else "mayor"
            facts = {"group": group, "office": office, "rank": len(members), "from_day": date(2020, 7, 4)}
            members.append(Councillor.objects.create(name=person, **facts))
    return members


def drafted(world, name: str, chair: Councillor, at: datetime) -> Sitting:
    starts_at = at - HOUR if name in ("live", "over") else at + timedelta(days=9)
    sitting = Sitting.draft(
        world.people["clerk"],
        title=f"Conseil municipal ({name})",
        summary="Le budget, les subventions et la place du marché.",
        place="Salle du conseil",
        starts_at=starts_at,
        chair=chair,
    )
    for rank in range(1, 5):
        kind = ItemKind.INFORMATION if rank == 1 else ItemKind.DELIBERATION
        item = Item.objects.create(
            sitting=sitting,
            rank=rank,
            number=str(rank),
            kind=kind,
            comment_mode=CommentMode.QUESTIONS if rank == 2 else CommentMode.AFTER,
            title=(LONG * rank)[:200].strip(),
            rapporteur=chair,
            summary="Ce que cela change pour vous.",
            matter_code="7.5",
            deliberation_number=f"{sitting.pk}-{rank}",
        )
    paper = Paper.objects.create(sitting=sitting, item=item, title="Rapport")
    PaperVersion.objects.create(
        paper=paper, number=1, content=PDF, sha256=sha256(PDF).hexdigest(), size=len(PDF), added_at=at
    )
    return sitting


def hold(sitting: Sitting, members: list[Councillor], clerk, at: datetime) -> None:
    """Three of four are there, one gave a proxy; the second item is examined, voted on by name and in secret."""
    sitting.open(clerk, at=at)
    attendance.give_proxy(sitting, members[3], members[0], clerk, at=at)
    for member in members[:3]:
        attendance.arrive(sitting, member, clerk, at=at)
    seen = None
    for item in sitting.items.select_related("sitting")[:2]:
        seen = sitting.go_to(item, clerk, seen=seen, at=at).pk
    open_poll(sitting, clerk, question="Faut-il des bancs sur la place du marché ?", at=at)
    voices = {members[0].pk: "for", members[1].pk: "against", members[2].pk: "for", members[3].pk: "abstention"}
    record(item, clerk, method=Method.HANDS, seen=None, at=at, voices=voices)
    record(item, clerk, method=Method.SECRET, seen=None, at=at, subject="Amendement 1", totals=Totals(1, 3, 0, 0))

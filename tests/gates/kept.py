"""The part of the gates' world that the team keeps: a reply, a duty; reasons and terms are there from the start."""

from datetime import datetime, timedelta

from civic.moderation.models import Duty, Reason, SavedReply, Term
from civic.territory.models import Space


def make_team(world, at: datetime) -> None:
    moderator = world.people["moderator"]
    reply = SavedReply(label="Une seule demande", text="Gardez une demande.", reason=Reason.objects.first())
    reply.keep(moderator)
    duty = Duty.objects.give(
        moderator, user=moderator, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(days=1)
    )
    entries = {"reason": Reason.objects.first(), "term": Term.objects.first(), "reply": reply, "duty": duty}
    entries["space"] = Space.objects.create(kind="session", name="Conseil municipal du 3 décembre")
    world.samples |= {name: {"pk": entry.pk} for name, entry in entries.items()}

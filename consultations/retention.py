"""What is not kept: the roll once nobody can appeal any more, the box of a vote that was withdrawn, names for long.

Figures stay: the number of voters, by channel too, stands in rows of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from civic.audit import journal
from consultations import naming
from consultations.models import Consultation, Envelope, OpenBallot, RollEntry, VotedBefore
from consultations.models.consultation import APPEALS

# Those who took part are told of the decision, too, and only the roll knows who they are: after a proclamation it
# waits for the decision, but no longer than this.
LONGEST = timedelta(days=180)
# For the mails of a decision to be written.
TOLD_WITHIN = timedelta(days=1)


def destroy_due(*, at: datetime) -> int:
    """Destroy what no longer has a purpose at that moment; returns of how many consultations."""
    names = sum(_forget_names(consultation) for consultation in naming.due(at).select_related("space"))
    return names + sum(_destroy(pk, at) for pk in due(at).values_list("pk", flat=True))


def due(at: datetime) -> QuerySet:
    """Consultations whose roll is to be destroyed: of a proclaimed result, of a vote that was withdrawn."""
    appeals_are_over = Q(proclaimed_at__lte=at - APPEALS)
    is_told = Q(decided_at__lte=at - TOLD_WITHIN) | Q(proclaimed_at__lte=at - LONGEST)
    return Consultation.objects.filter(
        appeals_are_over & is_told | Q(withdrawn_at__lte=at - APPEALS), roll_destroyed_at=None, source=""
    ).order_by("pk")


@transaction.atomic
def _forget_names(consultation: Consultation) -> bool:
    """Who gave which ballot of a named vote; the ballots stay, as everywhere, under their codes."""
    names, _of_each = OpenBallot.objects.filter(consultation=consultation).delete()
    if not names:
        # Another worker has just done it.
        return False
    target = ("consultation", consultation.pk)
    journal.record("consultation.names_removed", target=target, space=consultation.space, names=names)
    app.configure_task("consultations.sweep").defer()
    return True


@transaction.atomic
def _destroy(pk: int, at: datetime) -> bool:
    rows = due(at).select_for_update(of=("self",), no_key=True).select_related("space")
    consultation = rows.filter(pk=pk).first()
    if consultation is None:
        # Another worker has just done it.
        return False
    roll, _of_each = RollEntry.objects.filter(consultation=consultation).delete()
    VotedBefore.objects.filter(version__consultation=consultation).delete()
    box = 0
    if consultation.withdrawn_at is not None:
        # Nobody may ever count it: there is nothing to prove with it.
        box = Envelope.objects.filter(consultation=consultation).delete()[0]
        box += OpenBallot.objects.filter(consultation=consultation).delete()[0]
    Consultation.objects.filter(pk=pk).update(roll_destroyed_at=at)
    target = ("consultation", pk)
    journal.record("consultation.roll_destroyed", target=target, space=consultation.space, roll=roll, box=box)
    # What was deleted lies on the database's pages until they are written anew.
    app.configure_task("consultations.sweep").defer()
    return True

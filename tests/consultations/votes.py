"""A vote with a question of each kind, published as a clerk does."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from consultations.models import Consultation, Option, Phase, PhaseKind, Question
from tests.consultations.ballot_box import Vote, give_keys

DAY = timedelta(days=1)
KINDS = {
    "single": {"kind": "single", "counting": "plurality", "maximum": 1},
    "multiple": {"kind": "multiple", "counting": "approval", "maximum": 2},
    "ranking": {"kind": "ranking", "counting": "schulze"},
    "grades": {"kind": "grades", "counting": "majority_judgment", "grades": ["Très bien", "Bien", "À rejeter"]},
    "points": {"kind": "points", "counting": "points", "points_each": 3, "points_all": 5},
    "basket": {"kind": "multiple", "counting": "greedy", "total_cost": 100, "fits_budget": True},
}
PROJECTS = {"Un parc": 60, "Une piscine": 50, "Un chemin": 40}


def open_vote(author, *kinds, secrecy="confidential", opens=-1, closes=7, **fields) -> Consultation:
    """A published consultation with questions of the named kinds, on three projects each; days are from now."""
    now = timezone.now()
    draft = draft_vote(author, *kinds, secrecy=secrecy, opens=opens, closes=closes, **fields)
    if draft.is_secret:
        give_keys(Vote(draft), now)
    draft.publish(author, at=now + (opens - 20) * DAY)
    return Consultation.objects.get(pk=draft.pk)


def draft_vote(author, *kinds, secrecy="confidential", opens=1, closes=8, **fields) -> Consultation:
    """The same before its publication, without scrutineers."""
    now = timezone.now()
    given = {"summary": "Quel parc ?", "description": "Le parc **ouvre**.", "residence": "anyone"}
    draft = Consultation.draft(author, title="Le nouveau parc", secrecy=secrecy, **given | fields)
    Phase.objects.create(
        consultation=draft, kind=PhaseKind.VOTE, opens_at=now + opens * DAY, closes_at=now + closes * DAY
    )
    for rank, kind in enumerate(kinds or ["single"], start=1):
        _ask(draft, rank, kind)
    return draft


def _ask(draft: Consultation, rank: int, kind: str) -> None:
    text = f"Question {kind} ?"
    question = Question.objects.create(consultation=draft, rank=rank, slug=f"q-{kind}", text=text, **KINDS[kind])
    for number, (label, cost) in enumerate(PROJECTS.items(), start=1):
        Option.objects.create(
            question=question, rank=number, slug=f"o{number}", label=label, description="Avec **des bancs**.",
            cost=cost if kind == "basket" else None,
        )  # fmt: skip


def opened(consultation):
    """Its vote has opened meanwhile (the trigger lets no date move earlier, so the test goes around it)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE consultations_phase DISABLE TRIGGER consultations_phase_frozen")
        cursor.execute("UPDATE consultations_phase SET opens_at = now() - interval '1 day' WHERE kind = 'vote'")
        cursor.execute("ALTER TABLE consultations_phase ENABLE TRIGGER consultations_phase_frozen")
    consultation.refresh_from_db()
    return consultation

"""Consultations that are counted, for tests of what comes after: made row by row, their ballots given."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from consultations import published, tally
from consultations.models import (
    Ballot,
    Consultation,
    Option,
    Phase,
    PhaseKind,
    Question,
    Residence,
    Result,
    RollEntry,
    Secrecy,
)

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def question(slug: str, kind: str, counting: str, options: Sequence[Any], **fields: Any) -> dict[str, Any]:
    """Options are slugs, or (slug, cost)."""
    return {"slug": slug, "text": f"Question {slug} ?", "kind": kind, "counting": counting, "options": options} | fields


def counted(
    *questions: Mapping[str, Any],
    ballots: Sequence[Mapping[str, Any]],
    channels: Mapping[str, int] | None = None,
    **fields: Any,
) -> Consultation:
    """A consultation whose vote is over and counted, and whose result waits to be proclaimed."""
    now = timezone.now()
    facts = {"title": "La place du marché", "summary": "En deux lignes.", "secrecy": Secrecy.NAMED} | fields
    consultation = Consultation.draft(None, residence=Residence.DECLARED, **facts)
    Phase.objects.create(
        consultation=consultation,
        kind=PhaseKind.VOTE,
        opens_at=now - timedelta(days=20),
        closes_at=now - timedelta(days=2),
    )
    rules = [_question(consultation, rank, dict(told)) for rank, told in enumerate(questions, 1)]
    coded = {code(number): dict(ballot) for number, ballot in enumerate(ballots)}
    Ballot.objects.bulk_create(
        Ballot(consultation=consultation, code=each, answers=answers) for each, answers in coded.items()
    )
    outcomes = {rule.slug: tally.as_json(tally.count(rule, coded.values())) for rule in rules}
    Result.objects.create(
        consultation=consultation,
        outcomes=outcomes,
        ballots=len(coded),
        blank={slug: outcome["participation"]["blank"] for slug, outcome in outcomes.items()},
        channels=channels if channels is not None else {"online": len(coded)},
        digest=published.digest(consultation),
        counted_at=now - timedelta(days=1),
    )
    dates = {"published_at": now - timedelta(days=40), "counted_at": now - timedelta(days=1)}
    Consultation.objects.filter(pk=consultation.pk).update(**dates)
    return Consultation.objects.get(pk=consultation.pk)


def code(number: int) -> str:
    """A code as receipts have them, in an order that is not that of the numbers."""
    digits = [ALPHABET[(number * 7 + place * number) % 32] for place in range(15)]
    return "".join(digits) + f"{number:05d}".replace("0", "X").replace("1", "Y")


def put_on_roll(consultation: Consultation, *keys: str, channel: str = "online") -> None:
    RollEntry.objects.bulk_create(
        RollEntry(consultation=consultation, key=key, channel=channel, counted=True) for key in keys
    )


def _question(consultation: Consultation, rank: int, told: dict[str, Any]) -> tally.Question:
    options = [option if isinstance(option, tuple) else (option, None) for option in told.pop("options")]
    made = Question.objects.create(consultation=consultation, rank=rank, **{"minimum": 0} | told)
    made.tie_order = [slug for slug, _cost in options]
    made.save(update_fields=["tie_order"])
    Option.objects.bulk_create(
        Option(question=made, rank=place, slug=slug, label=slug.capitalize(), cost=cost)
        for place, (slug, cost) in enumerate(options, 1)
    )
    return made.as_rule()

"""What residents asked about a case: their reports, and the appeals against what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.accounts.models import User
from civic.moderation.models import Appeal, Case, Decision, Report, Statement
from civic.moderation.public.forms import AnswerForm
from civic.moderation.registry import Card, Part


@dataclass(frozen=True)
class Told:
    """One report, with how often its reporter was right before: `upheld` of `settled`."""

    report: Report
    upheld: int
    settled: int


@dataclass(frozen=True)
class Asked:
    """One appeal with what it is about; the form where this moderator may answer it now."""

    appeal: Appeal
    form: AnswerForm | None
    is_against_own_decision: bool
    card: Card | None = None

    @property
    def statement(self) -> Statement:
        return self.appeal.statement

    @property
    def changed_parts(self) -> Sequence[Part]:
        """What the decision was about, where the text that stands beside is another one by now."""
        parts = self.statement.parts_of(self.card) if self.card else ()
        return [part for part, now in zip(parts, self.card.parts if self.card else (), strict=False) if part != now]

    @property
    def decision(self) -> Decision:
        return self.appeal.statement.decision


def reports_of(case: Case) -> Sequence[Told]:
    """The reports that this case holds, the first one first."""
    reports = case.reports.with_records().select_related("reporter", "reason").order_by("at", "pk")
    return [Told(report, report.past_upheld or 0, report.past_settled or 0) for report in reports]


def appeals_of(
    case: Case, user: User, *, card: Card | None = None, holder: User | None = None, form: AnswerForm | None = None
) -> list[Asked]:
    """The appeals of a case; answered by whoever holds it, but for the person who took the decision.

    `form`: one that needs another look, bound to what was typed.
    """
    wanted = ("by", "decided_by", "statement__decision__by", "statement__decision__reason")
    found = case.appeals.select_related(*wanted, "statement__decision__case__subject").order_by("at", "pk")
    return [
        Asked(
            appeal,
            form=(form or AnswerForm(case, auto_id=f"id_{appeal.pk}_%s"))
            if holder == user and appeal.can_be_decided_by(user)
            else None,
            is_against_own_decision=appeal.first_decider_id == user.pk,
            card=card,
        )
        for appeal in found
    ]

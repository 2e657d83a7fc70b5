"""What follows from what happens to a case, in the same transaction: the one place to plug in.

Reports are settled and reopened here, open desks are told here. Each function is called with the
case's row locked, after the act was written and before mail is.

What is published from here waits for the commit (`transaction.on_commit`): a decision locks the stream
of the content before the desk's, a new content that is screened the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from civic.moderation.models import desks
from civic.moderation.models.reports import Outcome, Report

if TYPE_CHECKING:
    from civic.moderation.models.appeals import Appeal
    from civic.moderation.models.decisions import Decision
    from civic.moderation.models.facts import CaseFacts
    from civic.moderation.registry import Card


def opened(case: CaseFacts) -> None:
    """A case came into the queue, or came back into it."""
    desks.tell(case)


def taken(case: CaseFacts) -> None:
    """Somebody took the case (`case.claimed_by`)."""
    desks.tell(case)


def released(case: CaseFacts) -> None:
    """Whoever held the case left it to the others."""
    desks.tell(case)


def left(case: CaseFacts) -> None:
    """The case left the open queue undecided: its author took the text back, or it was set apart."""
    if case.withdrawn_at:
        Report.objects.settle(case, Outcome.MOOT, card=None, at=case.withdrawn_at)
    desks.tell(case)


def settled(case: CaseFacts, decision: Decision, *, card: Card) -> None:
    """The case is decided: reports get their outcome."""
    Report.objects.settle(case, Outcome.of(decision), card=card, at=decision.at)
    desks.tell(case)


def answered(case: CaseFacts, decision: Decision, *, appeal: Appeal) -> None:
    """An appeal is answered; its case is over unless another appeal waits on it. Upheld, reporters were not right."""
    if appeal.upheld:
        Report.objects.revise(appeal.statement.decision, at=decision.at)
    desks.tell(case)


def reopened(case: CaseFacts, decision: Decision) -> None:
    """The decision was undone and the case waits again: so do its reports."""
    Report.objects.reopen(case, decision)
    desks.tell(case)

"""What follows from what happens to a case, in the same transaction: the one place to plug in.

Reports are settled and reopened here, open desks are told here. Each function is called with the
case's row locked, after the act was written and before mail is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case
    from civic.moderation.models.decisions import Decision


def opened(case: Case) -> None:
    """A case came into the queue, or came back into it."""


def taken(case: Case) -> None:
    """Somebody took the case, or left it (`case.claimed_by`)."""


def settled(case: Case, decision: Decision) -> None:
    """The case is decided: reports get their outcome."""


def reopened(case: Case, decision: Decision) -> None:
    """The decision was undone and the case waits again: so do its reports."""

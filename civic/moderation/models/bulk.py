"""Many cases by one form: each has a result of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from civic.kernel.errors import DomainError
from civic.moderation import errors

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case
    from civic.moderation.models.decisions import Decision
    from civic.moderation.models.queue import CaseQuerySet

# What one request may hold: each row costs about as much as a decision on its own page.
MOST = 100


@dataclass(frozen=True)
class Row:
    """A case as it was read."""

    case_id: int
    version: int | None
    revision: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a row: a decision, or the fact that stood against it."""

    case_id: int
    decision: Decision | None = None
    error: DomainError | None = None

    @property
    def is_done(self) -> bool:
        return self.decision is not None


def one_by_one(
    cases: CaseQuerySet, rows: Iterable[Row], key: UUID | None, act: Callable[[Case, Row, UUID], Decision]
) -> list[Outcome]:
    """Do `act` to each row's case, in its own transaction and with a key of its own that follows from the form's.

    A conflict spoils no other row, and the form sent again repeats none. Raises VersionMissing without a
    key, TooManyRows (both 422).
    """
    rows = list(rows)
    if key is None:
        raise errors.VersionMissing
    if len(rows) > MOST:
        raise errors.TooManyRows
    found = cases.select_related("subject").in_bulk([row.case_id for row in rows])
    outcomes = []
    for row in rows:
        try:
            if row.case_id not in found:
                raise errors.CaseGone
            outcomes.append(Outcome(row.case_id, act(found[row.case_id], row, uuid5(key, str(row.case_id)))))
        except DomainError as error:
            outcomes.append(Outcome(row.case_id, error=error))
    return outcomes

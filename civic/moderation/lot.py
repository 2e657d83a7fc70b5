"""A lot of cases of several kinds, decided alike: what accepting and restricting mean for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from civic.accounts.models import User
from civic.moderation import errors, registry
from civic.moderation.models import Case, Reason
from civic.moderation.models.bulk import Outcome, Row
from civic.moderation.registry import Action

# By the keys that ask for it on the desk: what waits is published or refused, what is public is left or hidden.
KEYS = {"accept": ("p",), "restrict": ("r", "h")}


def decide(
    by: User, rows: Sequence[Row], keys: Sequence[str], *, key: UUID | None, reason: Reason | None, at: datetime
) -> list[Outcome]:
    """Decide each row by the action that one of these keys stands for where its text stands; in the rows' order."""
    actions = _actions(by, rows, keys)
    outcomes = {row.case_id: Outcome(row.case_id, error=errors.ActionUnfit()) for row in rows}
    for action in dict.fromkeys(actions.values()):
        chosen = [row for row in rows if actions.get(row.case_id) == action]
        for outcome in Case.objects.decide_many(by, chosen, action, key=key, at=at, reason=reason):
            outcomes[outcome.case_id] = outcome
    return [outcomes[row.case_id] for row in rows]


def _actions(by: User, rows: Sequence[Row], keys: Sequence[str]) -> dict[int, str]:
    cases = Case.objects.visible_to(by).filter(pk__in=[row.case_id for row in rows]).select_related("subject")
    cards = registry.describe(case.subject for case in cases)
    found = dict.fromkeys((row.case_id for row in rows), "")
    for case in cases:
        card = cards.get(case.subject_id)
        found[case.pk] = _action(case, case.actions(card) if card else [], keys)
    return found


def _action(case: Case, offered: Sequence[Action], keys: Sequence[str]) -> str:
    """What fits, or else what the kind knows: a case that was decided meanwhile is asked too, and says by whom."""
    known = [action for action in (*offered, *case.subject.kind_of.actions) if action.key in keys and not action.needs]
    return known[0].name if known else ""


def titles(by: User, pks: Sequence[int]) -> dict[int, str]:
    cases = Case.objects.visible_to(by).filter(pk__in=pks).select_related("subject")
    cards = registry.describe(case.subject for case in cases)
    return {case.pk: cards[case.subject_id].name for case in cases if case.subject_id in cards}

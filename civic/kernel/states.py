"""States derived from dated facts: each is a condition, and a row is in the first one that holds."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q


def in_one_of(states: Collection[str], conditions: Mapping[Any, Q]) -> Q:
    """What holds of a row in one of `states`; `conditions` are those of all states, the strongest first."""
    wanted, stronger = Q(pk__in=[]), Q(pk__in=[])
    for state, condition in conditions.items():
        if state in states:
            wanted |= condition & ~stronger
        stronger |= condition
    return wanted

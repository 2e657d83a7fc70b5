"""Writing to the journal, inside the transaction of the act that it records."""

from typing import Any, Protocol
from uuid import UUID

from civic.audit.models import Entry
from civic.territory.models import Space


class Actor(Protocol):
    journal_id: UUID


def record(
    action: str, *, target: tuple[str, int | None], actor: Actor | None = None, space: Space | None = None, **codes: Any
) -> Entry:
    """Add an entry; `action` reads "petition.published", `target` ("petition", 12), `codes` are codes and numbers."""
    return Entry.objects.create(
        action=action,
        actor=actor.journal_id if actor else None,
        target_kind=target[0],
        target_id=target[1],
        space_id=space.pk if space else None,
        details=codes,
    )

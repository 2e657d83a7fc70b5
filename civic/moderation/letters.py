"""Mail of moderation to those whose content was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from civic.notifications import outbox

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.moderation.models import Decision
    from civic.moderation.registry import Card


def tell_author(decision: Decision, *, author: User, card: Card) -> None:
    """The statement of reasons of a restriction, or the news that nothing stood against the content."""
    outbox.post(
        f"moderation:decision:{decision.pk}",
        author.email,
        "moderation_statement" if decision.is_restriction else "moderation_accepted",
        {
            "author": author,
            "card": card,
            "url": f"{settings.SITE_URL}{card.url}",
            "kind": decision.case.subject.kind_of,
            "decision": decision,
            "statement": getattr(decision, "statement", None),
        },
    )

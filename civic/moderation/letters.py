"""Mail of moderation to those whose content was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from civic.moderation.receipts import address_of
from civic.notifications import outbox

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.moderation.models import Decision
    from civic.moderation.registry import Card


def tell_author(decision: Decision, *, author: User, card: Card) -> None:
    """The statement of reasons of a restriction or a sanction, or the news; nothing where nothing changed for them."""
    action, statement = decision.kind_of_action, getattr(decision, "statement", None)
    template = action.letter if action else ""
    if statement and not decision.is_restriction:
        template = "moderation_sanction"
    if template:
        context = _context(decision, author=author, card=card) | {"statement": statement}
        if statement:
            context["appeal_url"] = address_of("my_moderation:decision", statement.pk, language="fr")
        outbox.post(_key(decision), author.email, template, context)


def take_back(decision: Decision, *, author: User, card: Card) -> None:
    """Keep the letter of an undone decision from leaving; where it has left, write that it no longer holds."""
    key = _key(decision)
    if not outbox.cancel(key) and outbox.has_left(key):
        outbox.post(f"{key}:undone", author.email, "moderation_undone", _context(decision, author=author, card=card))


def _key(decision: Decision) -> str:
    return f"moderation:decision:{decision.pk}"


def _context(decision: Decision, *, author: User, card: Card) -> dict[str, Any]:
    return {
        "author": author,
        "card": card,
        "url": f"{settings.SITE_URL}{card.url}",
        "kind": decision.case.subject.kind_of,
        "decision": decision,
    }

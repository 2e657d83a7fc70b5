"""Who may read a stream: each feature answers for the kinds that it owns."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from civic.realtime.models import Stream

CanRead = Callable[[Any, "Stream"], bool]

_registered: dict[str, CanRead] = {}


def register(kind: str, can_read: CanRead) -> None:
    """Have `can_read(user, stream)` decide for streams of this kind; a feature does so in its `ready()`.

    It is asked at each catch-up and at each opening of a socket, and may use the database.
    """
    _registered[kind] = can_read


def can_read(user: Any, stream: "Stream") -> bool:
    """Whether `user` (perhaps anonymous) may read; a kind that nobody registered is closed to all."""
    rule = _registered.get(stream.kind)
    return rule is not None and bool(rule(user, stream))

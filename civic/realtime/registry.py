"""Who may read a stream: each feature answers for the kinds that it owns, accounts for whose session it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import auth
from django.http import HttpRequest

if TYPE_CHECKING:
    from civic.realtime.models import Stream

CanRead = Callable[[Any, "Stream"], bool]
SessionUser = Callable[[Any], Any]

_registered: dict[str, CanRead] = {}


def _django_session_user(session: Any) -> Any:
    request = HttpRequest()
    request.session = session
    return auth.get_user(request)


_session_user: SessionUser = _django_session_user


def find_users_with(function: SessionUser) -> None:
    """Have `function(session)` say who a socket's visitor is, second factor looked at as for a page."""
    global _session_user
    _session_user = function


def session_user(session: Any) -> Any:
    """The account that a session signed in, or an anonymous visitor."""
    return _session_user(session)


def register(kind: str, can_read: CanRead) -> None:
    """Have `can_read(user, stream)` decide for streams of this kind; a feature does so in its `ready()`.

    It is asked at each catch-up and at each opening of a socket, and may use the database.
    """
    _registered[kind] = can_read


def can_read(user: Any, stream: "Stream") -> bool:
    """Whether `user` (perhaps anonymous) may read; a kind that nobody registered is closed to all."""
    rule = _registered.get(stream.kind)
    return rule is not None and bool(rule(user, stream))

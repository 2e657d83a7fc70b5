"""Whose session this is, for pages and sockets alike."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from civic.accounts.backends import account_of
from civic.accounts.models import User
from civic.accounts.recent import recent_users


def session_user(session) -> User | AnonymousUser:
    """The account that this session signed in, or AnonymousUser.

    Its staff rights sleep (`factor_pending`) until a second factor was passed in this very session.
    """
    user = _recent_user(session) or auth.get_user(_request_of(session))
    if isinstance(user, User):
        user.factor_pending = user.is_staff_member() and not (user.has_factor and has_passed_factor(session, user))
    return user


def has_passed_factor(session, user: User) -> bool:
    """Whether a code, a recovery code or a passkey was given in this session by this account."""
    records = get_authentication_records(_request_of(session), user)
    return any(record.get("method") == "mfa" for record in records)


def _request_of(session) -> HttpRequest:
    """Django and allauth ask for a request where they read nothing but its session: a socket has only that."""
    request = HttpRequest()
    request.session = session
    return request


def _recent_user(session) -> User | None:
    try:
        row = recent_users.get(User._meta.pk.to_python(session[auth.SESSION_KEY]))
        backend, session_hash = session[auth.BACKEND_SESSION_KEY], session[auth.HASH_SESSION_KEY]
    except KeyError:
        return None
    if row is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = account_of(row)
    # A mismatch may mean that the password changed a second ago, elsewhere: Django's own way then
    # reads the account again and ends the session if it must.
    return user if constant_time_compare(session_hash, user.get_session_auth_hash()) else None

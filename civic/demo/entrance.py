"""Signing in by one click, without a code by mail."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth

from civic.accounts.models import User


def become(request, user: User) -> None:
    """Open a session of `user`, staff's with the second factor passed (decisions.md, 10)."""
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, "code")
    for factor in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES):
        record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    UserSession.objects.create_from_request(request)

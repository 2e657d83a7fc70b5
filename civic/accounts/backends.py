"""Sign-in by e-mail as allauth does it; the account of a session in one query."""

import time

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from civic.accounts.models import Right, User
from civic.accounts.recent import recent_users


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id) -> User | None:
        """The active account, with the rights in force and whether it has a second factor; one query."""
        read_at = time.monotonic()
        rights = Right.objects.current(at=timezone.now()).filter(user=OuterRef("pk"))
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        user = (
            User.objects.filter(pk=user_id, is_active=True)
            .annotate(
                rights_now=ArraySubquery(rights.values(right=JSONObject(role="role", space="space_id"))),
                factor_enrolled=Exists(factors),
            )
            .first()
        )
        if user is None:
            return None
        user.loaded_rights = frozenset((right["role"], right["space"]) for right in user.rights_now)
        user.has_factor = user.factor_enrolled
        # Asleep until the session shows its second factor: whoever forgets to ask is refused.
        user.factor_pending = True
        recent_users.keep(user, read_at=read_at)
        return user

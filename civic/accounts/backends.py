"""Sign-in by e-mail as allauth does it; the account of a session in one query."""

import time

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from civic.accounts.models import User
from civic.accounts.recent import recent_users

# In SQL, since each request of somebody signed in asks for it: Django takes four times as long to
# write this query as PostgreSQL to answer it. A test holds it against `Right.objects.current`.
ACCOUNT = """
SELECT person.*,
    ARRAY(
        SELECT held.role || ' ' || coalesce(held.space_id::text, '') FROM accounts_right AS held
        WHERE held.user_id = person.id AND held.starts_at <= %s AND (held.ends_at IS NULL OR held.ends_at > %s)
    ) AS rights_now,
    EXISTS (
        SELECT 1 FROM mfa_authenticator AS factor WHERE factor.user_id = person.id AND factor.type <> 'recovery_codes'
    ) AS has_factor
FROM accounts_user AS person WHERE person.id = %s AND person.is_active
"""


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id) -> User | None:
        """The active account, with the rights in force and whether it has a second factor; one query."""
        read_at = time.monotonic()
        now = timezone.now()
        user = next(iter(User.objects.raw(ACCOUNT, [now, now, user_id])), None)
        if user is None:
            return None
        held = (right.split(" ") for right in user.rights_now)
        user.loaded_rights = frozenset((role, int(space) if space else None) for role, space in held)
        # Asleep until the session shows its second factor: whoever forgets to ask is refused.
        user.factor_pending = True
        recent_users.keep(user, read_at=read_at)
        return user

"""Sign-in by e-mail as allauth does it; the account of a session in one statement."""

import time

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from civic.accounts.models import User
from civic.accounts.recent import Row, recent_users
from civic.kernel.postgresql import prepared

FIELDS = [field.attname for field in User._meta.concrete_fields]
PK = FIELDS.index("id")

# In SQL, since each request of somebody signed in asks for it: Django takes four times as long to
# write this query as PostgreSQL to answer it. A test holds it against `Right.objects.current`.
RIGHTS = """
    ARRAY(
        SELECT held.role || ' ' || coalesce(held.space_id::text, '') FROM accounts_right AS held
        WHERE held.user_id = person.id AND held.starts_at <= %(now)s
            AND (held.ends_at IS NULL OR held.ends_at > %(now)s)
    ),
    EXISTS (
        SELECT 1 FROM mfa_authenticator AS factor WHERE factor.user_id = person.id AND factor.type <> 'recovery_codes'
    )
"""
COLUMNS = ", ".join([f"person.{field.column}" for field in User._meta.concrete_fields] + [RIGHTS])
ACCOUNT = f"SELECT {COLUMNS} FROM accounts_user AS person WHERE person.id = %(user)s AND person.is_active"  # noqa: S608 # nosec B608


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id) -> User | None:
        """The active account, with the rights in force and whether it has a second factor."""
        read_at = time.monotonic()
        with prepared() as cursor:
            cursor.execute(ACCOUNT, {"now": timezone.now(), "user": user_id})
            row = cursor.fetchone()
        if row is None:
            return None
        keep(row, read_at=read_at)
        return account_of(row)


def keep(row: Row, *, read_at: float) -> None:
    """Keep a row of COLUMNS for a moment, for whoever asks next."""
    recent_users.keep(row[PK], row, read_at=read_at)


def account_of(row: Row) -> User:
    """An account made of a row of COLUMNS."""
    *values, rights, has_factor = row
    user = User.from_db(DEFAULT_DB_ALIAS, FIELDS, values)
    user.loaded_rights = frozenset(_right(held) for held in rights)
    user.has_factor = has_factor
    # Asleep until the session shows its second factor: whoever forgets to ask is refused.
    user.factor_pending = True
    return user


def _right(held: str) -> tuple[str, int | None]:
    role, space = held.split(" ")
    return role, int(space) if space else None

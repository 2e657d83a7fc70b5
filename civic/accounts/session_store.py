"""Sessions in PostgreSQL, as Django keeps them."""

import re
import time

from django.contrib.sessions.backends import db
from django.utils import timezone

from civic.accounts import backends
from civic.kernel.postgresql import prepared

# As Django makes them. A cookie may say anything, a NUL too, which PostgreSQL would not take.
KEY = re.compile(r"[a-z0-9]{8,40}")

# The account comes along, by allauth's list of open sessions: a request of somebody signed in
# needs both, and a second way to the database costs it more than all that it does with them.
SESSION = f"""
SELECT kept.session_data, {backends.COLUMNS}
FROM django_session AS kept
LEFT JOIN usersessions_usersession AS opened ON opened.session_key = kept.session_key
LEFT JOIN accounts_user AS person ON person.id = opened.user_id AND person.is_active
WHERE kept.session_key = %(key)s AND kept.expire_date > %(now)s
"""  # noqa: S608 # nosec B608


class SessionStore(db.SessionStore):
    """Reads its row with the account that opened it, which it keeps for `sessions.session_user`."""

    def load(self):
        read_at = time.monotonic()
        with prepared() as cursor:
            cursor.execute(SESSION, {"key": self.session_key, "now": timezone.now()})
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, *account = row
        if account[backends.PK] is not None:
            backends.keep(account, read_at=read_at)
        return self.decode(data)

    def _validate_session_key(self, key):
        return key is not None and KEY.fullmatch(key) is not None

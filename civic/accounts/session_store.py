"""Sessions in PostgreSQL, as Django keeps them."""

from django.contrib.sessions.backends import db
from django.utils import timezone

SESSION = (
    "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"
)


class SessionStore(db.SessionStore):
    """Reads its row in SQL: each request of somebody signed in does, and writing the query anew costs most of it."""

    def _get_session_from_db(self):
        found = next(iter(self.model.objects.raw(SESSION, [self.session_key, timezone.now()])), None)
        if found is None:
            self._session_key = None
        return found

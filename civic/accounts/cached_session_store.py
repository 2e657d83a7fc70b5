"""Sessions in PostgreSQL with a copy in Redis."""

from django.contrib.sessions.backends import cached_db

from civic.accounts.session_store import KEY


class SessionStore(cached_db.SessionStore):
    def _validate_session_key(self, key):
        return key is not None and KEY.fullmatch(key) is not None

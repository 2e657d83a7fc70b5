"""Open pages of somebody who is silenced learn of it at the commit: the browser comes back by the door."""

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from civic.moderation.models import Measure
from civic.realtime import wakeups

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard():
    """Listen as a hub of another process does; the accounts whose sockets are to close, so far."""
    params = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**params, autocommit=True) as listening:
        listening.execute(f"LISTEN {wakeups.CHANNEL}")

        def heard():
            found = (wakeups.Wakeup.parse(notify.payload) for notify in listening.notifies(timeout=1))
            return {wakeup.ident for wakeup in found if wakeup.topic == "user"}

        yield heard


def test_a_ban_closes_them_and_so_does_its_end(case, amina, mireille, decide, reason, heard):
    with transaction.atomic():
        decision = decide(case, mireille, "refuse", reason=reason, measures=[Measure("ban")])
        assert heard() == set(), "not before the commit"
    assert heard() == {amina.pk}
    case.undo(mireille, version=decision.version, key=decision.key, at=timezone.now())
    assert heard() == {amina.pk}


def test_a_warning_closes_nothing(case, mireille, decide, reason, heard):
    decide(case, mireille, "refuse", reason=reason, measures=[Measure("warning")])
    assert heard() == set()

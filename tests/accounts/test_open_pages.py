"""Open pages learn that an account may see less: the wake-up leaves with the commit of what changed."""

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from civic.accounts import sessions
from civic.accounts.models import Right, Role
from civic.realtime import registry, wakeups
from tests.accounts.conftest import PASSWORD


@pytest.fixture
def heard(db):
    """Listen as a hub of another process does; the wake-ups about accounts so far."""
    params = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**params, autocommit=True) as listening:
        listening.execute(f"LISTEN {wakeups.CHANNEL}")

        def heard():
            found = (wakeups.Wakeup.parse(notify.payload) for notify in listening.notifies(timeout=1))
            return {wakeup.ident for wakeup in found if wakeup.topic == "user"}

        yield heard


def withdraw(user, client):
    user.rights.get().withdraw(at=timezone.now())


def give(user, client):
    Right.objects.give(user, Role.AUDITOR, at=timezone.now())


def close_account(user, client):
    user.deactivate(reason="abuse")


def change_password(user, client):
    user.set_password("cinq mots encore mieux rangés")
    user.save()


def sign_out(user, client):
    client.post("/compte/logout/")


def close_other_sessions(user, client):
    client.post("/compte/login/", {"login": user.email, "password": PASSWORD})
    session = user.usersession_set.create(ip="192.0.2.1", session_key="elsewhere")
    client.post(f"/compte/sessions/{session.pk}/close/")


def remove_factor(user, client):
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    client.post("/compte/2fa/totp/deactivate/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [withdraw, give, close_account, change_password, sign_out, close_other_sessions, remove_factor],
)
def test_open_pages_are_told(change, mireille, with_password, sign_in, heard):
    client = sign_in(with_password(mireille))
    heard()
    change(mireille, client)
    assert heard() == {mireille.pk}


@pytest.mark.django_db(transaction=True)
def test_they_are_told_at_the_commit_and_of_nothing_that_was_undone(mireille, heard):
    with transaction.atomic():
        withdraw(mireille, None)
        assert heard() == set()
    assert heard() == {mireille.pk}
    with transaction.atomic():
        give(mireille, None)
        transaction.set_rollback(True)
    assert heard() == set()


@pytest.mark.django_db(transaction=True)
def test_a_new_name_closes_no_page(mireille, heard):
    mireille.name = "Mireille A."
    mireille.save()
    assert heard() == set()


@pytest.mark.parametrize("factor", [True, False])
def test_a_socket_sees_the_account_as_a_page_does(mireille, sign_in, factor):
    user = registry.session_user(sign_in(mireille, factor=factor).session)
    assert user == mireille == sessions.session_user(sign_in(mireille, factor=factor).session)
    assert user.has_role(Role.MODERATOR) is factor

"""Whose session it is, and the accounts kept in memory for two seconds."""

import time
from threading import Thread

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from civic.accounts import sessions
from civic.accounts.models import Right, Role, User
from civic.accounts.recent import RecentUsers, recent_users


@pytest.fixture
def session_of(sign_in):
    """A freshly loaded session of that person, as the next request would have it."""

    def session_of(user, **options):
        return sign_in(user, **options).session

    return session_of


def elsewhere(user, **fields):
    """Change the account as another process would: this one is told nothing."""
    User.objects.filter(pk=user.pk).update(**fields)


def after_two_seconds(monkeypatch):
    later = time.monotonic() + 2
    monkeypatch.setattr("civic.accounts.recent.time.monotonic", lambda: later)


def test_a_session_names_its_account(amina, session_of):
    assert sessions.session_user(session_of(amina)) == amina


def test_an_empty_session_is_an_anonymous_visitor(client, db):
    assert isinstance(sessions.session_user(client.session), AnonymousUser)


def test_the_account_of_a_session_is_one_query_and_then_none(amina, mireille, session_of, django_assert_num_queries):
    for person in (amina, mireille):
        session = session_of(person)
        session.get("read")
        recent_users.forget(person.pk)
        with django_assert_num_queries(1):
            user = sessions.session_user(session)
            user.is_staff_member(), user.has_role(Role.MODERATOR)
        with django_assert_num_queries(0):
            user = sessions.session_user(session)
            user.is_staff_member(), user.has_role(Role.MODERATOR)
        assert user.has_role(Role.MODERATOR) is (person == mireille)


def test_what_a_request_writes_on_its_account_no_other_request_sees(amina, session_of):
    session = session_of(amina)
    first = sessions.session_user(session)
    first.name, first.quarter = "Somebody else", None
    second = sessions.session_user(session)
    assert second is not first
    assert second._state is not first._state
    assert second.name == "Amina Belkacem"


def test_a_ban_elsewhere_ends_the_session_within_two_seconds(amina, session_of, monkeypatch):
    session = session_of(amina)
    assert sessions.session_user(session) == amina
    elsewhere(amina, is_active=False)
    after_two_seconds(monkeypatch)
    assert isinstance(sessions.session_user(session), AnonymousUser)


def test_a_role_withdrawn_elsewhere_is_gone_within_two_seconds(mireille, session_of, monkeypatch):
    session = session_of(mireille)
    assert sessions.session_user(session).has_role(Role.MODERATOR)
    Right.objects.filter(user=mireille).update(ends_at=timezone.now())
    after_two_seconds(monkeypatch)
    assert not sessions.session_user(session).has_role(Role.MODERATOR)


def test_what_changes_here_is_known_at_once(amina, mireille, session_of):
    session, staff = session_of(amina), session_of(mireille)
    assert sessions.session_user(session).name == "Amina Belkacem"
    amina.name = "Amina B."
    amina.save()
    assert sessions.session_user(session).name == "Amina B."
    assert sessions.session_user(staff).has_role(Role.MODERATOR)
    mireille.rights.get().withdraw(at=timezone.now())
    assert not sessions.session_user(staff).has_role(Role.MODERATOR)
    amina.deactivate(reason="abuse")
    assert isinstance(sessions.session_user(session), AnonymousUser)


def test_a_password_changed_elsewhere_ends_other_sessions_at_once_and_keeps_the_new_one(amina, session_of):
    """The kept account still has the old password: the new session's hash sends us to the database."""
    amina.set_password("un mot de passe bien long")
    amina.save()
    old = session_of(amina)
    assert sessions.session_user(old) == amina
    changed = User(password=amina.password)
    changed.set_password("un autre mot de passe long")
    elsewhere(amina, password=changed.password)
    fresh = session_of(User.objects.get(pk=amina.pk))
    assert sessions.session_user(fresh) == amina
    assert isinstance(sessions.session_user(old), AnonymousUser)


def test_a_session_of_a_backend_that_is_off_is_nobodys(amina, session_of):
    session = session_of(amina)
    sessions.session_user(session)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    assert isinstance(sessions.session_user(session), AnonymousUser)


def test_memory_is_bounded_and_the_oldest_leave(monkeypatch):
    kept = RecentUsers(seconds=2, capacity=3)
    for pk in range(5):
        kept.keep(pk, (pk,), read_at=time.monotonic())
    assert len(kept) == 3
    assert kept.get(0) is None
    assert kept.get(4) == (4,)


def test_time_counts_from_the_start_of_the_reading():
    kept = RecentUsers(seconds=2, capacity=3)
    kept.keep(1, (1,), read_at=time.monotonic() - 2)
    assert kept.get(1) is None


def test_threads_keep_get_and_forget_at_once():
    kept = RecentUsers(seconds=2, capacity=50)
    errors = []

    def work(offset):
        try:
            for step in range(2_000):
                pk = (offset * 37 + step) % 80
                kept.keep(pk, (pk, str(pk)), read_at=time.monotonic())
                found = kept.get(pk)
                assert found is None or found == (pk, str(pk))
                kept.forget(pk - 1)
        except Exception as error:
            errors.append(error)

    threads = [Thread(target=work, args=[n]) for n in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not errors
    assert len(kept) <= 50


def test_staff_rights_sleep_until_the_session_has_shown_the_factor(mireille, session_of):
    user = sessions.session_user(session_of(mireille, factor=False))
    assert user.is_staff_member()
    assert not user.has_role(Role.MODERATOR)
    assert not user.has_role_somewhere(Role.MODERATOR)
    assert sessions.session_user(session_of(mireille)).has_role(Role.MODERATOR)


def test_a_factor_shown_by_another_account_in_the_same_browser_does_not_count(mireille, malik, sign_in):
    client = sign_in(mireille)
    session = client.session
    session["_auth_user_id"] = str(malik.pk)
    session["_auth_user_hash"] = malik.get_session_auth_hash()
    assert not sessions.session_user(session).has_role(Role.MODERATOR)


def test_a_factor_that_was_removed_no_longer_counts(mireille, sign_in):
    client = sign_in(mireille)
    mireille.authenticator_set.all().delete()
    recent_users.forget(mireille.pk)
    assert not sessions.session_user(client.session).has_role(Role.MODERATOR)


def test_an_account_straight_from_the_backend_has_no_staff_rights_yet(mireille):
    from civic.accounts.backends import AccountBackend

    assert not AccountBackend().get_user(mireille.pk).has_role(Role.MODERATOR)


async def test_an_async_view_sees_the_same_account(mireille):
    from civic.accounts.middleware import SessionUserMiddleware

    request = RequestFactory().get("/")
    request.session = {}
    SessionUserMiddleware(lambda request: None).process_request(request)
    assert isinstance(await request.auser(), AnonymousUser)


def test_a_request_of_a_signed_in_resident_reads_the_session_and_the_account_at_most(amina, sign_in):
    client = sign_in(amina)
    queries = []

    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    recent_users.forget(amina.pk)
    for expected in (["django_session", "accounts_user"], ["django_session"]):
        queries.clear()
        with connection.execute_wrapper(note):
            client.get("/compte/logout/")
        tables = [table for sql in queries for table in ("django_session", "accounts_user") if f"FROM {table}" in sql]
        assert tables == expected


def statements_of(call):
    found = []

    def note(execute, sql, params, many, context):
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        result = call()
    return found, result


def listed(user, session):
    """As allauth lists a session when somebody signs in."""
    UserSession.objects.create(user=user, session_key=session.session_key, ip="127.0.0.1", user_agent="test", data={})
    recent_users.forget(user.pk)
    return type(session)(session.session_key)


def test_session_and_account_come_in_one_statement(bruno, session_of):
    session = listed(bruno, session_of(bruno))
    found, user = statements_of(lambda: sessions.session_user(session))
    assert (len(found), user) == (1, bruno)
    assert user.name == bruno.name
    assert user.journal_id == bruno.journal_id


def test_the_account_is_the_one_that_signed_in_whatever_the_list_of_sessions_says(bruno, camille, session_of):
    session = session_of(bruno)
    assert sessions.session_user(listed(camille, session)) == bruno


def test_a_closed_account_is_nobody_at_its_next_request(bruno, session_of):
    session = listed(bruno, session_of(bruno))
    elsewhere(bruno, is_active=False)
    assert isinstance(sessions.session_user(session), AnonymousUser)


def test_a_session_that_can_t_be_one_is_nobody_s(client, settings, db):
    client.cookies[settings.SESSION_COOKIE_NAME] = "\0abcdefghijk"
    assert client.get("/compte/").status_code == 302

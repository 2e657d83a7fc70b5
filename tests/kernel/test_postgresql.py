"""Connections of the pool: one that is dead is never given, and none is asked without need."""

import psycopg
import pytest
from django.db import connection

from civic.kernel import postgresql
from civic.kernel.postgresql import base


@pytest.fixture
def kept(db):
    """A connection of its own, idle as in the pool."""
    made = psycopg.connect(connection.connection.info.dsn, autocommit=True)
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch):
    """The connections that were asked, over the network, whether they live."""
    found = []
    ask = base.ConnectionPool.check_connection
    monkeypatch.setattr(base.ConnectionPool, "check_connection", lambda each: found.append(each) or ask(each))
    return found


def test_a_living_connection_is_given_without_a_round_trip(kept, asked):
    kept.execute("SELECT 1")
    assert base.is_alive(kept)
    assert base.is_alive(kept)
    assert asked == []


def test_a_connection_whose_server_ended_it_is_seen_at_once(kept):
    assert base.is_alive(kept)
    with connection.cursor() as cursor:
        # Waits until the other end has really gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.info.backend_pid])
    assert not base.is_alive(kept)


def test_what_the_server_said_meanwhile_is_no_reason_to_throw_a_connection_away(kept, asked):
    with connection.cursor() as cursor:
        kept.execute("LISTEN test_postgresql")
        other = psycopg.connect(connection.connection.info.dsn, autocommit=True)
        other.execute("NOTIFY test_postgresql")
        other.close()
        cursor.execute("SELECT pg_sleep(0.05)")
    assert base.is_alive(kept)
    assert len(asked) == 1


def test_a_connection_long_unused_is_asked(kept, asked, monkeypatch):
    assert base.is_alive(kept)
    monkeypatch.setattr(base, "QUIET", 0.0)
    assert base.is_alive(kept)
    assert asked == [kept]


@pytest.fixture
def thread(db, settings):
    """The database as a thread of the WSGI server has it: a connection kept from request to request."""
    made = connection.copy()
    made.settings_dict |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    yield made
    made.close()


def first_statement(thread):
    """What opens a request, and the server's process that answered it."""
    thread.close_if_unusable_or_obsolete()
    with thread.prepared_cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_thread_keeps_its_connection_without_asking_it(thread, asked):
    assert first_statement(thread) == first_statement(thread)
    assert asked == []


def test_a_thread_whose_connection_was_ended_gets_another_and_no_error(thread):
    ended = first_statement(thread)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    assert first_statement(thread) != ended


def test_a_prepared_statement_is_seen_by_what_counts_queries(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        for number in (1, 70_000):
            with postgresql.prepared() as cursor:
                cursor.execute("SELECT %s::bigint, %s::text", [number, None])
                assert cursor.fetchone() == (number, None)

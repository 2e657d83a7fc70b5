"""What load balancers and `./run` ask."""

import json
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from civic.portal import health


@pytest.fixture
def heartbeat(db):
    """A worker that beats now, or did `ago` seconds ago."""

    def beat(ago=0):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers")
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))", [ago]
            )

    return beat


def ask(client, path="/readyz"):
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert "Set-Cookie" not in response
    return response.status_code, json.loads(response.content)


def test_alive_needs_no_database(client):
    # Without the db fixture any query fails this test.
    assert ask(client, "/healthz") == (200, {"alive": True})


def test_ready_with_everything_there(client, heartbeat, settings):
    settings.REDIS_URL = ""
    heartbeat()
    status, answer = ask(client)
    assert abs(answer.pop("clock_difference_s")) < 60
    assert (status, answer) == (
        200,
        {"ready": True, "database": True, "migrations": True, "worker": True, "channel_layer": None, "disk": True},
    )


def test_not_ready_without_a_worker(client, db):
    status, answer = ask(client)
    assert (status, answer["ready"], answer["worker"]) == (503, False, False)


def test_not_ready_with_a_worker_that_fell_silent(client, heartbeat):
    heartbeat(ago=health.DEAD_AFTER + 1)
    assert ask(client)[0] == 503


def test_not_ready_before_the_migrations_and_ready_after(client, heartbeat, monkeypatch):
    heartbeat()
    health._are_applied.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one more"])
        status, answer = ask(client)
        assert (status, answer["migrations"]) == (503, False)
    assert ask(client)[0] == 200


def test_a_database_away_is_told_and_asked_once(client, db, monkeypatch):
    asked = []

    @contextmanager
    def away():
        asked.append(1)
        raise OperationalError("connection refused: host=secret.internal")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
    assert "secret" not in response.content.decode()
    assert len(asked) == 1


def test_a_redis_away_is_told(client, heartbeat, settings):
    heartbeat()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, answer = ask(client)
    assert (status, answer["channel_layer"]) == (503, False)


def test_a_full_disk_is_told(client, heartbeat, monkeypatch):
    heartbeat()
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    assert ask(client)[1]["disk"] is False


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client, path):
    assert client.post(path).status_code == 405

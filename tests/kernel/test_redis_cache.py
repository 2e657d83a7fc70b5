"""What a Redis that is away, stuck or just back does to the site: nothing that a visitor notices."""

import socket
from contextlib import closing

import pytest
from django.core.cache import caches

from civic.kernel import redis_cache
from civic.kernel.errors import TooManyRequests
from civic.kernel.limits import consume
from tests.realtime.servers import free_port, redis_server


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(redis_cache, "ANSWERS_WITHIN", 0.1)
    monkeypatch.setattr(redis_cache, "_links", {})


@pytest.fixture
def stuck():
    """The address of a server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def gone():
    return f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture(params=["stuck", "gone"])
def away(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def use(settings):
    """Have the site's caches be of the Redis at that address."""

    def use(address):
        ours = {"LOCATION": address, "BACKEND": "civic.kernel.redis_cache.RedisOrMemory"}
        settings.CACHES = {
            "default": ours,
            "limits": ours | {"KEY_PREFIX": "limits"},
        }

    return use


def test_without_redis_this_process_counts(use, away):
    use(away)
    for _ in range(3):
        consume("sign", "a", rate="3/d")
    with pytest.raises(TooManyRequests):
        consume("sign", "a", rate="3/d")


def test_without_redis_one_signs_in_and_stays_so(use, away, client, amina):
    use(away)
    amina.set_password("quatre mots bien rangés")
    amina.save()
    answer = client.post("/compte/login/", {"login": amina.email, "password": "quatre mots bien rangés"})
    assert answer.status_code == 302
    assert amina.name in client.get("/compte/").content.decode()
    client.post("/compte/logout/")
    assert client.get("/compte/").status_code == 302


def test_who_does_not_answer_is_asked_once_and_then_left_in_peace(use, stuck, monkeypatch):
    use(stuck)
    asked = []
    get = redis_cache.RedisCacheClient.get
    monkeypatch.setattr(redis_cache.RedisCacheClient, "get", lambda *args: asked.append(1) or get(*args))
    for _ in range(10):
        caches["default"].get("a")
        caches["limits"].get("a")
    assert len(asked) == 1


@pytest.mark.redis
def test_with_redis_connections_are_shared_and_kept(use):
    with redis_server() as redis:
        use(redis.url)
        caches["default"].set("a", {"b": 1}, timeout=60)
        assert caches["default"].get_many(["a", "c"]) == {"a": {"b": 1}}
        assert caches["limits"].get("a") is None
        assert len({cache.link for cache in caches.all()}) == 1


@pytest.mark.redis
def test_with_redis_a_limit_is_counted_by_all_processes_and_forgets(use, monkeypatch):
    with redis_server() as redis:
        for _process in range(2):
            monkeypatch.setattr(redis_cache, "_links", {})
            use(redis.url)
            consume("sign", "a", rate="2/d")
        with pytest.raises(TooManyRequests):
            consume("sign", "a", rate="2/d")
        consume("sign", "b", rate="2/d")
        store = caches["limits"].link.client.redis
        slots = store.keys()
        assert len(slots) == 2
        assert all(0 < store.ttl(slot) <= 86_400 for slot in slots)

"""What open pages are promised when something behind them fails: they converge, without being loaded again."""

import shutil
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError

import pytest
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from civic.realtime.models import Stream
from devtools.places import Place
from tests.databases import migrate
from tests.realtime.beside import Beside
from tests.realtime.servers import PATIENCE, database_url, receive, redis_server, serving, wait_until


@pytest.fixture(scope="module")
def own_postgres():
    """A PostgreSQL of its own with the product's tables, to be stopped and started."""
    folder = Path(tempfile.mkdtemp(prefix="fc-"))
    folder.chmod(0o755)
    (folder / "checkout").mkdir()
    postgres = Place(folder / "checkout", shelter=folder / "shelter").server()
    try:
        postgres.start()
        migrate(postgres.url)
        yield postgres
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def served(request, own_postgres):
    with serving(request.param, database=own_postgres.url) as server:
        yield server


@pytest.fixture
def beside(own_postgres):
    return Beside(own_postgres.url)


@pytest.fixture
def own_stream(beside):
    return beside.stream()


def next_events(socket, count):
    """The numbers of the next events; heartbeats lie between them."""
    numbers = []
    while len(numbers) < count:
        frame = receive(socket)
        if frame["kind"] == "line":
            numbers.append(frame["seq"])
    return numbers


def test_open_sockets_go_on_after_a_restart_of_postgresql(served, own_postgres, beside, own_stream):
    with served.follow(own_stream) as socket:
        beside.publish(own_stream, "said")
        assert next_events(socket, 1) == [1]
        own_postgres.stop()
        own_postgres.start()
        # Said before the listener is back, then after.
        beside.publish(own_stream, "said")
        assert next_events(socket, 1) == [2]
        beside.publish(own_stream, "said")
        assert next_events(socket, 1) == [3]
        assert [frame["seq"] for frame in served.catch_up(own_stream, 1)["frames"]] == [2, 3]


def test_an_event_whose_wake_up_was_lost_is_found(served, beside, own_stream):
    with served.follow(own_stream) as socket:
        beside.publish(own_stream, "said", is_woken=False)
        assert next_events(socket, 1) == [1]


def test_nobody_comes_in_while_postgresql_is_away_and_the_server_stays_up(served, own_postgres, own_stream):
    own_postgres.stop()
    try:
        with pytest.raises(InvalidStatus) as refused:
            served.follow(own_stream)
        assert refused.value.response.status_code == 403
    finally:
        own_postgres.start()
    with served.follow(own_stream) as socket:
        assert receive(socket)["kind"] == "heartbeat"


def test_what_was_just_shown_is_shown_on_while_postgresql_is_away(served, own_postgres, beside, own_stream):
    beside.publish(own_stream, "said")
    served.catch_up(own_stream, 0)
    own_postgres.stop()
    try:
        time.sleep(3)  # past its second of freshness, and the one in which it is renewed aside
        for _ in range(3):
            assert [frame["seq"] for frame in served.catch_up(own_stream, 0)["frames"]] == [1]
        with pytest.raises(HTTPError) as refused:
            served.catch_up(own_stream, 1)
        assert refused.value.code == 503
    finally:
        own_postgres.start()


def test_twenty_stalled_sockets_cost_little_are_closed_and_catch_up(served, beside, own_stream):
    stalled = [stall(served, own_stream) for _ in range(20)]
    before = memory(served.process.pid, "VmRSS")
    # 30 MB for each of them, at once.
    beside.execute(
        """
        INSERT INTO realtime_streamevent (stream_id, seq, kind, slot, html)
        SELECT %(stream)s, seq, 'line', '', jsonb_build_object('fr', text, 'en', text)
        FROM generate_series(1, 3000) AS seq, repeat('x', 10000) AS text
        """,
        {"stream": own_stream.pk},
    )
    beside.execute("UPDATE realtime_stream SET seq = 3000 WHERE id = %s", [own_stream.pk])
    beside.wake(f"event {own_stream.pk} 3000")
    wait_until(lambda: head(served, own_stream) == 3000, "all of it was broadcast")
    assert memory(served.process.pid, "VmHWM") - before < 100_000
    assert all(received_until_closed(each) < 30_000_000 for each in stalled)
    assert [frame["seq"] for frame in served.catch_up(own_stream, 2990)["frames"]] == list(range(2991, 3001))
    with served.follow(own_stream) as socket:
        beside.publish(own_stream, "said")
        assert next_events(socket, 1) == [3001]


def stall(server, stream):
    """A socket that was let in and reads no more, with as little room in the kernel as it gives."""
    address = f"/ws/{stream.pk}/?lang=fr"
    lines = [
        *(
            f"GET {address} HTTP/1.1",
            f"Host: 127.0.0.1:{server.port}",
            f"Origin: {server.origin}",
            "Upgrade: websocket",
        ),
        *("Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", ""),
    ]
    stalled = socket.socket()
    stalled.settimeout(PATIENCE)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.connect(("127.0.0.1", server.port))
    stalled.sendall("\r\n".join(lines).encode())
    assert stalled.recv(12) == b"HTTP/1.1 101"
    return stalled


def head(server, stream):
    with server.follow(stream) as socket:
        return receive(socket)["seq"]


def received_until_closed(stalled):
    """How many bytes the server had sent when it closed the socket."""
    with stalled, suppress(ConnectionResetError):
        length = 0
        while part := stalled.recv(1 << 20):
            length += len(part)
    return length


def memory(pid, kind):
    """Kilobytes that the process holds now (VmRSS), or held at most (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind))


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_without_redis_events_still_arrive_and_with_it_wake_ups_resume(settings, open_kind, say):
    stream = Stream.objects.create(kind=open_kind)
    with redis_server() as redis:
        settings.REDIS_URL = redis.url
        layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis.url]}}
        settings.CHANNEL_LAYERS = {"default": layer}
        with (
            serving("daphne", database=database_url(connection), redis_url=redis.url) as server,
            server.follow(stream) as socket,
        ):
            say(stream, "with")
            assert next_events(socket, 1) == [1]
            redis.stop()
            say(stream, "without")
            assert next_events(socket, 1) == [2]
            redis.start()
            assert is_closed_by(stream, socket)


def is_closed_by(stream, socket):
    """Only a wake-up closes: the server may need a moment until it listens again."""
    for _ in range(PATIENCE):
        stream.close()
        try:
            while True:
                socket.recv(timeout=1)
        except TimeoutError:
            continue
        except ConnectionClosed:
            return True
    return False

"""`./run bench live` in small: what it counts, and how it says that it can't; what things cost is its own affair."""

import json
import re
import resource
import shutil
import time
from argparse import Namespace
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from websockets.sync.server import serve

from bench import live
from bench.stand.live import crowd as crowds
from bench.stand.live import speaker
from civic.realtime import hub
from petitions.models import Petition

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler (Debian: gcc libc6-dev)")
PATIENCE = 20


def said(*numbers):
    """A message of the hub with these marks: JSON within which the fragment's own marks are escaped."""
    frames = [
        {"stream": 1, "seq": number, "html": f'<p class="é" data-t={number}.{time.monotonic_ns()}>"</p>'}
        for number in numbers
    ]
    return json.dumps(frames[0] if len(frames) == 1 else {"frames": frames})


@contextmanager
def telling(*messages):
    """A server that tells everybody these messages once it is let go, and closes; its port, and what lets it go."""
    let_go = Event()

    def tell(socket):
        let_go.wait(PATIENCE)
        for message in messages:
            socket.send(message)

    with serve(tell, "127.0.0.1", 0, compression=None) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.socket.getsockname()[1], let_go
        server.shutdown()


@needs_compiler
def test_viewers_count_what_is_lost_doubled_and_merged():
    messages = [said(1), said(2, 3, 4), said(3), json.dumps({"kind": "heartbeat"}), said(6)]
    with telling(*messages) as (port, let_go), crowds.crowd(port, "/ws/1/", 3) as here:
        let_go.set()
        assert here.heard(4, within=PATIENCE)
        assert here.heard(6, within=PATIENCE)
        found = here.report(7)
    told = {key: found[key] for key in ("received", "lost", "doubled", "frames")}
    # Three times each: 5 and 7 never came, 3 came twice.
    assert told == {"received": 15, "lost": 6, "doubled": 3, "frames": 15}
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["max_ms"]


@needs_compiler
def test_a_message_that_some_did_not_get_is_not_heard_and_a_closed_socket_is_told():
    with telling(said(1)) as (port, let_go), crowds.crowd(port, "/", 2) as here:
        let_go.set()
        assert here.heard(1, within=PATIENCE)
        assert not here.heard(2, within=0.5)
        found = here.report(2)
    assert (found["closed"], found["lost"]) == (2, 2)


@needs_compiler
def test_a_crowd_that_is_not_let_in_ends_with_a_sentence():
    def refuse(connection, request):
        return connection.respond(403, "no")

    with serve(lambda socket: None, "127.0.0.1", 0, process_request=refuse) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with (
            pytest.raises(SystemExit, match="not all of 2 sockets"),
            crowds.crowd(server.socket.getsockname()[1], "/", 2),
        ):
            pass
        server.shutdown()


@needs_compiler
def test_our_stream_and_a_peer_are_told_of_the_same_number_and_lose_nothing(new_database):
    options = Namespace(
        rounds=1, viewers=[6], most=0, messages=3, seconds=5, burst=20, servers=["uvicorn"], against=["floor"]
    )
    with new_database("bench_live") as url:
        stand = live.Stand(url, options)
        for name in stand.names:
            stand.run(name, 6)
    ours, floor = (stand.runs[name, 6][0] for name in ("uvicorn", "floor"))
    assert ours["received"] == floor["received"] == 18
    assert ours["burst"]["received"] == 120
    assert ours["burst"]["frames"] < 120, "a burst is merged"
    # Both sides are told about as much.
    assert ours["bytes"] == pytest.approx(floor["bytes"], rel=0.05)
    assert (stand.total("lost", "closed"), stand.total("doubled")) == (0, 0)


@pytest.mark.django_db
def test_the_mark_of_a_published_event_is_neither_escaped_nor_localised(settings):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], crowds.SOURCES / "templates"]}]
    stream = speaker.open_stream()
    assert Petition.objects.get(stream=stream)
    speaker.say(stream, 1234, crowds.MESSAGE_BYTES)
    message = hub.text_message(stream.events.get().frame("fr"))["text"]
    assert re.search(r"data-t=1234\.\d+>", message)
    assert len(message) == pytest.approx(crowds.MESSAGE_BYTES, abs=20)


def test_without_a_compiler_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(crowds, "MADE", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="apt install gcc"):
        crowds.program("fan")


def test_where_too_few_files_may_be_open_it_says_so(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda what: (1024, 4096))
    with pytest.raises(SystemExit, match="5000 viewers need 5250 open files, and this machine allows 4096"):
        crowds.allow_sockets(5000)


def test_it_raises_what_may_be_open_as_far_as_it_needs(monkeypatch):
    raised = []
    monkeypatch.setattr(resource, "getrlimit", lambda what: (1024, 8192))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: raised.append(limits))
    crowds.allow_sockets(500)
    crowds.allow_sockets(5000)
    assert raised == [(5250, 8192)]


def run(cpu_us, **counts):
    """What a run found, with a burst in which all went well."""
    nothing = {"lost": 0, "doubled": 0, "closed": 0}
    part = {"cpu_us": cpu_us, "received": 100, "frames": 10, "p50_ms": 1.0, "p99_ms": 2.0} | nothing
    return part | {"kb": 20.0, "burst": part} | counts


@pytest.fixture
def stand():
    """Runs of both servers and of node, with a thousand viewers."""
    stand = live.Stand("", Namespace(viewers=[1000], against=["node"], servers=["daphne", "uvicorn"], most=2000))
    stand.runs["node", 1000] = [run(10.0), run(12.0), run(30.0)]
    stand.runs["uvicorn", 1000] = [run(15.0), run(16.0), run(17.0)]
    stand.runs["daphne", 1000] = [run(40.0), run(48.0, lost=2), run(50.0, doubled=1)]
    return stand


def test_ratios_are_of_medians_and_only_of_what_was_measured_in_the_run(stand):
    figures = stand.figures()
    assert (figures["ratio_node_ws"], figures["ratio_node_ws_daphne"]) == (0.75, 0.25)
    assert (figures["ratio_stock_group"], figures["ratio_c_floor"]) == (None, None)
    assert (figures["lost"], figures["doubled"]) == (2, 1)
    assert figures["by_viewers"][1000]["uvicorn"]["deliveries_per_cpu_s"] == 62500
    assert figures["by_viewers"][1000]["uvicorn"]["merged"] == 10


def test_a_ratio_of_unequal_rounds_is_refused(stand):
    del stand.runs["node", 1000][0]
    with pytest.raises(SystemExit):
        stand.figures()


def test_the_largest_crowd_is_the_one_that_loses_nothing(stand, monkeypatch):
    capacity = {"daphne": 1000, "uvicorn": 1500, "node": 2000}

    def tried(name, viewers):
        found = run(10.0, lost=int(viewers > capacity[name]))
        stand.runs[name, viewers].append(found)
        return found

    monkeypatch.setattr(stand, "run", tried)
    stand.seek_largest()
    assert stand.largest == capacity

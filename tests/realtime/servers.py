"""Real servers with real sockets, on loopback and a free port, stopped by their process."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds: ten times what is promised, since the machine is shared
COMMANDS = {
    "daphne": ["daphne", "-b", "127.0.0.1", "-v", "0", "-p"],
    "uvicorn": [
        *("uvicorn", "--no-access-log", "--ws-per-message-deflate", "false", "--ws-max-size", "16384"),
        *("--log-level", "warning", "--port"),
    ],
}


def receive(socket):
    """The next frame; those of a burst come together in one message."""
    waiting = vars(socket).setdefault("waiting_frames", [])
    if not waiting:
        message = json.loads(socket.recv(timeout=PATIENCE))
        waiting += message.get("frames", [message])
    return waiting.pop(0)


def is_closed(socket, code):
    """Whether the server closes the socket, with that code; what it says before is passed over."""
    try:
        while True:
            socket.recv(timeout=PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd is not None and closed.rcvd.code == code


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_so, what):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.05)


@dataclass
class Served:
    port: int
    process: subprocess.Popen

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def follow(self, stream, *, session=None, lang="fr", host="127.0.0.1", **options):
        """A socket of the stream that has been greeted with its head."""
        headers = {"Cookie": f"session={session}"} if session else {}
        options = {"origin": self.origin, "additional_headers": headers, "compression": None} | options
        return connect(f"ws://{host}:{self.port}/ws/{stream.pk}/?lang={lang}", **options)

    def catch_up(self, stream, since, **headers):
        request = urllib.request.Request(f"{self.origin}/streams/{stream.pk}/?since={since}", headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return json.load(response)

    def answers(self):
        try:
            urllib.request.urlopen(f"{self.origin}/streams/0/", timeout=5)
        except urllib.error.HTTPError:
            return True
        except OSError:
            assert self.process.poll() is None, "the server ended"
            return False
        return True


def database_url(connection):
    database = connection.settings_dict
    user = database["USER"]
    return f"postgresql://{user}@/{database['NAME']}?host={quote(str(database['OPTIONS']['host']), safe='/')}"


@contextmanager
def serving(kind, *, database, redis_url=""):
    """daphne or uvicorn with the product and the tests' kinds of stream."""
    port = free_port()
    environment = os.environ | {
        "CIVIC_MODE": "local",
        "DJANGO_SETTINGS_MODULE": "tests.served_settings",
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", *COMMANDS[kind], str(port), "tests.realtime.served:application"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    served = Served(port, process)
    try:
        wait_until(served.answers, f"{kind} answers")
        yield served
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class InTurn:
    """Several processes behind one door, as a balancer would have them: each socket and question goes to the next."""

    def __init__(self, servers):
        self.servers = list(servers)

    @property
    def port(self):
        return self.servers[0].port

    def follow(self, stream, **options):
        server, *others = self.servers
        self.servers = [*others, server]
        return server.follow(stream, **options)

    def catch_up(self, stream, since):
        return self.servers[0].catch_up(stream, since)


class Redis:
    """A Redis of its own on a free port, kept when it is stopped and started again."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/tmp")
        wait_until(self.is_listening, "Redis listens")

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)

    def is_listening(self):
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def redis_server():
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server (Debian: redis-server)")
    redis = Redis()
    redis.start()
    try:
        yield redis
    finally:
        redis.stop()

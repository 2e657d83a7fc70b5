"""The product as it runs: a server and a worker in processes of their own, on a database of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from devtools.lifeline import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
# Ten times what a quick machine needs; each wait ends when the thing happens.
PATIENCE = 60


def wait_until(condition, what: str):
    """Wait for `condition()` to be true and return it; fail with `what` after a long time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"never happened: {what}")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Product:
    """A server and a worker on the database at `url`, logging to `folder`; each is stopped by its own process."""

    def __init__(self, url: str, folder: Path):
        self.url, self.folder, self.port = url, folder, free_port()
        self.server: subprocess.Popen | None = None
        self.worker: subprocess.Popen | None = None
        self.environment = os.environ | {
            "CIVIC_DEMO": "0",
            "CIVIC_MODE": "local",
            "CIVIC_VAR": str(folder),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.served_settings",
            "PYTHONUNBUFFERED": "1",
            "REDIS_URL": "",
            "SITE_URL": self.origin,
        }

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stage(self, scene: str, *arguments: object) -> Any:
        """Play a scene of `tests.stage` on this database and return what it prints."""
        command = [sys.executable, "-m", "tests.stage", scene, *map(str, arguments)]
        played = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE)
        return json.loads(played.stdout)

    def query(self, sql: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql, values).fetchall()

    # --- Processes

    def start(self) -> None:
        self.start_worker()
        self.start_server()

    def start_server(self) -> None:
        daphne = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), "-v", "0", "civic.asgi:application"]
        self.server = self._spawn(daphne, "server.log")
        wait_until(self.answers, "the server answers")

    def start_worker(self) -> None:
        self.worker = self._spawn(["manage.py", "worker"], "worker.log")

    def _spawn(self, arguments: list[str], log: str) -> subprocess.Popen:
        with (self.folder / log).open("a") as out:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT, env=self.environment, stdout=out, stderr=out, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip

    def answers(self) -> bool:
        assert self.server
        assert self.server.poll() is None, f"the server ended:\n{(self.folder / 'server.log').read_text()[-2000:]}"
        try:
            urllib.request.urlopen(f"{self.origin}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def kill_server(self) -> None:
        _end(self.server, signal.SIGKILL)

    def kill_worker(self) -> None:
        _end(self.worker, signal.SIGKILL)

    def stop(self) -> None:
        for process in (self.server, self.worker):
            _end(process, signal.SIGTERM)


def _end(process: subprocess.Popen | None, how: signal.Signals) -> None:
    if process is None:
        return
    process.send_signal(how)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running(url: str, folder: Path):
    """The product on the database at `url`, its server and worker running until the end of the block."""
    product = Product(url, folder)
    try:
        product.start()
        yield product
    finally:
        product.stop()

"""`./run` itself, in a copy of the checkout whose path has a space."""

import http.client
import os
import shutil
import signal
import subprocess
import sys

import pytest

from devtools.places import Place
from devtools.setup import CHECKOUT
from tests.devtools.watching import children_of, free_port, is_alive, wait_until

# One worker has the copy.
pytestmark = pytest.mark.xdist_group("serve")

PATIENCE = 120
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", ".*_cache", "__pycache__")


class Product:
    """One `./run` of a copy: its process, its port, and what it said."""

    def __init__(self, copy):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, copy / "run", "--port", str(self.port)],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PIP_NO_INDEX": "1"},
        )

    def said_until_ready(self):
        lines = []
        while not any("http://" in line for line in lines):
            line = self.process.stdout.readline()
            assert line, "".join(lines)
            lines.append(line)
        return lines

    def status(self, path="/readyz"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        return connection.getresponse().status


def wait_until_gone(pids):
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the checkout that shares its virtual environment; only its first start fills the demo."""
    folder = tmp_path_factory.mktemp("serve") / "une copie"
    shutil.copytree(CHECKOUT, folder, ignore=NOT_COPIED)
    (folder / ".venv").symlink_to(sys.prefix)
    yield folder
    Place(folder).remove()


@pytest.fixture
def product(copy):
    started = []

    def start():
        started.append(Product(copy))
        return started[-1]

    yield start
    for each in started:
        each.process.terminate()
        each.process.communicate(timeout=PATIENCE)


def test_it_serves_says_one_address_and_leaves_nothing_behind(product, copy):
    first = product()
    said = first.said_until_ready()
    assert [line for line in said if "http://" in line] == [
        f"La Fabrique citoyenne est prête : http://127.0.0.1:{first.port}/ (Ctrl-C l'arrête)\n"
    ]
    assert first.status() == 200
    children = children_of(first.process.pid)
    assert len(children) == 3

    second = product()
    told = second.process.communicate(timeout=PATIENCE)[0]
    assert second.process.returncode == 3
    assert f"http://127.0.0.1:{first.port}/" in told

    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(PATIENCE) == 0
    wait_until_gone(children)


def test_it_starts_again_after_being_killed(product):
    first = product()
    first.said_until_ready()
    children = children_of(first.process.pid)
    first.process.kill()
    wait_until_gone(children)

    again = product()
    again.said_until_ready()
    assert again.status() == 200
    assert again.status("/") == 200

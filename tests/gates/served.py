"""The product as visitors meet it: a real server with hashed files, the invented city in its database, a browser."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from devtools import messages
from tests.gates.sources import CHECKOUT
from tests.gates.world import World
from tests.realtime.servers import free_port, wait_until

CHROMIUM = "/usr/bin/chromium-headless-shell"  # the same engine without a window, which takes less of a machine
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Site:
    origin: str
    world: World

    def cookies(self, role: str) -> dict[str, str]:
        return {settings.SESSION_COOKIE_NAME: self.world.sessions[role]} if role in self.world.sessions else {}

    def read(self, address: str, role: str = "anonymous") -> str:
        """The page's source as that role is served it, whatever its status."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies(role).items())
        request = urllib.request.Request(self.origin + address, headers={"Cookie": cookie} if cookie else {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()


@contextmanager
def site(address: str, folder: Path) -> Iterator[Site]:
    """Serve the city from the database at `address` until the block ends."""
    port = free_port()
    environment = os.environ | {
        "CIVIC_MODE": "local",
        "CIVIC_DEMO": "1",
        "CIVIC_VAR": str(folder),
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "civic.settings",
        "REDIS_URL": "",
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    messages.compile_all()
    _python(environment, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    made = json.loads(_python(environment, "-m", "tests.gates.seed"))
    world = World(samples=made["samples"], sessions=made["sessions"])
    command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "civic.asgi:application"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *command], cwd=CHECKOUT, env=environment, stdout=log, stderr=log)
    try:
        served = Site(f"http://127.0.0.1:{port}", world)
        wait_until(lambda: _answers(served, server), "the server answers")
        yield served
    finally:
        server.terminate()
        server.wait(20)


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _answers(served: Site, server: subprocess.Popen) -> bool:
    assert server.poll() is None, "the server ended"
    try:
        return "alive" in served.read("/healthz")
    except OSError:
        return False

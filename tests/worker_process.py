"""The real worker, as a process of its own on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# Ten times what a quick machine needs: these waits end when the thing happens.
PATIENCE = 60


def database_url() -> str:
    """The tests' database, wherever its server is."""
    params = connection.get_connection_params()
    host = quote(str(params.get("host", "")), safe="")
    return f"postgresql://{quote(params.get('user', ''))}@/{params['dbname']}?host={host}&port={params.get('port', '')}"


class WorkerProcess:
    """`with WorkerProcess() as worker:` starts it and, at the end, asks it to stop if it still runs."""

    def __init__(self, log: Path, **environment: str):
        self.log = log
        self.environment = os.environ | {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"} | environment
        self.process: subprocess.Popen | None = None

    def __enter__(self):
        with self.log.open("a") as log:
            command = [sys.executable, "manage.py", "worker"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.stop()

    def stop(self, how=signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def wait_until(condition, what: str):
    """Wait for `condition()` to be true and return it; fails with `what` after a long time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"never happened: {what}")

"""Servers of the product under measure, each a process of its own on loopback."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
# One core serves, the other holds PostgreSQL and the generator: neither takes the other's time.
SERVER_CORE, LOAD_CORE = 0, max(0, (os.cpu_count() or 1) - 1)

LAYOUTS = {
    "daphne": ["daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", "civic.asgi:application"],
    "uvicorn": ["uvicorn", "civic.asgi:application", "--host", "127.0.0.1", "--port", "{port}", "--no-access-log",
                "--log-level", "warning", "--ws-per-message-deflate", "false"],
    "stock": ["daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", "bench.stand.live.stock:application"],
    "threads": ["gunicorn", "civic.wsgi:application", "-k", "gthread", "-w", "1", "--threads", "16", "--keep-alive",
                "60", "-b", "127.0.0.1:{port}", "--log-level", "warning"],
}  # fmt: skip


@contextmanager
def serving(layout: str, *, database_url: str, **variables: str):
    """Run one server layout; yields an object with `port` and `pid`, and stops it afterwards."""
    port = free_port()
    command = [part.format(port=port) for part in LAYOUTS[layout]]
    command[0] = str(Path(sys.executable).parent / command[0])
    environment = os.environ | {"DATABASE_URL": database_url, "SITE_URL": f"http://127.0.0.1:{port}"} | variables
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, preexec_fn=lambda: pin(0, SERVER_CORE))
    try:
        wait_until_serving(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


class Server:
    def __init__(self, port: int, pid: int):
        self.port, self.pid = port, pid

    def cpu(self) -> float:
        """CPU seconds used so far by the server and its children."""
        return sum(cpu_of(pid) for pid in family(self.pid))

    def memory(self) -> int:
        """Kilobytes of memory that the server and its children hold."""
        return sum(memory_of(pid) for pid in family(self.pid))


def pin(pid: int, core: int) -> None:
    os.sched_setaffinity(pid, {core})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_serving(port: int, process: subprocess.Popen) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not come up")


def cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def family(pid: int) -> list[int]:
    """The process and all that it started."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += family(int(child))
    return found

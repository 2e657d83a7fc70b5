"""Who is measured: our streams on both servers, and those that they are compared with."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.stand.live.crowd import MADE, MESSAGE_BYTES, SOURCES, Crowd, program
from bench.stand.servers import CHECKOUT, LOAD_CORE, SERVER_CORE, Server, free_port, pin, serving
from devtools.lifeline import die_with_parent

WS = "ws@8.23.0"
OURS = ("daphne", "uvicorn")
PEERS = ("node", "stock", "floor")

Say = Callable[[Crowd, int, int], None]


@dataclass
class Broadcaster:
    """A server that runs; `say` has it tell messages FIRST to LAST to whoever follows `path`."""

    server: Server
    path: str
    say: Say


@contextmanager
def broadcasting(name: str, database_url: str) -> Iterator[Broadcaster]:
    """One of OURS or PEERS, stopped at the end of the block."""
    if name in OURS:
        with serving(name, database_url=database_url) as server, speaking(database_url) as (stream, say):
            yield Broadcaster(server, f"/ws/{stream}/", say)
    elif name == "stock":
        with serving("stock", database_url=database_url) as server:
            yield Broadcaster(server, "/", Crowd.say)
    else:
        with peer(name) as server:
            yield Broadcaster(server, "/", Crowd.say)


@contextmanager
def speaking(database_url: str) -> Iterator[tuple[str, Say]]:
    """A process that publishes on a stream in the database; nothing else connects it with the server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.stand.live.speaker"],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": database_url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=tied(LOAD_CORE),
    )

    def say(_crowd: Crowd, first: int, last: int) -> None:
        print(first, last, MESSAGE_BYTES, file=process.stdin, flush=True)

    try:
        if not (stream := process.stdout.readline().strip()):
            raise SystemExit("the process that publishes did not start")
        yield stream, say
    finally:
        process.kill()
        process.wait()


@contextmanager
def peer(name: str) -> Iterator[Server]:
    """node's `ws`, or the C program that is the least it can cost."""
    port = free_port()
    command = [program("floor"), str(port)]
    if name == "node":
        command = ["node", str(SOURCES / "node_ws.cjs"), str(port)]
    environment = os.environ | {"NODE_PATH": str(MADE / "node_modules")}
    process = subprocess.Popen(command, env=environment, preexec_fn=tied(SERVER_CORE))
    try:
        wait_until_listening(port, process)
        yield Server(port, process.pid)
    finally:
        process.kill()
        process.wait()


def tied(core: int) -> Callable[[], None]:
    """What a child does before it runs: it takes its core, and ends with this process."""
    tie = die_with_parent(signal.SIGKILL)

    def settle() -> None:
        tie()
        pin(0, core)

    return settle


def wait_until_listening(port: int, process: subprocess.Popen) -> None:
    for _attempt in range(100):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


def without_node() -> str:
    """Install `ws` in a folder of its own; the sentence that says why node is left out, where it has to be."""
    if (MADE / "node_modules" / "ws").exists():
        return ""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed (Debian: apt install nodejs npm): nothing is compared with `ws`."
    MADE.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", str(MADE), "--no-save", "--no-package-lock", "--ignore-scripts", WS]
    done = subprocess.run([*command, "--no-audit", "--no-fund"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"npm could not install {WS}: nothing is compared with it.\n{done.stderr}"

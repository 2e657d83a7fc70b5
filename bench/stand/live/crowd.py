"""The viewers: `fan`, a process in C that holds thousands of sockets and costs little."""

import json
import os
import resource
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stand.servers import CHECKOUT, LOAD_CORE, pin
from devtools.lifeline import die_with_parent

SOURCES = Path(__file__).parent
MADE = Path(os.environ.get("CIVIC_VAR", CHECKOUT / "var")) / "bench"
# Files that a server has open besides its sockets, with room to spare.
OTHER_FILES = 250
MESSAGE_BYTES = 388
# Seconds: for longer nobody waits for a crowd to come in, and no crowd stays.
OPENED_WITHIN, LIVES_FOR = 90, 600


def program(name: str) -> str:
    """The path of a C program of this folder, compiled when its source is newer."""
    source, made = SOURCES / f"{name}.c", MADE / name
    if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise SystemExit("This bench needs a C compiler for its viewers (Debian: apt install gcc libc6-dev).")
        MADE.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, "-O2", "-o", made, source], check=True)
    return str(made)


def allow_sockets(number: int) -> None:
    """Raise what this process and its children may open; end with a sentence where the machine forbids it."""
    needed = number + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SystemExit(
            f"{number} viewers need {needed} open files, and this machine allows {hard} (ulimit -Hn): "
            f"allow more, or ask for fewer (--viewers, --most)."
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


class Crowd:
    """So many open sockets on one address, and what they were given."""

    def __init__(self, process: subprocess.Popen, sockets: int):
        self.process = process
        self._unread = b""
        if self._line(OPENED_WITHIN) != f"open {sockets}":
            raise SystemExit(f"not all of {sockets} sockets were let in within {OPENED_WITHIN} s")

    def say(self, first: int, last: int) -> None:
        """Have the first viewer send these messages, on servers that pass on what a socket sends."""
        self._order(f"say {first} {last}")

    def heard(self, number: int, *, within: float) -> bool:
        """Whether that message reaches everybody within so many seconds."""
        deadline = time.monotonic() + within
        while line := self._line(deadline - time.monotonic()):
            if line == f"all {number}":
                return True
        return False

    def report(self, number: int) -> dict:
        """What became of the messages up to that one, since the last report: lost, doubled, delays in ms."""
        self._order(f"report {number}")
        while line := self._line(OPENED_WITHIN):
            if line.startswith("{"):
                return json.loads(line)
        raise SystemExit("the viewers answer no more")

    def _order(self, text: str) -> None:
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()

    def _line(self, within: float) -> str:
        """The next line that it says, or nothing after so many seconds."""
        out = self.process.stdout.fileno()
        deadline = time.monotonic() + within
        while b"\n" not in self._unread:
            ready, _, _ = select.select([out], [], [], max(0.0, deadline - time.monotonic()))
            if not ready or not (read := os.read(out, 65536)):
                return ""
            self._unread += read
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()


@contextmanager
def crowd(port: int, path: str, viewers: int, *, stalled: int = 0) -> Iterator[Crowd]:
    """Viewers of that address, all let in, and others that read nothing; they leave at the end of the block."""
    words = (port, path, viewers, stalled, LIVES_FOR, MESSAGE_BYTES)
    tie = die_with_parent(signal.SIGKILL)

    def settle() -> None:
        tie()
        pin(0, LOAD_CORE)

    process = subprocess.Popen(
        [program("fan"), *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=settle
    )
    try:
        yield Crowd(process, viewers + stalled)
    finally:
        process.kill()
        process.wait()

"""One private PostgreSQL: a folder, a Unix socket, no port.

The wheel's own `get_server` is not used: run as root it adds a system account and opens
the mode of root's home. Where the folder lies and as whom it runs is decided in `places`.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from devtools.lifeline import die_with_parent

MAJOR = "18"
NAME = "fabrique"  # of the superuser and of the database
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",  # xdist's workers, their threads and their live servers
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",  # what was acknowledged survives kill -9
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # costs more than it brings on short queries
}
READY_WITHIN = 120  # seconds; recovery after a crash may take its time
STOP_WITHIN = 30
LONGEST_LOG = 5_000_000  # bytes


class PostgresError(Exception):
    """PostgreSQL could not be started; the text is a sentence for people."""


class Postgres:
    """A PostgreSQL of its own in `folder`, run with `binaries` and reached through `sockets`.

    `account` holds the arguments of `subprocess` that choose the user (empty: our own).
    """

    major = MAJOR
    # The builtin C.UTF-8 knows the case of accented letters on every machine, without ICU.
    locale: tuple[str, ...] = ("--locale-provider=builtin", "--locale=C.UTF-8")

    def __init__(self, folder: Path, *, binaries: Path, sockets: Path, account: dict | None = None):
        self.folder = folder
        self.binaries = binaries
        self.sockets = sockets
        self.account = account or {}
        self.data = folder / "data"
        self.log = folder / "postgresql.log"
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        return f"postgresql://{NAME}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def start(self, *, is_tied: bool = True) -> bool:
        """Start the server and wait until it answers; return False if it ran already.

        `is_tied`: it ends with this process, however that ends. Raises PostgresError.
        """
        with self._lock():
            is_new = self.pid() is None
            if is_new:
                self._check_version()
                if not self.data.exists():
                    self._create()
                self._clear_after_crash()
                self.process = self._spawn(is_tied)
            self._wait_until_ready()
        return is_new

    def stop(self) -> None:
        """Stop the server, whoever started it; do nothing if it does not run."""
        if not self.folder.exists():
            return
        with self._lock():
            # Fast (open transactions are rolled back), then immediate.
            for how in (signal.SIGINT, signal.SIGQUIT):
                if (pid := self.pid()) is None:
                    break
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
                self._wait_until_gone()
            if self.process:
                self.process.wait()
                self.process = None

    def stop_if_started_here(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()

    def pid(self) -> int | None:
        """Return the running server's process id; a pid file alone proves nothing."""
        with suppress(OSError, ValueError):
            pid = int(self._pid_file()[0])
            if self._mark() in _command_line(pid):
                return pid
        return None

    def _mark(self) -> str:
        """Return what names this data folder in the command lines of its processes.

        By inode: it stays when a checkout is moved, and differs in a copy. (The working
        folder of a process would say the same, but root in a container may not read it.)
        """
        found = self.data.stat()
        return f"fabrique-{found.st_dev:x}-{found.st_ino:x}"

    def _pid_file(self) -> list[str]:
        return (self.data / "postmaster.pid").read_text().splitlines()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One start or stop at a time; the kernel lets go of it if we are killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            self.folder.chmod(0o755)  # the server's user passes through, whatever our umask
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if found != self.major:
            raise PostgresError(
                f"La base de {self.data} vient de PostgreSQL {found} ; ce logiciel emploie "
                f"PostgreSQL {self.major}. « ./run clean » l'efface et repart de zéro."
            )

    def _create(self) -> None:
        """Make the data folder, aside first: an interrupted start leaves no half of one."""
        partial = self.folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        self._make_folder(partial)
        self._call("initdb", "-D", partial, "-U", NAME, "-A", "trust", "-E", "UTF8", *self.locale)
        self._call("postgres", "--single", "-D", partial, "postgres", said=f"CREATE DATABASE {NAME}")
        partial.rename(self.data)

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account["user"], self.account["group"])

    def _call(self, program: str, *arguments: str | Path, said: str = "") -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            input=said,
            text=True,
            capture_output=True,
            cwd="/",
            env=_environment(),
            preexec_fn=die_with_parent(signal.SIGKILL),
            **self.account,
        )
        if done.returncode:
            raise PostgresError(f"{program} a échoué : {last_lines(done.stdout + done.stderr)}")

    def _spawn(self, is_tied: bool) -> subprocess.Popen:
        self._make_folder(self.sockets)
        quoted = '"{}"'.format(str(self.sockets).replace('"', '""'))
        settings = SETTINGS | {"unix_socket_directories": quoted, "cluster_name": self._mark()}
        command: list[str | Path] = [self.binaries / "postgres", "-D", self.data]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        is_long = self.log.exists() and self.log.stat().st_size > LONGEST_LOG
        with self.log.open("w" if is_long else "a") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C reaches us, not the server
                preexec_fn=die_with_parent(signal.SIGINT) if is_tied else None,
                **self.account,
            )

    def _clear_after_crash(self) -> None:
        """Remove what a killed server left, once none of its processes works any more.

        PostgreSQL does it itself unless the old number now belongs to a stranger.
        """
        for _ in _patiently(STOP_WITHIN):
            if not (leftovers := _processes(self._mark())):
                break
            for pid in leftovers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
        else:
            raise PostgresError(f"D'anciens processus de PostgreSQL restent : {leftovers}.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _wait_until_ready(self) -> None:
        for _ in _patiently(READY_WITHIN):
            with suppress(OSError, IndexError):
                if self._pid_file()[7].strip() == "ready":
                    return
            if self.process and self.process.poll() is not None:
                break
        raise PostgresError(f"PostgreSQL ne démarre pas : {last_lines(self.log.read_text())}")

    def _wait_until_gone(self) -> None:
        for _ in _patiently(STOP_WITHIN):
            if self.process:
                self.process.poll()  # reaps it
            if self.pid() is None:
                return


def _patiently(seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.05)


def _command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")


def _processes(mark: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if mark in _command_line(pid := int(entry.name)):
                found.append(pid)
    return found


def _environment() -> dict[str, str]:
    # Nothing of ours: PGDATA, PGPORT or LC_ALL of the shell would bend what is started.
    return {"PATH": os.defpath, "LANG": "C.UTF-8"}


def last_lines(text: str) -> str:
    """Return the end of a log, short enough to be read in a terminal."""
    return "\n".join(text.strip().splitlines()[-8:])

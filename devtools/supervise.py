"""Keeps a few processes running: starts them, restarts what crashed, stops them in order."""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from devtools.lifeline import die_with_parent
from devtools.postgres import Postgres, PostgresError, last_lines

HEALTHY_AFTER = 2.0  # seconds; a child that lived that long is restarted at once
SLOWEST_RESTART = 10.0
TRIES_BEFORE_READY = 3  # then it can't start at all, and waiting helps nobody
SLOW_AFTER = 90.0
STOP_WITHIN = 10.0


class Database:
    """The private PostgreSQL as a supervised child."""

    name = "PostgreSQL"

    def __init__(self, server: Postgres):
        self.server = server
        self.log = server.log

    def start(self) -> None:
        self.server.start()

    def exit_code(self) -> int | None:
        return self.server.process.poll() if self.server.process else 0

    def ask_to_stop(self) -> None:
        """Nothing yet: the others may still be writing."""

    def wait_until_stopped(self) -> None:
        self.server.stop()


class Program:
    """A command as a supervised child; what it says goes to `log`."""

    def __init__(self, name: str, command: Sequence[str], *, environment: dict[str, str], folder: Path, log: Path):
        self.name = name
        self.command = command
        self.environment = environment
        self.folder = folder
        self.log = log
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("a" if self.process else "w") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops in order
                # The database keeps what was acknowledged: nothing is lost by ending at once.
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else 0

    def ask_to_stop(self) -> None:
        if self.process:
            self.process.terminate()

    def wait_until_stopped(self) -> None:
        if self.process:
            try:
                self.process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


Child = Database | Program


class Supervisor:
    """Runs `children`, first one first, until a signal asks to stop.

    `is_ready` is asked until it says yes; then `announce` is called, once.
    """

    def __init__(self, children: Sequence[Child], *, is_ready: Callable[[], bool], announce: Callable[[], None]):
        self.children = children
        self.is_ready = is_ready
        self.announce = announce
        self.failures = dict.fromkeys(children, 0)
        self.started_at = dict.fromkeys(children, 0.0)
        self.due_at: dict[Child, float] = {}
        self.begun_at = time.monotonic()
        self.is_announced = self.is_slow_said = False

    def run(self) -> int:
        """Return the exit code: 0 when asked to stop, 1 when a child could not be started."""
        with _signals_held() as asked_to_stop:
            try:
                for child in self.children:
                    self._start(child)
                while not asked_to_stop(0.25):
                    for child in self.children:
                        self._look_after(child)
                    self._look_at_readiness()
            except GaveUp as error:
                say(str(error))
                return 1
            finally:
                self._stop()
        return 0

    def _start(self, child: Child) -> None:
        self.started_at[child] = time.monotonic()
        try:
            child.start()
        except (OSError, PostgresError) as error:
            say(f"{child.name} : {error}")

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child in self.due_at:
            if now >= self.due_at[child]:
                del self.due_at[child]
                self._start(child)
        elif (code := child.exit_code()) is not None:
            self._note_end(child, code, now)

    def _note_end(self, child: Child, code: int, now: float) -> None:
        is_early = now - self.started_at[child] < HEALTHY_AFTER
        self.failures[child] = self.failures[child] + 1 if is_early or not self.is_announced else 0
        if not self.is_announced and self.failures[child] >= TRIES_BEFORE_READY:
            raise GaveUp(f"{child.name} ne démarre pas. Fin de {child.log} :\n{last_lines(child.log.read_text())}")
        pause = min(SLOWEST_RESTART, 0.1 * 2 ** self.failures[child])
        say(f"{child.name} s'est arrêté ({_cause(code)}) ; nouveau départ. Détails : {child.log}")
        self.due_at[child] = now + pause

    def _look_at_readiness(self) -> None:
        if self.is_announced:
            return
        if self.is_ready():
            self.is_announced = True
            self.announce()
        elif not self.is_slow_said and time.monotonic() - self.begun_at > SLOW_AFTER:
            self.is_slow_said = True
            say(f"Le démarrage dure plus longtemps que prévu. Journaux : {self.children[-1].log.parent}")

    def _stop(self) -> None:
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.wait_until_stopped()


class GaveUp(Exception):
    """A child could not be started; the text says which, with the end of its log."""


@contextmanager
def _signals_held() -> Iterator[Callable[[float], bool]]:
    """Hold back the signals that ask to stop, and yield a function that waits for one.

    A held signal is kept even where SIGINT was inherited ignored (a shell's background
    job), and no handler can interrupt a start or a stop halfway. SIGCHLD ends the wait.
    """
    stops = {signal.SIGINT, signal.SIGTERM}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup stays nohup
        stops.add(signal.SIGHUP)
    held = stops | {signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)

    def asked_to_stop(seconds: float) -> bool:
        got = signal.sigtimedwait(held, seconds)
        return got is not None and got.si_signo in stops

    try:
        yield asked_to_stop
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def answers(port: int, path: str = "/readyz") -> bool:
    """Tell whether the server on this machine answers 200; a proxy of the shell is not asked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def say(sentence: str) -> None:
    """Tell people; standard output is left to results."""
    print(sentence, file=sys.stderr, flush=True)


def _cause(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"

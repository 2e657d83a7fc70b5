"""The supervisor, with small stand-ins for the server and the worker."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.devtools.watching import is_alive, wait_until

SUPERVISOR = """
import os, signal, sys
from pathlib import Path
from devtools.supervise import Program, Supervisor

folder = Path(sys.argv[1])
children = [
    Program(name, [sys.executable, "-c", code], environment=dict(os.environ), folder=folder, log=folder / f"{name}.log")
    for name, code in zip(sys.argv[2::2], sys.argv[3::2])
]
ready = Supervisor(
    children,
    is_ready=lambda: all((folder / name).exists() for name in sys.argv[2::2]),
    announce=lambda: print("ready", flush=True),
)
sys.exit(ready.run())
"""
# A stand-in notes its number in a file of its name, one line per life, then works on.
WORKS = "import os,time; open('{name}', 'a').write(f'{{os.getpid()}}\\n'); time.sleep(600)"
FAILS = "raise SystemExit('the reason it fails')"
TEACHES_PATIENCE = "import signal; signal.signal(signal.SIGTERM, lambda *_: open('asked', 'w')); " + WORKS


def lives(folder, name):
    try:
        return [int(line) for line in (folder / name).read_text().split()]
    except FileNotFoundError:
        return []


@pytest.fixture
def supervise(tmp_path):
    """Start a supervisor of named stand-ins, and wait until it says it is ready."""
    started = []

    def start(*, before="", is_ready=True, **programs):
        named = [part for name, code in programs.items() for part in (name, code.format(name=name))]
        process = subprocess.Popen(
            [sys.executable, "-c", before + SUPERVISOR, str(tmp_path), *named],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        )
        started.append(process)
        if is_ready:
            assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_child(supervise, tmp_path, asked):
    supervisor = supervise(server=WORKS, worker=WORKS)
    supervisor.send_signal(asked)
    assert supervisor.wait(30) == 0
    assert not any(is_alive(pid) for name in ("server", "worker") for pid in lives(tmp_path, name))


def test_sigint_stops_it_even_where_it_was_inherited_ignored(supervise, tmp_path):
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    supervisor = supervise(before=ignoring, server=WORKS)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(30) == 0
    assert not is_alive(lives(tmp_path, "server")[0])


def test_a_killed_supervisor_takes_its_children_along(supervise, tmp_path):
    supervisor = supervise(server=WORKS, worker=WORKS)
    supervisor.kill()
    supervisor.wait(30)
    for name in ("server", "worker"):
        wait_until(lambda name=name: not is_alive(lives(tmp_path, name)[0]))


def test_a_killed_child_is_started_again_and_the_others_are_left_alone(supervise, tmp_path):
    supervise(server=WORKS, worker=WORKS)
    os.kill(lives(tmp_path, "server")[0], signal.SIGKILL)
    wait_until(lambda: len(lives(tmp_path, "server")) == 2)
    assert is_alive(lives(tmp_path, "server")[1])
    assert len(lives(tmp_path, "worker")) == 1
    assert is_alive(lives(tmp_path, "worker")[0])


def test_a_child_that_never_starts_ends_all_with_the_reason(supervise, tmp_path):
    supervisor = supervise(is_ready=False, worker=WORKS, server=FAILS)
    said, complaint = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 1
    assert said == ""
    assert "server ne démarre pas" in complaint
    assert "the reason it fails" in complaint
    assert not any(is_alive(pid) for pid in lives(tmp_path, "worker"))


def test_a_child_is_asked_before_it_is_killed(supervise, tmp_path):
    supervisor = supervise(
        before="import devtools.supervise as module; module.STOP_WITHIN = 0.5\n", server=TEACHES_PATIENCE
    )
    supervisor.terminate()
    assert supervisor.wait(30) == 0
    assert (tmp_path / "asked").exists()
    assert not is_alive(lives(tmp_path, "server")[0])


def test_ready_is_said_once(supervise, tmp_path):
    supervisor = supervise(server=WORKS)
    os.kill(lives(tmp_path, "server")[0], signal.SIGKILL)
    wait_until(lambda: len(lives(tmp_path, "server")) == 2)
    supervisor.terminate()
    assert supervisor.communicate(timeout=30)[0] == ""

"""`./run` and its words."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from devtools import commands
from devtools.setup import CHECKOUT
from tests.devtools.watching import free_port, wait_until

RUN = CHECKOUT / "run"


@pytest.fixture
def lock(tmp_path):
    with (tmp_path / "run.lock").open("a+") as file:
        yield file


def test_help_lists_every_command():
    done = subprocess.run([sys.executable, RUN, "help"], capture_output=True, text=True, check=True)
    for command in commands.COMMANDS.values():
        assert command.usage in done.stdout


def test_an_unknown_command_is_named_and_refused():
    done = subprocess.run([sys.executable, RUN, "tset"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "« tset » n'est pas une commande" in done.stderr


def test_an_old_python_is_refused_with_a_sentence_in_both_languages():
    pretend = f"import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path({str(RUN)!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", pretend], capture_output=True, text=True, env={"PATH": "/nowhere"}, check=False
    )
    assert done.returncode == 1
    assert "Il faut Python 3.11" in done.stderr
    assert "this one is 3.9" in done.stderr


def test_a_taken_port_is_refused_with_a_sentence(lock):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Le port {port} n'est pas libre" in commands._why_busy(lock, port, "")


def test_a_second_start_in_the_same_checkout_says_the_address(lock, tmp_path):
    assert commands._why_busy(lock, free_port(), "http://127.0.0.1:8000/") == ""
    with (tmp_path / "run.lock").open("a+") as second:
        assert "http://127.0.0.1:8000/" in commands._why_busy(second, free_port(), "http://127.0.0.1:8001/")


def test_an_impossible_port_is_refused():
    for port in ("0", "70000", "http"):
        with pytest.raises(SystemExit) as refused:
            commands.serve(["--port", port])
        assert refused.value.code == 2


def test_a_command_in_the_foreground_gives_its_exit_code():
    variables = dict(os.environ)
    before = {asked: signal.getsignal(asked) for asked in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert commands._run_with(variables, [sys.executable, "-c", "raise SystemExit(7)"]) == 7
        killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
        assert commands._run_with(variables, [sys.executable, "-c", killed]) == 128 + 9
    finally:
        for asked, handler in before.items():
            signal.signal(asked, handler)


def test_sigterm_is_passed_on_to_the_command_in_the_foreground(tmp_path):
    waiting = "import time; open('begun', 'w'); time.sleep(600)"
    program = (
        "import os, sys; from devtools import commands; commands.CHECKOUT = sys.argv[1];"
        f"sys.exit(commands._run_with(dict(os.environ), [sys.executable, '-c', {waiting!r}]))"
    )
    runner = subprocess.Popen([sys.executable, "-c", program, tmp_path], env=os.environ | {"PYTHONPATH": str(CHECKOUT)})
    wait_until((tmp_path / "begun").exists)
    runner.terminate()
    assert runner.wait(30) == 128 + signal.SIGTERM


def test_clean_removes_what_was_made_but_not_what_a_link_leads_to(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    checkout = tmp_path / "checkout"
    for folder in (shared, checkout / "var" / "log", checkout / "locale" / "fr" / "LC_MESSAGES"):
        folder.mkdir(parents=True)
    (checkout / ".venv").symlink_to(shared)
    kept = checkout / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    kept.touch()
    kept.with_suffix(".mo").touch()
    monkeypatch.setattr(commands, "CHECKOUT", checkout)
    monkeypatch.setattr(commands, "VAR", checkout / "var")
    assert commands.clean([]) == 0
    assert shared.exists()
    assert sorted(path.name for path in checkout.rglob("*")) == ["LC_MESSAGES", "django.po", "fr", "locale"]

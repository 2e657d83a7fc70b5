"""The virtual environment is made once, and again only when a requirement file changes."""

import subprocess
import sys
from pathlib import Path

import pytest

from devtools import setup
from devtools.setup import SetupError


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose requirement files ask for nothing: no network is needed."""
    folder = tmp_path / "une copie"
    (folder / "requirements").mkdir(parents=True)
    for kind in ("local", "test"):
        (folder / "requirements" / f"{kind}.txt").write_text("# nothing\n")
    monkeypatch.setattr(setup, "CHECKOUT", folder)
    monkeypatch.setattr(setup, "VAR", folder / "var")
    monkeypatch.setattr(setup, "VENV", folder / ".venv")
    monkeypatch.setattr(setup, "PYTHON", folder / ".venv" / "bin" / "python")
    return folder


@pytest.fixture
def calls(checkout, monkeypatch):
    """The programs that a set-up would run, with a stand-in for what they make."""
    made = []

    def call(command, failure):
        made.append(command[command.index("-m") + 1])
        setup.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        if not setup.PYTHON.exists():
            setup.PYTHON.symlink_to(sys.executable)

    monkeypatch.setattr(setup, "_call", call)
    return made


def test_a_path_with_a_space_gets_a_python_of_its_own(checkout):
    setup.make_ready("local")
    done = subprocess.run(
        [setup.PYTHON, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()) == checkout / ".venv"


def test_a_second_start_runs_nothing(calls):
    setup.make_ready("local")
    setup.make_ready("local")
    assert calls == ["venv", "pip"]


def test_a_changed_requirement_file_is_installed(calls, checkout):
    setup.make_ready("local")
    (checkout / "requirements" / "local.txt").write_text("# something new\n")
    setup.make_ready("local")
    assert calls == ["venv", "pip", "pip"]


def test_what_the_tests_need_holds_what_the_product_needs(calls):
    setup.make_ready("test")
    setup.make_ready("local")
    assert calls == ["venv", "pip"]


def test_another_python_makes_the_environment_anew(calls, monkeypatch):
    setup.make_ready("local")
    monkeypatch.setattr(setup, "_version", lambda python: (3, 9))
    setup._stamp("local").unlink()
    setup.make_ready("local")
    assert calls == ["venv", "pip", "venv", "pip"]


def test_an_interrupted_installation_is_taken_up_again(calls):
    setup.make_ready("local")
    setup._stamp("local").unlink()
    setup.make_ready("local")
    assert calls == ["venv", "pip", "pip"]


def test_a_missing_venv_names_the_command_that_brings_it(checkout, monkeypatch):
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"sudo apt install python3\.\d+-venv"):
        setup.make_ready("local")


def test_a_failed_installation_says_what_pip_said(checkout):
    (checkout / "requirements" / "local.txt").write_text("no-hash==1.0\n")
    with pytest.raises(SetupError, match=r"accès au réseau(?s:.*)hash"):
        setup.make_ready("local")
    assert not setup._is_current("local")

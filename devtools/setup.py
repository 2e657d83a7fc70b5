"""The virtual environment: made once, brought up to date when a requirement file changes."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
VAR = CHECKOUT / "var"
PYTHON = VENV / "bin" / "python"


class SetupError(Exception):
    """The set-up could not go on; the text is a sentence for people."""


def make_ready(kind: str) -> None:
    """Make sure that `.venv` holds `requirements/<kind>.txt`; without network if it does."""
    _make_var()
    if _is_current(kind):
        return
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second start waits for the first one's work
        if not _is_current(kind):
            _make_venv()
            _install(kind)


def _requirements(kind: str) -> Path:
    return CHECKOUT / "requirements" / f"{kind}.txt"


def _stamp(kind: str) -> Path:
    return VENV / f"installed-{kind}"


def _fingerprint(kind: str) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{version} {hashlib.sha256(_requirements(kind).read_bytes()).hexdigest()}"


def _is_current(kind: str) -> bool:
    stamp = _stamp(kind)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(kind)


def _make_var() -> None:
    for folder in (VAR, CHECKOUT):
        if folder.exists():
            if not os.access(folder, os.W_OK):
                raise SetupError(
                    f"Vous n'avez pas le droit d'écrire dans {folder} : il appartient à un autre compte. "
                    "Lancez la commande sous ce compte, ou depuis une copie à vous."
                )
            break
    VAR.mkdir(mode=0o700, exist_ok=True)


def _make_venv() -> None:
    if PYTHON.exists() and _version(PYTHON) == sys.version_info[:2]:
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "Il manque à Python ses environnements virtuels. Sous Debian ou Ubuntu :\n"
            f"  sudo apt install python{sys.version_info.major}.{sys.version_info.minor}-venv"
        )
    _say("Préparation de l'environnement Python…")
    shutil.rmtree(VENV, ignore_errors=True)
    _call([sys.executable, "-m", "venv", str(VENV)], "L'environnement Python n'a pas pu être créé.")


def _version(python: Path) -> tuple[int, int] | None:
    done = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else None  # type: ignore[return-value]


def _install(kind: str) -> None:
    _say("Installation des bibliothèques (une à trois minutes, une seule fois)…")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    # The file names everything, down to the last library: pip has nothing to add (pyproject.toml says why it must not).
    command += ["--require-hashes", "--no-deps", "-r", str(_requirements(kind))]
    _call(
        command,
        "Les bibliothèques n'ont pas pu être installées. La première installation demande un accès au réseau.",
    )
    # What the tests need holds all that the product needs.
    for done in {kind, "local"}:
        _stamp(done).write_text(_fingerprint(done))


def _call(command: list[str], failure: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-12:])
        raise SetupError(f"{failure}\n{last}")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)

"""What `./run` can do: a table of commands, and how each is carried out."""

import argparse
import fcntl
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from devtools import environment, setup
from devtools.lifeline import die_with_parent
from devtools.places import Place
from devtools.postgres import Postgres, PostgresError
from devtools.setup import CHECKOUT, PYTHON, VAR, VENV, SetupError
from devtools.supervise import Database, Program, Supervisor, answers, say

BUSY = 3  # exit code: the port or the checkout is already in use
MADE = (".venv", "var", "node_modules", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache")


class Command(NamedTuple):
    """One word of `./run`; `needs` names the requirement file that must be installed."""

    carry_out: Callable[[list[str]], int]
    needs: str | None
    usage: str
    summary: str


def main(arguments: list[str]) -> int:
    """Carry out one command; returns the exit code."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["serve", *arguments]
    word, *rest = arguments
    command = COMMANDS.get("help" if word in ("-h", "--help") else word)
    if command is None:
        say(f"« {word} » n'est pas une commande de ./run.\n")
        return show_help([]) or 2
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, _leave)  # also where SIGINT was inherited ignored
    try:
        if command.needs:
            setup.make_ready(command.needs)
            _use_venv(arguments)
        return command.carry_out(rest)
    except (SetupError, PostgresError) as error:
        say(str(error))
        return 1


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _use_venv(arguments: Sequence[str]) -> None:
    """Start `./run` again under the virtual environment's Python, unless this is it."""
    if not VENV.samefile(sys.prefix):
        os.execv(PYTHON, [str(PYTHON), str(CHECKOUT / "run"), *arguments])


# --- The product -------------------------------------------------------------------------


def serve(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run", description="Démarre le produit avec des données de démonstration.")
    parser.add_argument(
        "--port", type=int, default=8000, choices=range(1, 65536), metavar="N", help="port de l'adresse locale (8000)"
    )
    port = parser.parse_args(arguments).port
    address = f"http://127.0.0.1:{port}/"
    with (VAR / "run.lock").open("a+") as lock:
        if busy := _why_busy(lock, port, address):
            say(busy)
            return BUSY
        server = Place(CHECKOUT).server()
        server.stop()  # one left by `./run env` would not end with us
        try:
            server.start()
            variables = environment.local_environment(server.url) | {"SITE_URL": address.rstrip("/")}
            prepare(variables)
            if not shutil.which("ffmpeg"):
                say("Sans ffmpeg, la séance en direct montre un extrait enregistré (sous Debian : apt install ffmpeg).")
            return Supervisor(
                _children(server, variables, port),
                is_ready=lambda: answers(port),
                announce=lambda: print(f"La Fabrique citoyenne est prête : {address} (Ctrl-C l'arrête)", flush=True),
            ).run()
        finally:
            server.stop()


def _why_busy(lock: IO[str], port: int, address: str) -> str:
    """Take the checkout's lock, or return the sentence that says why it can't start."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        return f"Le produit est déjà démarré depuis ce dossier : {lock.read()}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return f"Le port {port} n'est pas libre. Choisissez-en un autre : ./run --port {port % 60000 + 1}"
    lock.truncate(0)
    lock.write(address)
    lock.flush()
    return ""


def _children(server: Postgres, variables: dict[str, str], port: int) -> list[Database | Program]:
    logs = VAR / "log"
    logs.mkdir(exist_ok=True)
    daphne = [str(PYTHON), "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "civic.asgi:application"]
    worker = [str(PYTHON), "manage.py", "worker"]
    return [
        Database(server),
        Program("Le serveur", daphne, environment=variables, folder=CHECKOUT, log=logs / "server.log"),
        Program("Le travail de fond", worker, environment=variables, folder=CHECKOUT, log=logs / "worker.log"),
    ]


def prepare(variables: dict[str, str], *only: str) -> None:
    """Compile the catalogues and collect the static files, then migrate and fill what is empty."""
    steps = [["devtools.prepare", *only]]
    if environment.has_stale_catalogues():
        steps.insert(0, ["devtools.messages", "compile"])
    for step in steps:
        if subprocess.run([PYTHON, "-m", *step], cwd=CHECKOUT, env=variables, check=False).returncode:
            raise SetupError("La préparation a échoué ; le message ci-dessus dit pourquoi.")


# --- Tools that need its environment -------------------------------------------------------


def test(arguments: list[str]) -> int:
    """Run pytest; the whole suite uses two workers, a choice of tests runs as it is asked."""
    # By group: tests that share a running product stay with one worker, which starts it once.
    chosen = arguments or ["-n", "2", "--dist", "loadgroup"]
    command = [str(PYTHON), "-m", "pytest", "-p", "devtools.pytest_ci", *chosen]
    os.environ.pop("REDIS_URL", None)  # the tests that need Redis start one of their own
    if url := os.environ.get("CIVIC_TEST_DATABASE_URL"):
        return _prepared(url, command)
    return _with_database("test", command)  # apart: tests never touch the data of the running product


def manage(arguments: list[str]) -> int:
    with _database("main") as url:
        return _run_with(environment.local_environment(url), [str(PYTHON), "manage.py", *arguments])


def pictures(arguments: list[str]) -> int:
    return _with_database("main", [str(PYTHON), "-m", "devtools.pictures", *arguments])


def bench(arguments: list[str]) -> int:
    known = sorted(path.stem for path in CHECKOUT.glob("bench/[a-z]*.py"))
    if not arguments or arguments[0] not in known:
        say(f"Usage : ./run bench NOM, où NOM est l'un de : {', '.join(known)}.")
        return 2
    return _with_database("bench", [str(PYTHON), "-m", f"bench.{arguments[0]}", *arguments[1:]])


def messages(arguments: list[str]) -> int:
    return _run_with(environment.local_environment(""), [str(PYTHON), "-m", "devtools.messages", *arguments])


def audit(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "devtools.audit", *arguments], cwd=CHECKOUT, check=False).returncode


def env(_arguments: list[str]) -> int:
    server = Place(CHECKOUT).server()
    server.start(is_tied=False)
    print("# PostgreSQL reste démarré jusqu'à « ./run » ou « ./run clean ».")
    for key, value in environment.added(server.url).items():
        print(f"export {key}={shlex.quote(value)}")
    print(f'export PATH={shlex.quote(str(PYTHON.parent))}:"$PATH"')
    return 0


@contextmanager
def _database(name: str) -> Iterator[str]:
    """Start the server called `name` if it does not run, and stop it if it was started here."""
    server = Place(CHECKOUT).server(name)
    try:
        server.start()
        yield server.url
    finally:
        server.stop_if_started_here()


def _with_database(name: str, command: Sequence[str]) -> int:
    with _database(name) as url:
        return _prepared(url, command)


def _prepared(url: str, command: Sequence[str]) -> int:
    variables = environment.local_environment(url)
    prepare(variables, "static")
    return _run_with(variables, command)


def _run_with(variables: dict[str, str], command: Sequence[str]) -> int:
    """Run a command in the foreground; the terminal's Ctrl-C is its affair, SIGTERM is passed on."""
    child = subprocess.Popen(command, cwd=CHECKOUT, env=variables, preexec_fn=die_with_parent(signal.SIGTERM))
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


# --- Housekeeping ------------------------------------------------------------------------


def clean(_arguments: list[str]) -> int:
    """Remove everything that `./run` made; what is in git stays."""
    if VAR.exists():
        with (VAR / "run.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Le produit tourne encore : arrêtez d'abord ./run avec Ctrl-C.")
                return BUSY
    Place(CHECKOUT).remove()
    for path in [*(CHECKOUT / name for name in MADE), *CHECKOUT.glob("locale/*/LC_MESSAGES/*.mo")]:
        _remove(path)
    say("Tout ce que ./run avait créé est effacé.")
    return 0


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def show_help(_arguments: list[str]) -> int:
    print("Fabrique citoyenne. Usage :\n")
    for command in COMMANDS.values():
        print(f"  {command.usage:<28}{command.summary}")
    print(f"\nCodes de sortie : 0 réussite, 1 échec, 2 commande inconnue, {BUSY} port ou dossier déjà occupé.")
    return 0


COMMANDS = {
    "serve": Command(serve, "local", "./run [--port N]", "démarrer le produit avec des données de démonstration"),
    "test": Command(test, "test", "./run test [options]", "lancer tous les tests (les options vont à pytest)"),
    "manage": Command(manage, "local", "./run manage COMMANDE", "lancer une commande de Django"),
    "env": Command(env, "local", 'eval "$(./run env)"', "préparer un terminal pour développer"),
    "messages": Command(messages, "local", "./run messages ACTION", "mettre à jour ou compiler les traductions"),
    "pictures": Command(pictures, "test", "./run pictures [PAGES]", "photographier les pages, à 360 et 1280 pixels"),
    "bench": Command(bench, "test", "./run bench NOM", "mesurer (sign, vote, tally, pages, moderation, live)"),
    "audit": Command(audit, None, "./run audit", "chercher les failles connues des bibliothèques (réseau requis)"),
    "clean": Command(clean, None, "./run clean", "arrêter et effacer tout ce que ./run a créé"),
    "help": Command(show_help, None, "./run help", "afficher cette aide"),
}

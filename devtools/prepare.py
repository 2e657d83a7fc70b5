"""Brings the database, the static files and the demo up to date, in one process of Django's.

`python -m devtools.prepare static` does the static files alone: tests and measures have
databases of their own.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands

from devtools.setup import VENV


def main(arguments: list[str]) -> None:
    django.setup()
    _collect_static()
    if arguments != ["static"]:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if "demo" in get_commands():
            call_command("demo")


def _collect_static() -> None:
    """Collect only after a change: compressing everything takes longer than all the rest."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    found = _static_fingerprint()
    if not stamp.exists() or stamp.read_text() != found or not Path(settings.STATIC_ROOT).exists():
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(found)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            found = path.stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    for installed in sorted(VENV.glob("installed-*")):  # the libraries bring files too
        digest.update(installed.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])

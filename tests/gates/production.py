"""An invented production, to start processes in."""

import os
import subprocess
import sys

from tests.gates.sources import CHECKOUT

# Long and varied, as Django's own check of a secret demands; worth nothing.
SECRET = "invented-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "MAILBOX_KEY": SECRET[::-1],
    "PERSON_KEY": SECRET.swapcase(),
    "ALLOWED_HOSTS": "fabrique.example",
    "SITE_URL": "https://fabrique.example",
    "DATABASE_URL": "postgresql://fabrique@database.example/fabrique",
}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the checkout under exactly `environment`; errors and output come in one text."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=kept | {"PYTHONUTF8": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

"""The environment variables under which the product runs on a developer's machine."""

import json
import os
import secrets
from pathlib import Path

from devtools.setup import CHECKOUT, VAR

SECRETS = ("SECRET_KEY", "MAILBOX_KEY", "PERSON_KEY")
# A shell that also serves production must not leak into a demo: no mail may leave, no
# other database be touched, no other Python be found.
FORGOTTEN = (
    *("ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "EMAIL_URL", "PYTHONHOME", "PYTHONPATH", "SENTRY_DSN"),
    *("SITE_URL", "TRUSTED_PROXY_COUNT"),
)


def local_environment(database_url: str) -> dict[str, str]:
    """Return the whole environment of a child in local mode with demo data."""
    kept = {key: value for key, value in os.environ.items() if key not in FORGOTTEN}
    return kept | added(database_url)


def added(database_url: str) -> dict[str, str]:
    """Return what `./run` adds to the environment, and what `./run env` prints."""
    return {
        "CIVIC_MODE": "local",
        "CIVIC_DEMO": "1",
        "CIVIC_VAR": str(VAR),
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "civic.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        **_secrets(VAR / "secrets.json"),
    }


def _secrets(file: Path) -> dict[str, str]:
    """Return this checkout's secrets, made once; only its owner can read them."""
    try:
        made = json.loads(file.read_text())
    except FileNotFoundError:
        made = {}
    if missing := [name for name in SECRETS if name not in made]:
        made |= {name: secrets.token_urlsafe(48) for name in missing}
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(made, out)
        partial.rename(file)
    return made


def has_stale_catalogues() -> bool:
    """Tell whether a message catalogue was edited since it was compiled."""
    for source in CHECKOUT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            return True
    return False

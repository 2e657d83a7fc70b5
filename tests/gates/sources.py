"""What is in the repository, for the gates that read it."""

import subprocess
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("civic", "petitions", "consultations", "livestream")


@cache
def tracked() -> list[Path]:
    """Files of the repository, those not yet added included, those that git ignores not."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (CHECKOUT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def under(*folders: str, suffix: str) -> list[Path]:
    """Files below the folders (of the checkout's root) whose name ends in `suffix`."""
    return [path for path in tracked() if path.name.endswith(suffix) and path.relative_to(CHECKOUT).parts[0] in folders]


def texts() -> list[tuple[Path, str]]:
    """Every file that is text, with its content."""
    found = []
    for path in tracked():
        try:
            found.append((path.relative_to(CHECKOUT), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a picture
    return found

"""Looks for published flaws in the pinned libraries, and fails when it could not look.

The auditor has been seen to say "none found" after looking at nothing. So it is first
given a canary, a version known to be bad: silence about that one is a failure.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from devtools.setup import CHECKOUT, VAR

AUDITOR = "pip-audit==2.10.1"
CANARY = "django==3.2.0"  # CVE-2021-31542 and dozens more
AUDITED = ("local", "test", "production")


def main() -> int:
    """Return 0 when the advisories were read and name none of our libraries."""
    try:
        python = _environment_of_its_own()
        with tempfile.TemporaryDirectory() as folder:
            canary = Path(folder, "canary.txt")
            canary.write_text(CANARY)
            if not _flaws(python, canary):
                raise CouldNotLook(f"{CANARY}, dont les failles sont publiées, est dit sans faille.")
        found = {flaw for name in AUDITED for flaw in _flaws(python, CHECKOUT / "requirements" / f"{name}.txt")}
    except CouldNotLook as error:
        print(f"La recherche de failles n'a pas pu être faite : {error}", file=sys.stderr)
        return 1
    for flaw in sorted(found):
        print(flaw)
    print(f"{len(found)} faille(s) publiée(s) dans les bibliothèques." if found else "Aucune faille publiée.")
    return 1 if found else 0


class CouldNotLook(Exception):
    """The advisories could not be read; the text says why."""


def _environment_of_its_own() -> Path:
    """Install the auditor apart: its own libraries must not decide the versions of ours."""
    folder = VAR / "audit"
    python = folder / "bin" / "python"
    if not python.exists():
        _call([sys.executable, "-m", "venv", str(folder)])
    _call([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", AUDITOR])
    return python


def _flaws(python: Path, requirements: Path) -> set[str]:
    """Return the flaws of pinned libraries as `name version: identifiers`."""
    command = [str(python), "-m", "pip_audit", "--strict", "--no-deps", "--disable-pip", "--format=json"]
    said = _call([*command, "--progress-spinner=off", "-r", str(requirements)], accepted=(0, 1))
    try:
        libraries = json.loads(said)["dependencies"]
    except (ValueError, KeyError) as error:
        raise CouldNotLook(f"réponse illisible pour {requirements.name} ({error}).") from error
    if not libraries or any("skip_reason" in library for library in libraries):
        raise CouldNotLook(f"des bibliothèques de {requirements.name} n'ont pas été examinées.")
    return {
        f"{library['name']} {library['version']} : {', '.join(flaw['id'] for flaw in library['vulns'])}"
        for library in libraries
        if library["vulns"]
    }


def _call(command: list[str], accepted: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # The auditor ends with 1 both for flaws found and for its own failures: those print no result.
    if done.returncode not in accepted or (done.returncode and not done.stdout.strip()):
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise CouldNotLook(last[0] if last else f"code {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

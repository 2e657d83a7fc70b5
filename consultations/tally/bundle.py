"""The recount script as one file that Python runs: always the same bytes from the same code."""

import io
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent
SHEBANG = b"#!/usr/bin/env python3\n"
# Nothing of when and where it was made: no dates, no compression that another machine would do otherwise.
DATE = (1980, 1, 1, 0, 0, 0)
UNIX, FILE_MODE = 3, 0o100644 << 16

MAIN = """\
import sys

if sys.version_info < (3, 11):
    sys.exit("Il faut Python 3.11 ou plus récent.")

from consultations.tally.recount import main

sys.exit(main())
"""


def bundle() -> bytes:
    """The bytes of `recompter.pyz`: this package, a `__main__`, and LISEZMOI.txt."""
    contents = {
        "__main__.py": MAIN.encode(),
        "LISEZMOI.txt": (FOLDER / "LISEZMOI.txt").read_bytes(),
        "consultations/__init__.py": b"",
        **{f"consultations/tally/{path.name}": path.read_bytes() for path in FOLDER.glob("*.py")},
    }
    archive = io.BytesIO()
    archive.write(SHEBANG)
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_STORED) as bundled:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = UNIX, FILE_MODE
            bundled.writestr(entry, contents[name])
    return archive.getvalue()

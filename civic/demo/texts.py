"""What the content folder holds: plain files that anyone can correct without reading Python."""

import json
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


@cache
def load(name: str) -> dict[str, Any]:
    """The file of that name; content/README.md says what each holds."""
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))

"""`./run pictures`: the product's pages as pictures, at 360 and 1280 pixels, light and dark, in var/pictures/.

It walks through the running demo as a visitor, an author and a moderator, so that each picture shows
real content; what it signs, writes and decides stays in the demo. Names of pages, or of walks (`devtools/walks.py`),
may be given to take only those.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from devtools import walks
from devtools.setup import VAR
from devtools.walk import SIZES, Walk

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
SCHEMES = ("light", "dark")


def main() -> None:
    base = running_product(VAR / "run.lock")
    folder = VAR / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(sys.argv[1:])
    chosen = [walk for walk in walks.WALKS if walk.__name__ in wanted] or walks.WALKS
    pages = wanted - {walk.__name__ for walk in chosen}
    with chromium() as browser:
        for width in SIZES:
            for scheme in SCHEMES:
                for walk in chosen:
                    walk(Walk(browser, base, folder, pages, width, scheme))
                print(f"{width} pixels, {scheme}", flush=True)
    print(f"{len(list(folder.glob('*.png')))} images : {folder}")


def running_product(note: Path) -> str:
    """The address that `./run` noted when it started, if it still answers there."""
    base = note.read_text().rstrip("/") if note.exists() else ""
    try:
        urllib.request.urlopen(f"{base}/demo/", timeout=10).close()
    except (ValueError, urllib.error.URLError):
        raise SystemExit("Lancez d'abord « ./run » dans un autre terminal.") from None
    return base


@contextmanager
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        raise SystemExit("Il faut Chromium (sur Debian : apt install chromium).")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main()

"""A recording as an encoder would have left it, made by ffmpeg at once; for tests that play it in a browser."""

import json
import shutil
import subprocess
from pathlib import Path

from livestream.video import encoding
from livestream.video.playlists import ABOUT, NAMES

SENT = [
    *("ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10"),
    *("-f", "lavfi", "-i", "sine=frequency=440", "-c:v", "libx264", "-preset", "ultrafast", "-g", "20"),
    *("-profile:v", "baseline", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "flv"),
]


def film(recording: Path, *, seconds: int, take: int = 1) -> None:
    """A take that begins now and lasts so long by its own clock."""
    folder = recording / str(take)
    for name in NAMES:
        (folder / name).mkdir(parents=True)
    (folder / ABOUT).write_text(json.dumps({"video": "avc1.42c00d", "size": "320x180"}))
    sent = subprocess.run([*SENT, "-t", str(seconds), "-"], check=True, timeout=60, stdout=subprocess.PIPE).stdout
    subprocess.run(encoding.command(folder), input=sent, check=True, timeout=60)


def is_possible() -> bool:
    return shutil.which("ffmpeg") is not None

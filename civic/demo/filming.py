"""The demo's picture: a short sample, played over and over by an encoder, or left as one would have left it."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from civic.accounts.models import Role, User
from livestream.models import Recording, Sitting, State, StreamKey
from livestream.video.door import Door
from livestream.video.encoding import ffmpeg
from livestream.video.house import TownHall
from livestream.video.playlists import ABOUT, NAMES

# Drawn and encoded by ffmpeg for this demo; see film/README.md.
SAMPLE = Path(__file__).parent / "film"
PICTURE = {"video": "avc1.4d401f", "size": "1280x720"}
SEGMENTS, SECONDS = 8, 4.0
LASTS = timedelta(seconds=SEGMENTS * SECONDS)
# A demo that is left running for days must not fill the disk: so much is filmed at each start.
FILMED = timedelta(hours=2)
LOOK_AGAIN = 5.0


def leave_film(recording: Recording, begun_at: Iterable[datetime]) -> None:
    """The sample, from each of these moments on; each is a take of its own."""
    for number, at in enumerate(begun_at, 1):
        folder = recording.path / str(number)
        shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.md"))
        (folder / ABOUT).write_text(json.dumps(PICTURE))
        stamps = [(at + segment * timedelta(seconds=SECONDS)) for segment in range(SEGMENTS)]
        lines = ["#EXTM3U", *(_entry(place, stamp) for place, stamp in enumerate(stamps)), ""]
        for name in NAMES:
            (folder / f"{name}.m3u8").write_text("\n".join(lines))


class Camera:
    """A loop of the worker: films beside the other loops, where the machine has ffmpeg."""

    def __init__(self) -> None:
        self.thread: Thread | None = None

    def step(self) -> bool:
        """Begin, once; whether it did. What is filmed ends with the worker."""
        if self.thread is not None or not shutil.which("ffmpeg"):
            return False
        self.thread = Thread(target=asyncio.run, args=[film()], daemon=True, name="demo picture")
        self.thread.start()
        return True


async def film() -> None:
    """Play the encoder of whichever session is live, as it would come from the council's room."""
    async with Door(TownHall()).open("127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with suppress(TimeoutError):
            async with asyncio.timeout(FILMED.total_seconds()):
                while True:
                    if key := await database_sync_to_async(key_of_the_live_session)():
                        await _send(f"rtmp://127.0.0.1:{port}/live/{key}")
                    await asyncio.sleep(LOOK_AGAIN)


def key_of_the_live_session() -> str:
    """Empty where nothing is live, or the database is away."""
    now = timezone.now()
    try:
        sitting = Sitting.objects.in_state(State.LIVE).order_by("opened_at").last()
        clerk = User.objects.filter(rights__role=Role.CLERK).first()
        if sitting is None or clerk is None:
            return ""
        return StreamKey.give(sitting, clerk, from_at=now, until_at=now + FILMED, at=now)
    except DatabaseError:
        return ""


async def _send(address: str) -> None:
    """Until the other side has enough of it. The picture goes as it lies here: nothing is encoded for it."""
    files = "concat:" + "|".join(str(path) for path in sorted((SAMPLE / "720p").glob("*.ts")))
    sent = ("-re", "-stream_loop", "-1", "-i", files, "-c", "copy", "-f", "flv", address)
    # What ffmpeg says holds the address, and so the key: it belongs in no log.
    encoder = await asyncio.create_subprocess_exec(ffmpeg(), "-loglevel", "quiet", "-nostdin", *sent)
    try:
        await encoder.wait()
    finally:
        if encoder.returncode is None:
            encoder.kill()
            await encoder.wait()


def _entry(number: int, at: datetime) -> str:
    stamp = at.isoformat(timespec="milliseconds")
    return f"#EXTINF:{SECONDS:.6f},\n#EXT-X-PROGRAM-DATE-TIME:{stamp}\n{number:05}.ts"

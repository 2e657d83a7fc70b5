"""An ingest with a house of its own, and ffmpeg as the encoder that comes and as the player that looks."""

import asyncio
import shutil
import subprocess
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from livestream.video.door import Door, Feed, Word

FFMPEG = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin"]


class Town:
    """Who may come in, said by the test: `keys` open feeds, `words` hold for recordings."""

    def __init__(self):
        self.keys: dict[str, Feed] = {}
        self.words: dict[int, Word] = {}

    async def admit(self, key: str) -> Feed | None:
        return self.keys.get(key)

    async def word(self, feed: Feed) -> Word:
        return self.words.get(feed.number, Word())

    async def gone(self, feed: Feed) -> None:
        """Nobody at a desk."""


class Ingest:
    """A door that is open for the tests of a module."""

    def __init__(self, folder: Path):
        self.folder, self.town = folder, Town()
        self.door = Door(self.town)
        self.picture = folder / "picture.flv"
        self.port = 0

    def draw(self) -> None:
        """A few seconds that encoders send over and over: nothing is drawn while a test waits."""
        made = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-f", "lavfi", "-i", "sine=frequency=440"]
        written = [
            "-t",
            "5",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "10",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
        ]
        subprocess.run([*FFMPEG, *made, *written, str(self.picture)], check=True, timeout=60)

    @contextmanager
    def running(self):
        ready: Future[int] = Future()
        stopping = threading.Event()
        thread = threading.Thread(target=asyncio.run, args=[self._serve(ready, stopping)])
        thread.start()
        try:
            self.port = ready.result(timeout=60)
            yield self
        finally:
            stopping.set()
            thread.join(timeout=60)

    async def _serve(self, ready: Future, stopping: threading.Event) -> None:
        async with self.door.open("127.0.0.1", 0) as server:
            ready.set_result(server.sockets[0].getsockname()[1])
            while not stopping.is_set():
                await asyncio.sleep(0.05)

    def is_at_rest(self) -> bool:
        """Whether nobody is inside, and every take is finished."""
        return not (self.door.visits or self.door.leaving)

    def is_taking(self, number: int) -> bool:
        """Whether something is being made of what the encoder sends."""
        return self.door.visits[number].take is not None

    def expect(self, number: int, key: str) -> Path:
        """Have a key open a new recording; its folder."""
        folder = self.folder / f"recording-{number}"
        folder.mkdir()
        self.town.keys[key] = Feed(number, folder)
        return folder

    @contextmanager
    def encoder(self, key: str):
        """One that sends in real time until the end of the block, where it breaks off without a word."""
        sent = ["-re", "-stream_loop", "-1", "-i", str(self.picture), "-c", "copy", "-f", "flv"]
        encoder = Encoder([*FFMPEG, *sent, f"rtmp://127.0.0.1:{self.port}/live/{key}"])
        try:
            yield encoder
        finally:
            encoder.break_off()


class Encoder:
    def __init__(self, command: list[str]):
        self.command = command
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)

    @property
    def is_sending(self) -> bool:
        return self.process.poll() is None

    def tries_again(self) -> bool:
        """Come back if it was sent away, as encoders do whose line broke."""
        if not self.is_sending:
            self.process.communicate()
            self.start()
        return True

    def is_told(self) -> str:
        """What it says once it is sent away."""
        return self.process.communicate(timeout=60)[1]

    def break_off(self) -> None:
        self.process.kill()
        self.process.communicate()


def played(folder: Path, playlist: str) -> float:
    """Play a playlist to its end; how many seconds of picture were decoded."""
    path = folder / "played.m3u8"
    path.write_text(playlist)
    command = [*FFMPEG, "-i", str(path), "-map", "0:v", "-fps_mode", "passthrough", "-f", "framecrc", "-"]
    frames = subprocess.run(command, check=True, timeout=60, stdout=subprocess.PIPE, text=True).stdout
    return sum(not line.startswith("#") for line in frames.splitlines()) / 10


def is_there() -> bool:
    return shutil.which("ffmpeg") is not None

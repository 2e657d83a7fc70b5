"""One take: ffmpeg, from the encoder's sound and picture to segments of each rendition.

The picture of 720p is copied, not made again: it costs nothing and loses nothing. The small one is made for phones and
slow lines, and the sound alone for whoever only listens.
"""

import asyncio
import json
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from livestream.video.playlists import ABOUT, ENDED, NAMES, THUMBNAIL, Span, remove_hidden, takes
from livestream.video.rtmp import Kind, Message

# Seconds. Shorter ones bring the live picture nearer and cost more requests.
SEGMENT_SECONDS = 4
STOP_WITHIN = 8
LOG = "ffmpeg.log"
FLV_HEADER = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"
AVC, AAC = 7, 10
SIZES = range(16, 8193)


class NoFfmpeg(Exception):
    """The machine has none."""


@dataclass(frozen=True)
class Source:
    """What an encoder says before it sends: how its picture and its sound are written, and the picture's size."""

    video: bytes = b""
    audio: bytes = b""
    size: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.video and self.audio)

    @property
    def codec(self) -> str:
        """The picture's, as playlists name it (RFC 6381): profile, constraints and level of H.264."""
        return "avc1." + self.video[6:9].hex()


def is_header(message: Message) -> bool:
    """Whether it says how what follows is written."""
    return len(message.payload) > 1 and message.payload[1] == 0


def is_usable(message: Message) -> bool:
    """H.264 and AAC, which every browser plays, are what is taken."""
    first = message.payload[:1] or b"\x00"
    if message.kind == Kind.AUDIO:
        return first[0] >> 4 == AAC
    return first[0] & 15 == AVC and first[0] < 0x80


def is_key_frame(message: Message) -> bool:
    return message.kind == Kind.VIDEO and message.payload[:1] == b"\x17" and not is_header(message)


def picture_size(values: Sequence[Any]) -> str:
    """Out of what the encoder describes, where it does so sensibly."""
    for value in values:
        if isinstance(value, dict) and all(isinstance(value.get(key), float) for key in ("width", "height")):
            width, height = value["width"], value["height"]
            if width in SIZES and height in SIZES:
                return f"{int(width)}x{int(height)}"
    return ""


def ffmpeg() -> str:
    """Where it is. Raises NoFfmpeg."""
    if path := shutil.which("ffmpeg"):
        return path
    raise NoFfmpeg


def command(folder: Path) -> list[str]:
    """What makes a take of FLV on its standard input."""
    small = "scale=640:360:force_original_aspect_ratio=decrease,pad=640:360:-1:-1,format=yuv420p"
    return [
        *(ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostats"),
        *("-fflags", "+nobuffer", "-analyzeduration", "500000", "-f", "flv", "-i", "pipe:0"),
        *("-map", "0:v:0", "-map", "0:a:0", "-map", "0:v:0", "-map", "0:a:0", "-map", "0:a:0"),
        *("-c:v:0", "copy", "-c:a:0", "copy"),
        *("-c:v:1", "libx264", "-preset", "veryfast", "-profile:v:1", "main", "-level:v:1", "3.0", "-threads:v:1", "1"),
        *("-filter:v:1", small, "-b:v:1", "436k", "-maxrate:v:1", "460k", "-bufsize:v:1", "900k"),
        # The small picture begins anew where the big one does, so that a player changes between them unseen.
        *("-force_key_frames:v:1", "source", "-g:v:1", "600", "-sc_threshold:v:1", "0"),
        *("-c:a:1", "aac", "-b:a:1", "64k", "-ar:a:1", "48000", "-ac:a:1", "2"),
        *("-c:a:2", "aac", "-b:a:2", "32k", "-ar:a:2", "32000", "-ac:a:2", "1"),
        *("-var_stream_map", "v:0,a:0,name:720p v:1,a:1,name:360p a:2,name:audio"),
        *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_list_size", "0", "-hls_playlist_type", "event"),
        *("-hls_flags", "program_date_time+independent_segments+temp_file+omit_endlist"),
        *("-hls_segment_filename", str(folder / "%v" / "%05d.ts"), str(folder / "%v.m3u8")),
        *("-map", "0:v:0", "-ss", "1", "-frames:v", "1", "-filter:v", "scale=-2:360", "-q:v", "5", "-y"),
        str(folder / THUMBNAIL),
    ]


class Take:
    """What is made of one coming of the encoder, under a number of its own in the recording's folder."""

    def __init__(self, recording: Path, folder: Path, process: Process):
        self.recording, self.folder, self.process = recording, folder, process
        self.stdin = cast(asyncio.StreamWriter, process.stdin)  # it was asked for
        self.began_at: int | None = None

    @classmethod
    async def begin(cls, recording: Path, source: Source) -> "Take":
        folder = recording / str(max(takes(recording), default=0) + 1)
        for name in NAMES:
            (folder / name).mkdir(parents=True)
        (folder / ABOUT).write_text(json.dumps({"video": source.codec, "size": source.size}))
        with (folder / LOG).open("wb") as log:
            process = await asyncio.create_subprocess_exec(*command(folder), stdin=PIPE, stdout=DEVNULL, stderr=log)
        take = cls(recording, folder, process)
        take._write(FLV_HEADER)
        for kind, payload in ((Kind.VIDEO, source.video), (Kind.AUDIO, source.audio)):
            take._write(_tag(kind, 0, payload))
        return take

    async def write(self, message: Message) -> None:
        """Raises ConnectionError once ffmpeg has ended."""
        if self.began_at is None:
            self.began_at = message.time
        self._write(_tag(message.kind, max(0, message.time - self.began_at), message.payload))
        await self.stdin.drain()

    @property
    def log(self) -> Path:
        return self.folder / LOG

    async def end(self) -> int:
        """Have the last segment finished; ffmpeg's exit code."""
        self.stdin.close()
        try:
            return await asyncio.wait_for(self.process.wait(), STOP_WITHIN)
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()
        finally:
            (self.folder / ENDED).touch()

    def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()

    async def cut_off(self, hidden: Sequence[Span]) -> None:
        """End at once: what is not finished is not kept, nor what was finished since it should be hidden."""
        self.kill()
        await self.process.wait()
        (self.folder / ENDED).touch()
        for unfinished in self.folder.glob("*/*.tmp"):
            unfinished.unlink()
        remove_hidden(self.recording, hidden)

    def _write(self, content: bytes) -> None:
        self.stdin.write(content)


def _tag(kind: int, time: int, payload: bytes) -> bytes:
    """A message of RTMP as a tag of FLV (Adobe, *Video File Format* 10.1, E.4): the same bytes in another envelope."""
    clock = (time & 0xFFFFFF).to_bytes(3, "big") + bytes([time >> 24 & 0xFF])
    head = bytes([kind]) + len(payload).to_bytes(3, "big") + clock + bytes(3)
    return head + payload + (len(head) + len(payload)).to_bytes(4, "big")

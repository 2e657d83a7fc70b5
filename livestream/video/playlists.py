"""Which segments are shown, and the playlists that say so (RFC 8216).

Each time an encoder comes, ffmpeg writes a *take*: a folder with its segments and its own playlists, which no browser
sees. What browsers see is put together here, each time it is asked for: the takes one after the other, without what is
hidden. A segment is shown whole or not at all, so that nothing of a hidden moment is in any of them.
"""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

# As ffmpeg writes it: how long, when, and the number of the file.
SEGMENT = re.compile(
    r"^#EXTINF:([0-9.]+),.*\n#EXT-X-PROGRAM-DATE-TIME:(\S+)\n(?:[\w/]*/)?([0-9]{5})\.ts$", re.MULTILINE
)
ABOUT = "about.json"
THUMBNAIL = "thumbnail.jpg"
# Left in the folder of a take that is over.
ENDED = "ended"
# After so long without a segment nobody sends, whatever the folder says: three of them should have come.
FRESH = timedelta(seconds=15)


@dataclass(frozen=True)
class Rendition:
    """One way to see a sitting; `video` is of a picture that we make, none where it comes as it is or there is none."""

    name: str
    has_picture: bool = True
    video: str = ""
    size: str = ""


# The first is what a player begins with: it costs a phone little, and the player climbs by itself.
RENDITIONS = (
    Rendition("360p", video="avc1.4d401e", size="640x360"),
    Rendition("720p"),
    Rendition("audio", has_picture=False),
)
NAMES = tuple(rendition.name for rendition in RENDITIONS)
AAC = "mp4a.40.2"


@dataclass(frozen=True)
class Span:
    """A time in which nothing is shown; without a beginning or an end, from ever or for ever."""

    begins_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class Segment:
    take: int
    number: int
    starts_at: datetime
    seconds: float

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(seconds=self.seconds)

    def path(self, rendition: str) -> str:
        return f"{self.take}/{rendition}/{self.number:05}.ts"

    def is_within(self, span: Span) -> bool:
        """Whether any of it is."""
        begins_after = span.ends_at is not None and self.starts_at >= span.ends_at
        ends_before = span.begins_at is not None and self.ends_at <= span.begins_at
        return not (begins_after or ends_before)

    def follows(self, other: "Segment") -> bool:
        return (self.take, self.number) == (other.take, other.number + 1)


def takes(folder: Path) -> list[int]:
    """Their numbers, in the order in which they were made."""
    return sorted(int(each.name) for each in folder.glob("[0-9]*") if each.name.isdecimal())


def shown(folder: Path, rendition: str, hidden: Sequence[Span]) -> list[Segment]:
    """What may be seen of a recording, in order."""
    segments = (segment for take in takes(folder) for segment in _segments(folder, take, rendition))
    return [segment for segment in segments if not any(segment.is_within(span) for span in hidden)]


def media(segments: Sequence[Segment], rendition: str, *, is_over: bool, cut_out: Sequence[Span] = ()) -> str:
    """A rendition's playlist, all of it: one can go back to the beginning, live too.

    A live playlist only grows (EVENT): a segment that was listed and then `cut_out` leaves a gap, which players pass
    over, and no other segment changes its place (RFC 8216bis, 4.4.4.7).
    """
    longest = math.ceil(max((segment.seconds for segment in segments), default=4))
    lines = ["#EXTM3U", "#EXT-X-VERSION:8", f"#EXT-X-TARGETDURATION:{longest}"]
    lines += ["#EXT-X-PLAYLIST-TYPE:" + ("VOD" if is_over else "EVENT"), "#EXT-X-INDEPENDENT-SEGMENTS"]
    before: Segment | None = None
    for segment in segments:
        if before is not None and not segment.follows(before):
            lines.append("#EXT-X-DISCONTINUITY")
        if any(segment.is_within(span) for span in cut_out):
            lines.append("#EXT-X-GAP")
        stamp = segment.starts_at.isoformat(timespec="milliseconds")
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{stamp}", f"#EXTINF:{segment.seconds:.6f},", segment.path(rendition)]
        before = segment
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if is_over else []), ""])


def master(folder: Path, hidden: Sequence[Span]) -> str:
    """The list of renditions with what each really takes: ffmpeg's own says a wrong bandwidth for a copied picture."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rendition in RENDITIONS:
        if segments := shown(folder, rendition.name, hidden):
            lines += [_stream(folder, rendition, segments), f"{rendition.name}.m3u8"]
    return "\n".join([*lines, ""])


def thumbnail(folder: Path, hidden: Sequence[Span]) -> Path | None:
    """A picture of what is shown: each take has one of its first segment."""
    for segment in shown(folder, "720p", hidden):
        path = folder / str(segment.take) / THUMBNAIL
        if segment.number == 0 and path.is_file():
            return path
    return None


def is_fed(folder: Path, *, at: datetime) -> bool:
    """Whether an encoder sends: its take is not over, and the newest segment is young."""
    newest = max(takes(folder), default=0)
    segments = _segments(folder, newest, NAMES[0])
    return bool(segments) and not (folder / str(newest) / ENDED).exists() and at - segments[-1].ends_at < FRESH


def position(segments: Iterable[Segment], at: datetime) -> float:
    """Where a moment stands in what a player shows, in seconds; of a hidden moment, where it would stand."""
    played = 0.0
    for segment in segments:
        if at < segment.ends_at:
            return played + max(0.0, (at - segment.starts_at).total_seconds())
        played += segment.seconds
    return played


def moment(segments: Sequence[Segment], seconds: float) -> datetime:
    """The other way round: when that was which a player shows after so many seconds. Raises IndexError of nothing."""
    for segment in segments:
        if seconds < segment.seconds:
            break
        seconds -= segment.seconds
    else:
        segment, seconds = segments[-1], segments[-1].seconds + seconds
    return segment.starts_at + timedelta(seconds=seconds)


def remove_hidden(folder: Path, hidden: Sequence[Span]) -> int:
    """Take from the disk what is hidden, and what ffmpeg left unfinished; how many files went."""
    removed = 0
    for take in takes(folder):
        for rendition in NAMES:
            for segment in _segments(folder, take, rendition):
                path = folder / segment.path(rendition)
                if any(segment.is_within(span) for span in hidden) and path.exists():
                    path.unlink()
                    removed += 1
    return removed


def _stream(folder: Path, rendition: Rendition, segments: Sequence[Segment]) -> str:
    sizes = [_size(folder / segment.path(rendition.name)) * 8 for segment in segments]
    peak = max(size / segment.seconds for size, segment in zip(sizes, segments, strict=True))
    average = sum(sizes) / sum(segment.seconds for segment in segments)
    about = json.loads((folder / str(segments[-1].take) / ABOUT).read_text())
    picture, size = (rendition.video or about["video"], rendition.size or about["size"])
    codecs = f"{picture},{AAC}" if rendition.has_picture else AAC
    line = f'#EXT-X-STREAM-INF:BANDWIDTH={math.ceil(peak)},AVERAGE-BANDWIDTH={math.ceil(average)},CODECS="{codecs}"'
    return f"{line},RESOLUTION={size}" if rendition.has_picture and size else line


def _segments(folder: Path, take: int, rendition: str) -> tuple[Segment, ...]:
    path = folder / str(take) / f"{rendition}.m3u8"
    try:
        state = path.stat()
    except FileNotFoundError:
        return ()  # the take has begun, and its first segment is not finished
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> tuple[Segment, ...]:
    """What ffmpeg has written, read again only once it has changed."""
    found = SEGMENT.findall(path.read_text())
    return tuple(
        Segment(int(path.parent.name), int(number), datetime.fromisoformat(stamp).astimezone(UTC), float(seconds))
        for seconds, stamp, number in found
    )


@lru_cache(maxsize=65536)
def _size(path: Path) -> int:
    return path.stat().st_size

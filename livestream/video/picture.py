"""What the page of a sitting shows of its picture: where players find it, and at which second each item begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.urls import reverse

from livestream.models import Item, Recording, Sitting
from livestream.models.states import OVER, State
from livestream.video import playlists
from livestream.video.playlists import Segment

# Seconds. What is left where an item begins just as the doors open is no chapter.
SHORTEST = 1.0


@dataclass(frozen=True)
class Chapter:
    """A time in which an item was examined, in seconds after the beginning of what is shown."""

    item: Item
    begins: float
    ends: float

    @property
    def seconds(self) -> int:
        return int(self.begins)

    @property
    def clock(self) -> str:
        return clock(self.begins)


@dataclass(frozen=True)
class Picture:
    recording: Recording
    items: tuple[Item, ...]

    @property
    def is_replay(self) -> bool:
        return self.recording.is_over

    @cached_property
    def segments(self) -> list[Segment]:
        return self.recording.shown()

    @property
    def master_url(self) -> str:
        return reverse("video-master", args=[self.recording.folder])

    @property
    def poster_url(self) -> str:
        """A still of it; none before something is shown, and none while nothing may be."""
        is_there = self.recording.sitting.state != State.CLOSED_DOORS and self.recording.thumbnail
        return reverse("video-thumbnail", args=[self.recording.folder]) if is_there else ""

    @property
    def sound_url(self) -> str:
        return reverse("video-media", args=[self.recording.folder, "audio"])

    @property
    def chapters_url(self) -> str:
        return reverse("video-chapters", args=[self.recording.folder])

    @property
    def captions_url(self) -> str:
        return reverse("video-captions", args=[self.recording.folder])

    @property
    def transcript_url(self) -> str:
        """Where what was said can be read; none where no captions are kept."""
        sitting = self.recording.sitting
        return reverse("council:transcript", args=[sitting.pk, sitting.slug]) if vars(sitting)["has_captions"] else ""

    @cached_property
    def chapters(self) -> list[Chapter]:
        """Of what is shown: an item that was examined behind closed doors alone has none."""
        begun = sorted((at, item.rank, item) for item in self.items for at in vars(item)["begun_at"])
        marks = [playlists.position(self.segments, at) for at, _rank, _item in begun]
        times = pairwise([*marks, sum(segment.seconds for segment in self.segments)])
        found = (Chapter(item, *time) for (_at, _rank, item), time in zip(begun, times, strict=True))
        return [chapter for chapter in found if chapter.ends - chapter.begins >= SHORTEST]


def picture_of(sitting: Sitting, items: Iterable[Item]) -> Picture | None:
    """Of a sitting that came `with_picture`, and its items `with_state`. None where nothing is to be seen.

    That is: where nobody was given a stream key, and of a sitting that is over where nothing was filmed.
    """
    recording = getattr(sitting, "recording", None)
    if recording is None or sitting.state == State.CANCELLED:
        return None
    picture = Picture(recording, tuple(items))
    return picture if picture.segments or sitting.state not in OVER else None


def clock(seconds: float) -> str:
    """1:02:03, as players write it."""
    return f"{seconds // 3600:.0f}:{seconds // 60 % 60:02.0f}:{int(seconds) % 60:02}"

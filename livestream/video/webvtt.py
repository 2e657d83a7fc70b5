"""Captions and chapters as browsers read them (WebVTT, W3C 2019): what is said, and from when until when."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from civic.kernel.text import plain_line

MOST_CUES = 20_000
STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t].*)?")
VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>")
TAG = re.compile(r"<[^>]*>")
# Blocks that say how captions look, or nothing at all.
ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")


class NotWebVtt(Exception):
    """Why, in English, for whoever wrote the file."""


@dataclass(frozen=True)
class Cue:
    """Its times are in seconds after the beginning."""

    begins: float
    ends: float
    text: str
    speaker: str = ""


def write(cues: Iterable[Cue]) -> str:
    return "\n".join(["WEBVTT\n", *(_written(cue) for cue in cues)])


def read(content: str) -> list[Cue]:
    """The cues of a file, in its order, as plain text. Raises NotWebVtt."""
    lines = content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head, *blocks = re.split(r"\n{2,}", lines.strip("\n"))
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", head):
        raise NotWebVtt("It does not begin with WEBVTT.")
    cues = [cue for block in blocks for cue in _cue(block)]
    if len(cues) > MOST_CUES:
        raise NotWebVtt(f"It has more than {MOST_CUES} cues.")
    return cues


def _cue(block: str) -> Iterator[Cue]:
    lines = block.split("\n")
    # A cue may have a name, before its times.
    timed = next((number for number, line in enumerate(lines[:2]) if "-->" in line), None)
    if timed is None:
        if ASIDE.match(block):
            return
        raise NotWebVtt(f"No times: {block[:60]}")
    found = TIMES.fullmatch(lines[timed].strip())
    begins, ends = (_seconds(found.groups()[:4]), _seconds(found.groups()[4:])) if found else (0.0, 0.0)
    if ends <= begins:
        raise NotWebVtt(f"No times from one moment to a later one: {lines[timed][:60]}")
    said = " ".join(lines[timed + 1 :])
    voice = VOICE.search(said)
    speaker = plain_line(html.unescape(voice[1])) if voice else ""
    if text := plain_line(html.unescape(TAG.sub("", said))):
        yield Cue(begins, ends, text, speaker)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _written(cue: Cue) -> str:
    voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
    return f"{_stamp(cue.begins)} --> {_stamp(cue.ends)}\n{voice}{_escaped(cue.text)}\n"


def _escaped(text: str) -> str:
    """One line, in which nothing is a tag, nor the arrow of times."""
    return html.escape(plain_line(text), quote=False)


def _stamp(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"

"""Matches shown at their place in what was written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civic.moderation.models import Match

# Between the parts of a content that is screened as one text.
JOINT = "\n\n"


@dataclass(frozen=True)
class Marked:
    """A stretch of text, and what was found in exactly that stretch, if anything."""

    text: str
    match: Match | None = None


def join_parts(parts: Iterable[str]) -> str:
    """The text to screen of a content that has several: title, request, details."""
    return JOINT.join(parts)


def mark(parts: Sequence[str], matches: Iterable[Match]) -> list[list[Marked]]:
    """Each part cut at its matches. A single text is `[text]`; offsets are those of the joined parts.

    What no longer lies in the text, or lies over an earlier match, is left out: the text may have been edited.
    """
    placed = sorted((m for m in matches if m.start is not None), key=_place)
    marked, offset = [], 0
    for part in parts:
        marked.append(_cut(part, offset, placed))
        offset += len(part) + len(JOINT)
    return marked


def _place(match: Match) -> tuple[int, int]:
    """By beginning, the widest first."""
    return match.start or 0, -(match.end or 0)


def _cut(part: str, offset: int, matches: Sequence[Match]) -> list[Marked]:
    pieces: list[Marked] = []
    done = 0
    for match in matches:
        start, end = (match.start or 0) - offset, (match.end or 0) - offset
        if done <= start and end <= len(part) and part[start:end].startswith(match.excerpt.removesuffix("…")):
            if done < start:
                pieces.append(Marked(part[done:start]))
            pieces.append(Marked(part[start:end], match))
            done = end
    return [*pieces, Marked(part[done:])] if done < len(part) else pieces

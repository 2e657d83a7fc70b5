"""What an author changed, word by word."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from civic.moderation.registry import Label, Part

WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, was added or was removed."""

    fate: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class Change:
    """One part of the content that changed."""

    label: Label
    pieces: Sequence[Piece]


def changes(before: Sequence[str], after: Sequence[Part]) -> list[Change]:
    """The parts that differ from the texts of the same parts before, in their order."""
    pairs = zip_longest(before, after)
    return [Change(part.label, pieces(text or "", part.text)) for text, part in pairs if part and part.text != text]


def pieces(before: str, after: str) -> list[Piece]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    found: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i:j])))
            continue
        found += [Piece("removed", "".join(old[i:j]))] if j > i else []
        found += [Piece("added", "".join(new[k:m]))] if m > k else []
    return found

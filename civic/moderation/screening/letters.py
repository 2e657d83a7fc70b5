"""A text as a reader would hear it: plain letters, whatever they were written with, each at its place.

Nothing here uses a pattern that could be tried in many ways: one pass over the text for each reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from civic.moderation.screening.lookalikes import LATIN

# Ø is "LATIN CAPITAL LETTER O WITH STROKE", ʀ "LATIN LETTER SMALL CAPITAL R", 🇨 and 🅲 are letters by name too.
NAMED = re.compile(r"(?:LATIN|REGIONAL INDICATOR).* LETTER (?:\w+ )?([A-Z])(?: WITH .*)?")
DIGRAPHS = {"œ": "oe", "æ": "ae"}
# Letters and symbols by their category that nobody sees: Hangul fillers and the empty Braille pattern.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"

DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"}
SYMBOLS = {"@": "a", "$": "s", "€": "e"}
# Letters only before another one: at the end of a word they are what they are.
STROKES = {"!": "i", "|": "i"}
AS_L = dict.fromkeys("1!|I", "l")
# A symbol is a letter or a separation, a stroke an i or an l: a text is read in each of these ways.
PLAIN_READING = DIGITS
READINGS = (PLAIN_READING, DIGITS | SYMBOLS | STROKES, DIGITS | SYMBOLS | STROKES | AS_L)

# « l’an » is two words, « c.o.n » is one.
PARTING = frozenset("'’ʼ`´")


@dataclass(frozen=True)
class Piece:
    """A run of letters, folded, and where it stands in the text; `has_letter` when not all were digits or symbols."""

    letters: str
    start: int
    end: int
    has_letter: bool

    @cached_property
    def key(self) -> str:
        return collapse(self.letters)

    @property
    def is_single(self) -> bool:
        """One letter, drawn out or not: « c » or « ccc »."""
        return len(self.key) == 1


@lru_cache(maxsize=8192)
def fold(character: str) -> str | None:
    """The small plain letters that a character stands for; "" for what separates, None for what nobody sees."""
    if character in FILLERS or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return None
    plain = "".join(_latin(part) for part in unicodedata.normalize("NFKD", character))
    return "".join(letter for letter in plain if letter.isalnum())


def _latin(part: str) -> str:
    if part.isascii():
        return part.lower()
    named = NAMED.fullmatch(unicodedata.name(part, ""))
    # The letter itself first: Ν is an N and ν a v. A small one that is not listed looks like its capital (в, В).
    found = LATIN.get(part) or LATIN.get(part.upper()) or (named and named[1].lower())
    return found or DIGRAPHS.get(part.lower()) or unicodedata.normalize("NFKD", part.casefold())


def readings(text: str) -> Iterator[list[Piece]]:
    """The text's pieces, read in each way that could make a difference."""
    yield pieces(text)
    if any(character in text for character in (*SYMBOLS, *AS_L)):
        yield from (pieces(text, reading) for reading in READINGS[1:])


def pieces(text: str, reading: Mapping[str, str] = PLAIN_READING) -> list[Piece]:
    """Runs of letters in their order. What nobody sees separates nothing."""
    found: list[Piece] = []
    letters: list[str] = []
    start = end = 0
    has_letter = False
    # A separator more, so that the last run ends too.
    for index, character in enumerate(f"{text} "):
        read = _read(text, index, reading) if index < len(text) else ""
        if read:
            start = start if letters else index
            letters.append(read)
            has_letter = has_letter or (character not in reading and read.isalpha())
        elif read == "" and letters:
            found.append(Piece("".join(letters), start, end, has_letter))
            letters, has_letter = [], False
        end = index + 1
    return found


def _read(text: str, index: int, reading: Mapping[str, str]) -> str | None:
    character = text[index]
    if character in STROKES and not text[index + 1 : index + 2].isalnum():
        return ""
    return reading.get(character) or fold(character)


def are_tight(text: str, left: Piece, right: Piece) -> bool:
    """Whether only signs part two pieces: no space, no apostrophe."""
    return not any(between.isspace() or between in PARTING for between in text[left.end : right.start])


def collapse(letters: str) -> str:
    """Each run of one letter as one: « connard » and « coonnnard » → "conard"."""
    return "".join(letter for letter, _ in groupby(letters))

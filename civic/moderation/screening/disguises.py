"""Two disguises that a reader sees through: words that were glued together, and letters that were starred out.

Both ask for more than a term's letters in a row, so that no innocent word holds one: « salecon » is « sale » and
« con » to the last letter, which « balcon » is not; « s*l*pe » has as many letters as the term, and two at least.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from civic.moderation.screening.letters import DIGITS, fold, pieces

if TYPE_CHECKING:
    from civic.moderation.screening.words import Entry

# What people put before an insult.
BEFORE = frozenset(
    ["sale", "sales", "gros", "grosse", "petit", "petite", "pauvre", "vieux", "vieille", "especede", "bandede", "quel"]
)
SHORTEST_PART = 3
# What may follow a stem: « saleconnardes ».
LONGEST_ENDING = 3
MOST_LETTERS = 40
STARS = frozenset("*#•●✱∗")
# Letters and stars, whichever come: one class repeated, so that it is read in one pass.
RUN = re.compile(r"[\w*#•●✱∗]+")


class Disguises:
    """The terms of one word, by their letters and by how many these are."""

    def __init__(self, entries: Iterable[Entry]):
        self.plain = [entry for entry in entries if entry.letters and not entry.seams]
        self.words = {entry.letters: entry for entry in self.plain if len(entry.letters) >= SHORTEST_PART}
        self.lengths = sorted({len(part) for part in (*self.words, *BEFORE)}, reverse=True)

    def find(self, text: str) -> Iterator[tuple[Entry, int, int]]:
        """Each term with its place."""
        for piece in pieces(text):
            if piece.has_letter and (entry := self.glued(piece.letters)):
                yield entry, piece.start, piece.end
        for word in RUN.finditer(text):
            is_starred = word[0][0].isalpha() and not STARS.isdisjoint(word[0])
            if is_starred and (entry := self.starred(word[0])):
                yield entry, word.start(), word.end()

    def glued(self, letters: str) -> Entry | None:
        """The term in a word that is nothing but terms and what people put before them, two of these at least."""
        if len(letters) > MOST_LETTERS:
            return None
        # What was read up to each place: how many parts, and the term among them.
        reached: dict[int, tuple[int, Entry | None]] = {0: (0, None)}
        for at in range(len(letters)):
            if at not in reached:
                continue
            parts, found = reached[at]
            for part in self._parts(letters, at):
                entry = self.words.get(part)
                is_stem = entry is not None and entry.is_stem and len(letters) - at - len(part) <= LONGEST_ENDING
                end = len(letters) if is_stem else at + len(part)
                reached.setdefault(end, (parts + 1, entry or found))
        parts, found = reached.get(len(letters), (0, None))
        return found if parts > 1 else None

    def _parts(self, letters: str, at: int) -> Iterator[str]:
        parts = (letters[at : at + length] for length in self.lengths if at + length <= len(letters))
        return (part for part in parts if part in self.words or part in BEFORE)

    def starred(self, word: str) -> Entry | None:
        """The term that has these letters at their places, and a letter for each star."""
        shape = [None if sign in STARS else DIGITS.get(sign) or fold(sign) or "" for sign in word]
        seen = [letter for letter in shape if letter]
        if len(seen) < 2 or len(shape) > MOST_LETTERS or any(letter and len(letter) > 1 for letter in shape):
            return None
        return next((entry for entry in self.plain if self._has_shape(entry, shape)), None)

    def _has_shape(self, entry: Entry, shape: list[str | None]) -> bool:
        letters = entry.letters
        spare = len(shape) - len(letters)
        # « s*l*p » leaves out the e that nobody hears.
        fits = spare == 0 or (spare == -1 and letters.endswith("e")) or (entry.is_stem and 0 < spare <= LONGEST_ENDING)
        return fits and all(given in (None, letter) for given, letter in zip(shape, letters, strict=False))

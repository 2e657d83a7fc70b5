"""The words of the list, found however they are written, and never inside another word.

A text is cut into pieces (`letters.py`). From each piece on, pieces are joined as long as a reader would join them:
across signs (« c.o.n »), and across spaces between single letters (« c o n ») or where the term has a space. A
dictionary says whether such a run is a term, so that the cost grows with the text and not with the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from civic.moderation.screening.disguises import Disguises
from civic.moderation.screening.letters import Piece, are_tight, collapse, pieces, readings

VOWELS = frozenset("aeiouy")
# « y » and « a » are words: beside a word that is spelled, they are not part of it.
SHORT_WORDS = ("a", "y", "o")
# More pieces are no word that somebody spells.
MOST_JOINED = 48


@dataclass(frozen=True)
class Hit:
    """Where a term was found: `text[start:end]`, in characters of the text as it was written."""

    term: int
    start: int
    end: int


@dataclass(frozen=True)
class Entry:
    """A term as it is looked for. `seams` are the places of its spaces, in its collapsed letters."""

    term: int
    letters: str
    seams: frozenset[int]
    is_stem: bool

    @classmethod
    def of(cls, term: int, pattern: str) -> Entry:
        """`pattern` is a word or some words; with a star at the end, whatever follows (« encul* »)."""
        words = [piece.letters for piece in pieces(pattern)]
        ends = [len(collapse("".join(words[: number + 1]))) for number in range(len(words) - 1)]
        return cls(term, "".join(words), frozenset(ends), pattern.rstrip().endswith("*"))

    def fits(self, letters: str) -> bool:
        """Whether these letters, which collapse to the same, are the term: « cette » is not « cete »."""
        runs = [(letter, len(list(run))) for letter, run in groupby(self.letters)]
        written = [(letter, len(list(run))) for letter, run in groupby(letters)]
        last = len(runs) - 1
        return all(
            _is_same_run(letter, count, given) or (self.is_stem and index == last and given > count)
            for index, ((letter, count), (_, given)) in enumerate(zip(runs, written, strict=False))
        )


def _is_same_run(letter: str, count: int, given: int) -> bool:
    """French doubles consonants with a meaning (« salle », « sale »), vowels hardly, and nothing three times."""
    return given == count or given > 2 or (letter in VOWELS and given > count)


class Wordlist:
    """Terms put in order, to look for all of them at once."""

    def __init__(self, patterns: Iterable[tuple[int, str]]):
        self.whole: dict[str, list[Entry]] = {}
        self.stems: dict[str, list[Entry]] = {}
        all_of_them = [Entry.of(term, pattern) for term, pattern in patterns]
        self.disguises = Disguises(all_of_them)
        for entry in all_of_them:
            if entry.letters:
                shelf = self.stems if entry.is_stem else self.whole
                shelf.setdefault(collapse(entry.letters), []).append(entry)
        self.stem_lengths = sorted({len(key) for key in self.stems})
        keys = (*self.whole, *self.stems)
        self.beginnings = {key[:length] for key in keys for length in range(1, len(key) + 1)}
        entries = (entry for shelf in (self.whole, self.stems) for found in shelf.values() for entry in found)
        self.most_seams = max((len(entry.seams) for entry in entries), default=0)

    def find(self, text: str) -> list[Hit]:
        """Every hit, in the order of the text; a term counts once in one place, at its widest."""
        found = {hit for read in readings(text) for hit in self._find_in(text, read)} if self.beginnings else set()
        found |= {Hit(entry.term, start, end) for entry, start, end in self.disguises.find(text)}
        hits: list[Hit] = []
        ends: dict[int, int] = {}
        for hit in sorted(found, key=lambda hit: (hit.start, -hit.end, hit.term)):
            if hit.start >= ends.get(hit.term, 0):
                ends[hit.term] = hit.end
                hits.append(hit)
        return hits

    def _find_in(self, text: str, read: list[Piece]) -> Iterator[Hit]:
        tight = [are_tight(text, left, right) for left, right in pairwise(read)]
        for first in range(len(read)):
            yield from self._find_from(first, read, tight)

    def _find_from(self, first: int, read: list[Piece], tight: list[bool]) -> Iterator[Hit]:
        """What begins with that piece."""
        if _is_spelled_on(read, tight, inside=first, outside=first - 1):
            return
        key, letters, has_letter = "", "", False
        seams: set[int] = set()
        for last, piece in enumerate(read[first : first + MOST_JOINED], start=first):
            if last > first and not _is_joined(read, tight, first, last):
                seams.add(len(key))
            if len(seams) > self.most_seams:
                return
            before, key = len(key), key + piece.key[key[-1:] == piece.key[0] :]
            letters, has_letter = letters + piece.letters, has_letter or piece.has_letter
            if has_letter and not _is_spelled_on(read, tight, inside=last, outside=last + 1):
                for entry in self._entries(key, since=0 if piece.is_single else before):
                    if seams <= entry.seams and entry.fits(letters):
                        yield Hit(entry.term, read[first].start, piece.end)
            if not (key in self.beginnings or (piece.is_single and self._has_stem(key))):
                return

    def _entries(self, key: str, *, since: int) -> Iterator[Entry]:
        """The terms that these letters are, and those whose stem ends in the last piece, after `since` letters."""
        yield from self.whole.get(key, ())
        for length in self.stem_lengths:
            if since < length <= len(key):
                yield from self.stems.get(key[:length], ())

    def _has_stem(self, key: str) -> bool:
        return any(key[:length] in self.stems for length in self.stem_lengths)


def _is_joined(read: list[Piece], tight: list[bool], first: int, last: int) -> bool:
    """Whether a piece goes on with the word before it: across signs, or letter by letter and spaces all along."""
    are_letters = read[last - 1].is_single and read[last].is_single
    return tight[last - 1] or (are_letters and not (last - 1 > first and tight[last - 2]))


def _is_spelled_on(read: list[Piece], tight: list[bool], *, inside: int, outside: int) -> bool:
    """Whether the piece outside is a letter more of the word that is spelled: no « c o n » in « c o n c o m b r e »."""
    if not 0 <= outside < len(read):
        return False
    piece, beside = read[inside], read[outside]
    if not (piece.is_single and beside.is_single):
        return False
    # Letters of one word are parted alike: « c.o.n b » ends with its n.
    outer, inner = (outside, inside) if outside < inside else (inside, inside - 1)
    if 0 <= inner < len(tight) and tight[outer] != tight[inner]:
        return False
    return beside.key == piece.key or (beside.has_letter and beside.key not in SHORT_WORDS)

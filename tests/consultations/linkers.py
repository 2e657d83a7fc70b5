"""What somebody with full access would try, to say whose ballot each one is. A linker guesses (key, code) pairs."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple


class Row(NamedTuple):
    """One row as PostgreSQL keeps it: its hidden columns, its place, and what it says."""

    xmin: int
    cmin: int
    place: tuple[int, int]
    position: int  # in the dump
    name: str  # the key of a roll entry; the code of a ballot
    length: int


Linker = Callable[[list[Row], list[Row]], Iterable[tuple[str, str]]]


def side_by_side(order: Callable[[Row], object]) -> Linker:
    """The n-th of the one is the n-th of the other, both in that order."""

    def link(roll, ballots):
        return zip(names(sorted(roll, key=order)), names(sorted(ballots, key=order)), strict=False)

    return link


def turned(order: Callable[[Row], object]) -> Linker:
    def link(roll, ballots):
        return zip(names(sorted(roll, key=order)), names(sorted(ballots, key=order, reverse=True)), strict=False)

    return link


def same(what: Callable[[Row], object]) -> Linker:
    """Rows of which the same is true, first with first where it is true of several."""

    def link(roll, ballots):
        found: dict[object, list[str]] = {}
        for row in sorted(ballots, key=lambda row: row.position):
            found.setdefault(what(row), []).append(row.name)
        for row in sorted(roll, key=lambda row: row.position):
            if waiting := found.get(what(row)):
                yield row.name, waiting.pop(0)

    return link


def hashed(roll, ballots):
    """The code made out of the key, or both near each other once hashed."""
    by_hash = sorted(ballots, key=lambda row: sha256(row.name.encode()).digest())
    return zip(names(sorted(roll, key=lambda row: sha256(row.name.encode()).digest())), names(by_hash), strict=False)


def names(rows: Iterable[Row]) -> list[str]:
    return [row.name for row in rows]


LINKERS: dict[str, Linker] = {
    "xmin": same(lambda row: row.xmin),
    "xmin in order": side_by_side(lambda row: (row.xmin, row.place)),
    "xmin and command": same(lambda row: (row.xmin, row.cmin)),
    "ctid": same(lambda row: row.place),
    "ctid in order": side_by_side(lambda row: row.place),
    "ctid in order, from the end": turned(lambda row: row.place),
    "position in the dump": side_by_side(lambda row: row.position),
    "position in the dump, from the end": turned(lambda row: row.position),
    "names in order": side_by_side(lambda row: row.name),
    "names in order, from the end": turned(lambda row: row.name),
    "hashes of names": hashed,
    "lengths": side_by_side(lambda row: (row.length, row.place)),
    "same length": same(lambda row: row.length),
}


def hits(linker: Linker, roll: list[Row], ballots: list[Row], truth: dict[str, str]) -> int:
    """How many guesses are right."""
    return sum(truth.get(key) == code for key, code in linker(roll, ballots))

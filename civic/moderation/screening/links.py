"""The sites that a text names, and those of the list: a site is found with everything under it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from civic.moderation.screening.words import Hit

# What a name of a site may stand between; one class repeated, so that it is read in one pass.
RUN = re.compile(r"[^\s/\\<>()\[\]{}\"'’«»“”?#@:,;&=|*`!…]+")
# « exemple[.]com » is how people get a name past a list.
GUARDED_DOT = re.compile(r"[\[({]([.])[\])}]")
STOPS = str.maketrans("。．｡․", "....")


def hosts(text: str) -> Iterator[tuple[str, int, int]]:
    """Everything that reads as the name of a site, with its place."""
    readable = GUARDED_DOT.sub("\0.\0", text.translate(STOPS))
    for run in RUN.finditer(readable):
        if "." in run[0] and "." in (name := host_of(run[0])):
            yield name, run.start(), run.end()


def host_of(written: str) -> str:
    """One spelling of a site's name: small letters, accents composed, « xn-- » read, nothing invisible."""
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written.translate(STOPS)).casefold())
    seen = "".join(character for character in name if character in ".-_" or character.isalnum())
    return ".".join(_label(label) for label in seen.split(".") if label)


def _label(label: str) -> str:
    if label.startswith("xn--"):
        try:
            return label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, OverflowError):
            return label
    return label


class Linklist:
    """The sites of the list, to look for all of them at once."""

    def __init__(self, patterns: Iterable[tuple[int, str]]):
        self.terms: dict[str, list[int]] = {}
        for term, pattern in patterns:
            self.terms.setdefault(host_of(pattern), []).append(term)
        self.depths = sorted({name.count(".") + 1 for name in self.terms})

    def find(self, text: str) -> list[Hit]:
        return [
            Hit(term, start, end)
            for host, start, end in hosts(text)
            for name in self._names(host)
            for term in self.terms.get(name, ())
        ]

    def _names(self, host: str) -> Iterator[str]:
        """The host and the sites above it, as deep as the list goes."""
        labels = host.split(".")
        return (".".join(labels[-depth:]) for depth in self.depths if depth <= len(labels))

"""Published versions as people read them: each part with its name, and what one version changed in the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.kernel.templatetags.typography import money
from civic.kernel.text import clean_text

# Parts of a version in their order; prose is Markdown's small part.
LINES = {"title": gettext_lazy("Title"), "summary": gettext_lazy("Summary")}
PROSE = {"description": gettext_lazy("Description"), "easy_read": gettext_lazy("Easy to read")}
# Of a question, by their names in `tally.Question.as_json`.
LIMITS = {
    "minimum": gettext_lazy("At least so many choices"),
    "maximum": gettext_lazy("At most so many choices"),
    "points_each": gettext_lazy("Points for one choice, at most"),
    "points_total": gettext_lazy("Points in all, at most"),
    "fits_budget": gettext_lazy("What one person chooses must fit into the sum"),
    "lowest_cost_first": gettext_lazy("Of two projects with the same support, the cheaper one comes first"),
}


@dataclass(frozen=True)
class Part:
    """A part of the published text: its name, and what it says; `compared`, where other words than those say it."""

    name: str
    text: str
    is_prose: bool = False
    compared: str = ""

    @property
    def html(self) -> str:
        return clean_text(self.text)


@dataclass(frozen=True)
class Piece:
    """Words that stayed, were added ("ins") or were taken out ("del")."""

    text: str
    mark: str


@dataclass(frozen=True)
class Change:
    """What became of one part: paragraphs of pieces, those that stayed whole left out.

    `only_form`: its words are the same, and only bold, lists or paragraphs differ.
    """

    name: str
    paragraphs: list[list[Piece]]

    @property
    def only_form(self) -> bool:
        return not self.paragraphs


def parts_of(content: Mapping[str, Any]) -> dict[tuple[str, ...], Part]:
    """A version word for word, each part under a key that stays the same from one version to the next."""
    return dict(_parts(content))


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Part]]:
    for key, name in (LINES | PROSE).items():
        if content.get(key):
            yield (key,), Part(str(name), content[key], key in PROSE)
    for number, question in enumerate(content.get("questions", ()), 1):
        yield from _question(number, question)
    for document in content.get("documents", ()):
        yield ("document", document["sha256"]), Part(_("Document"), document["title"])


def _question(number: int, question: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Part]]:
    slug = question["slug"]
    yield (slug, "title"), Part(_("Question %(number)s") % {"number": number}, question["title"])
    if question.get("help"):
        yield (slug, "help"), Part(_("Help below question %(number)s") % {"number": number}, question["help"])
    for name, text in limits_of(question):
        yield (slug, "limit", name), Part(name, text)
    for place, option in enumerate(question["options"], 1):
        said = {"choice": option["label"]}
        yield (slug, option["slug"], "label"), Part(_("Choice %(number)s") % {"number": place}, option["label"])
        if option.get("cost") is not None:
            cost = money(Decimal(option["cost"]), question.get("currency", "EUR"))
            yield (slug, option["slug"], "cost"), Part(_("Cost of “%(choice)s”") % said, cost)
        if option.get("description"):
            name = _("Description of “%(choice)s”") % said
            yield (slug, option["slug"], "description"), Part(name, option["description"], is_prose=True)
    if question.get("drawn_order"):
        labels = {option["slug"]: option["label"] for option in question["options"]}
        order = ", ".join(labels.get(slug, slug) for slug in question["drawn_order"])
        # By slugs: a choice that got another name has not moved.
        slugs = " ".join(question["drawn_order"])
        yield (slug, "order"), Part(_("Order that decides between equals, drawn by lot"), order, compared=slugs)


def limits_of(question: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The name and the value of what bounds an answer to a question, where anything does."""
    if question.get("budget") is not None:
        yield _("The sum to spend"), money(Decimal(question["budget"]), question.get("currency", "EUR"))
    for key, name in LIMITS.items():
        value = question.get(key)
        if isinstance(value, bool):
            if value:
                yield str(name), _("Yes")
        elif value is not None and question.get("kind") != "single":
            yield str(name), str(value)
    if question.get("grades"):
        yield _("Grades"), ", ".join(question["grades"])


# --- What changed ---------------------------------------------------------------------------


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What `after` says otherwise than `before`, part by part, in the order of the text."""
    old, new = parts_of(before), parts_of(after)
    return [
        _change(old.get(key), new.get(key))
        for key in dict.fromkeys([*new, *old])
        # The cost of a choice bears its title, and has not changed with it.
        if _text(old, key) != _text(new, key)
    ]


def _text(parts: Mapping[tuple[str, ...], Part], key: tuple[str, ...]) -> str | None:
    return parts[key].compared or parts[key].text if key in parts else None


def _change(old: Part | None, new: Part | None) -> Change:
    named = new or old
    assert named is not None  # noqa: S101 # nosec B101 - a key comes from one of the two
    before, after = (paragraphs_of(part) if part else [] for part in (old, new))
    return Change(named.name, marked(before, after))


def paragraphs_of(part: Part) -> list[str]:
    return _Paragraphs.of(part.html) if part.is_prose else [part.text]


# Between paragraphs, and before a line of a list.
BREAK, LINE = "\n", "– "


def marked(before: list[str], after: list[str]) -> list[list[Piece]]:
    """Paragraphs of both texts as one, word by word; those in which nothing changed are left out."""
    old, new = _words(before), _words(after)
    pieces: list[tuple[str, str]] = []
    for act, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces += [("", word) for word in new[k:m]]
        else:
            pieces += [("del", word) for word in old[i:j]] + [("ins", word) for word in new[k:m]]
    paragraphs = [_joined(list(words)) for is_break, words in groupby(pieces, _is_break) if not is_break]
    return [paragraph for paragraph in paragraphs if any(piece.mark for piece in paragraph)]


def _is_break(piece: tuple[str, str]) -> bool:
    return piece[1] == BREAK


def _words(paragraphs: list[str]) -> list[str]:
    """Words, and a break after each paragraph. No-break spaces of French typography stay within their word."""
    words: list[str] = []
    for paragraph in paragraphs:
        words += [*filter(None, paragraph.replace("\n", " ").split(" ")), BREAK]
    return words


def _joined(words: list[tuple[str, str]]) -> list[Piece]:
    return [Piece(" ".join(word for _mark, word in run), mark) for mark, run in groupby(words, lambda piece: piece[0])]


class _Paragraphs(HTMLParser):
    """Paragraphs and lines of lists of clean HTML, as plain text; a link is followed by its address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._text = self._address = ""

    @classmethod
    def of(cls, html: str) -> list[str]:
        reader = cls()
        reader.feed(html)
        reader.close()
        reader._end()
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address = dict(attrs).get("href") or ""
        elif tag == "br":
            self._text += " "
        elif tag in ("p", "li", "ul", "ol", "blockquote"):
            self._end()
            if tag == "li":
                self._text = LINE

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and not self._text.endswith(self._address):
            self._text += f" ({self._address})"
        elif tag in ("p", "li", "ul", "ol", "blockquote"):
            self._end()

    def handle_data(self, data: str) -> None:
        self._text += data

    def _end(self) -> None:
        if self._text.strip(" –\n"):
            self.found.append(self._text.strip())
            self._text = ""
        elif self._text != LINE:  # whose paragraph follows
            self._text = ""

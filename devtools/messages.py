"""Message catalogues: `./run messages update`, `compile` and `check`.

Babel extracts and compiles, since a bare machine has no gettext. Catalogues are sorted by
message and name no file or line, so that two branches that both add messages merge.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from devtools.setup import CHECKOUT

SOURCES = ("civic", "petitions", "consultations", "livestream")
TEMPLATES = ("templates", *SOURCES)
# Messages are written in English: its catalogue is complete as it is extracted.
LANGUAGES, WRITTEN_IN = ("fr", "en"), "en"
CONTEXT = (1, "c")
KEYWORDS: dict[str, tuple | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (CONTEXT, 2),
    "pgettext_lazy": (CONTEXT, 2),
    "npgettext": (CONTEXT, 2, 3),
    "npgettext_lazy": (CONTEXT, 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
MARKUP = re.compile(TAG.pattern + r"|&#?\w+;")
# French puts a no-break space before these; a colon inside an hour or an address is none of them.
BARE_PUNCTUATION = re.compile(r"[^\s\u00a0\u202f][:;?!»](?=\s|$)|« |[ ][:;?!»](?=\s|$)|«(?![\u00a0\u202f])")
STRAIGHT_APOSTROPHE = re.compile(r"\w'\w")


class Fault(NamedTuple):
    """What is wrong with one message of one language."""

    language: str
    message: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}: {self.message!r}: {self.what}"


def catalogue(language: str, checkout: Path = CHECKOUT) -> Path:
    return checkout / "locale" / language / "LC_MESSAGES" / "django.po"


# --- Extraction ----------------------------------------------------------------------------


def extracted(checkout: Path = CHECKOUT) -> Catalog:
    """Every message of the product's Python and templates."""
    found = Catalog()
    for source in _files(checkout):
        text = source.read_text(encoding="utf-8")
        for message, context in messages_of(text, is_template=source.suffix != ".py"):
            found.add(message, context=context)
    return found


def messages_of(text: str, *, is_template: bool) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Messages of one source, each a text or a pair (singular, plural), with its context or None."""
    # What templatize leaves is no program; inside brackets its indentation means nothing.
    code = f"({templatize(text)}\n)" if is_template else text
    for _line, message, _comments, context in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
        yield tuple(message) if isinstance(message, list) else message, context


def _files(checkout: Path) -> Iterator[Path]:
    for folder in SOURCES:
        yield from sorted((checkout / folder).rglob("*.py"))
    for folder in TEMPLATES:
        for suffix in ("html", "txt", "xml"):
            yield from sorted((checkout / folder).rglob(f"*.{suffix}"))


# --- Update and compile --------------------------------------------------------------------


def update(checkout: Path = CHECKOUT) -> None:
    """Bring the catalogues to what the sources say; translations stay, what is gone goes."""
    found = extracted(checkout)
    for language in LANGUAGES:
        path = catalogue(language, checkout)
        old = read(path, language) if path.exists() else Catalog(locale=language)
        write(path, _brought_to(found, old, language), language)


def _brought_to(found: Catalog, old: Catalog, language: str) -> Catalog:
    new = Catalog(locale=language)
    for message in found:
        if not message.id:
            continue
        known = old.get(_singular(message), message.context)
        translation = known.string if known and known.pluralizable == message.pluralizable else None
        if language == WRITTEN_IN:
            translation = message.id
        new.add(message.id, translation, context=message.context)
    return new


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(path: Path, content: Catalog, language: str) -> None:
    """Write a catalogue that changes only where its messages do: no dates, no places, no folded lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plural = f"nplurals={content.num_plurals}; plural={content.plural_expr};"
    fields = (f"Language: {language}", "Content-Type: text/plain; charset=UTF-8", f"Plural-Forms: {plural}")
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields) + "\n"
    body = BytesIO()
    write_po(body, content, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.write_bytes(header.encode() + body.getvalue())


def compile_all(checkout: Path = CHECKOUT) -> list[Path]:
    """Compile the catalogues that were edited since; returns what was written."""
    written = []
    for language in LANGUAGES:
        source = catalogue(language, checkout)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        partial = target.with_suffix(".partial")  # a server that starts meanwhile reads the old one or the new one
        with partial.open("wb") as file:
            write_mo(file, read(source, language))
        partial.rename(target)
        written.append(target)
    return written


# --- Check ---------------------------------------------------------------------------------


def faults(checkout: Path = CHECKOUT) -> list[Fault]:
    """Everything that keeps the catalogues from being complete and right."""
    found = extracted(checkout)
    wrong: list[Fault] = []
    for language in LANGUAGES:
        path = catalogue(language, checkout)
        if not path.exists():
            wrong.append(Fault(language, "", "there is no catalogue"))
            continue
        wrong += _faults_of(found, read(path, language), language)
    return wrong


def _faults_of(found: Catalog, present: Catalog, language: str) -> Iterator[Fault]:
    wanted = {(_singular(message), message.context) for message in found if message.id}
    held = {(_singular(message), message.context): message for message in present if message.id}
    for text, _context in sorted(wanted - held.keys(), key=str):
        yield Fault(language, text, "is missing: ./run messages update")
    gone = [*(text for text, _context in held.keys() - wanted), *map(_singular, present.obsolete.values())]
    for text in sorted(gone):
        yield Fault(language, text, "is no longer in the sources: ./run messages update")
    for key in sorted(wanted & held.keys(), key=str):
        for what in faults_of_message(held[key], language):
            yield Fault(language, key[0], what)


def faults_of_message(message: Message, language: str) -> Iterator[str]:
    forms = _texts(message.string)
    if message.fuzzy:
        yield "is fuzzy"
    if not all(forms):
        yield "is not translated"
        return
    ids = _texts(message.id)
    # « Une signature » may leave out the number that « 12 signatures » says, as English may.
    if any(_count(PLACEHOLDER, form) - _most(PLACEHOLDER, ids) for form in forms) or (
        _count(PLACEHOLDER, forms[-1]) != _count(PLACEHOLDER, ids[-1])
    ):
        yield "has other placeholders"
    if _count(TAG, forms[-1]) != _count(TAG, ids[-1]):
        yield "has other HTML elements"
    if language == "fr":
        yield from _faults_of_typography(forms)


def _faults_of_typography(forms: Iterable[str]) -> Iterator[str]:
    for form in forms:
        text = MARKUP.sub("", form)
        if BARE_PUNCTUATION.search(text):
            yield "wants a no-break space before : ; ? ! » or after «"
        if STRAIGHT_APOSTROPHE.search(text):
            yield "wants typographic apostrophes (’)"
        if "..." in text:
            yield "wants an ellipsis (…)"


def _singular(message: Message) -> str:
    return _texts(message.id)[0]


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list | tuple) else [str(value or "")]


def _count(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text.replace("%%", "")))


def _most(pattern: re.Pattern[str], texts: Iterable[str]) -> Counter[str]:
    most: Counter[str] = Counter()
    for text in texts:
        most |= _count(pattern, text)
    return most


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run messages", description=__doc__)
    parser.add_argument("action", choices=("update", "compile", "check"))
    action = parser.parse_args(arguments).action
    if action == "update":
        update()
    elif action == "compile":
        compile_all()
    wrong = faults() if action == "check" else []
    for fault in wrong:
        print(fault)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

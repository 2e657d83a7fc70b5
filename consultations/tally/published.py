"""The two files that are published after a proclamation, from which anyone counts again.

**Ballots**, `bulletins.csv`: UTF-8, comma-separated (RFC 4180), lines end with LF. The first line names the columns:
`code`, then the slug of each question. One line for each ballot, sorted by code (by content where ballots have no
code). A cell holds the canonical JSON of the answer (`answers.py` says its form for each kind): `null` is a blank
vote, and an empty cell a question that was not answered.

    code,place,budget
    4KQ2M8ZX7WPC3HRT9VNB,null,"[""pool"",""bench""]"
    7HT9C2VW4XQB8MKZ3PRN,,"[""bench""]"

**Questions**, `consultation.json`:

    {"format": "fabrique-citoyenne/questions/1",
     "about": {…},                            title, address, dates: whatever says which consultation this is
     "roll": 1520,                            names on the voter roll, or null where there is none
     "ballots": {"number": 1494, "sha256": "…"},
     "questions": [{"slug": "place", "kind": "single", "counting": "plurality", …}],
     "outcomes": {"place": {…}}}              as proclaimed

`sha256` is the digest of the bytes of `bulletins.csv`, in hexadecimal.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consultations.tally.answers import Answer, Ballot, InvalidAnswer, canonical_answer, canonical_json, validate
from consultations.tally.question import InvalidQuestion, Question

FORMAT = "fabrique-citoyenne/questions/1"


class Unreadable(Exception):
    """A published file that is not of its form; the text is a French sentence."""


@dataclass(frozen=True)
class CastBallot:
    """One line of the ballots; `faults` holds the code of each answer that its question doesn't allow."""

    line: int
    code: str
    ballot: Ballot
    faults: Mapping[str, str]


@dataclass(frozen=True)
class QuestionSet:
    """What `consultation.json` says."""

    about: Mapping[str, Any]
    roll: int | None
    number: int | None
    sha256: str | None
    questions: tuple[Question, ...]
    outcomes: Mapping[str, Any]


def digest(ballots: bytes) -> str:
    """The SHA-256 of the ballots as published, in hexadecimal."""
    return hashlib.sha256(ballots).hexdigest()


def write_ballots(questions: Sequence[Question], cast: Iterable[tuple[str, Mapping[str, Answer]]]) -> bytes:
    """The bytes of `bulletins.csv` from (code, ballot) pairs; the order in which they come leaves no trace."""
    slugs = [question.slug for question in questions]
    return as_lines([heading(slugs), *sorted(cells(code, ballot, slugs) for code, ballot in cast)]).encode()


def heading(slugs: Iterable[str]) -> list[str]:
    return ["code", *slugs]


def cells(code: str, ballot: Mapping[str, Answer], slugs: Iterable[str]) -> list[str]:
    """One line of the ballots."""
    return [code, *(canonical_json(ballot[slug]) if slug in ballot else "" for slug in slugs)]


def as_lines(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_questions(
    questions: Iterable[Question],
    *,
    about: Mapping[str, Any],
    roll: int | None,
    number: int,
    sha256: str,
    outcomes: Mapping[str, Any],
) -> str:
    """The text of `consultation.json` beside that many ballots with this digest; `outcomes` as `as_json`, by slug."""
    written = {
        "format": FORMAT,
        "about": about,
        "roll": roll,
        "ballots": {"number": number, "sha256": sha256},
        "questions": [question.as_json() for question in questions],
        "outcomes": outcomes,
    }
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def read_questions(content: bytes) -> QuestionSet:
    """Raises Unreadable."""
    try:
        written = json.loads(content)
        if written["format"] != FORMAT:
            raise Unreadable(f"Le fichier des questions n’est pas au format {FORMAT}.")
        ballots = written.get("ballots", {})
        return QuestionSet(
            about=dict(written.get("about", {})),
            roll=_optional(int, written.get("roll")),
            number=_optional(int, ballots.get("number")),
            sha256=_optional(str, ballots.get("sha256")),
            questions=tuple(Question.from_json(question) for question in written["questions"]),
            outcomes=dict(written.get("outcomes", {})),
        )
    except InvalidQuestion as fault:
        raise Unreadable(f"Une question publiée ne peut pas être dépouillée ({fault.code}).") from fault
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Unreadable("Le fichier des questions n’est pas du JSON de la forme attendue.") from fault


def _optional(kind: type, value: Any) -> Any:
    if value is not None and type(value) is not kind:
        raise TypeError(value)
    return value


def read_ballots(content: bytes, questions: Sequence[Question]) -> list[CastBallot]:
    """Raises Unreadable."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Unreadable("Le fichier des bulletins n’est pas un tableau CSV en UTF-8.") from fault
    if not rows or rows[0] != ["code", *(question.slug for question in questions)]:
        raise Unreadable("La première ligne des bulletins ne nomme pas le code et les questions, dans leur ordre.")
    readers = [CellReader(question) for question in questions]
    return [_cast(number, row, readers) for number, row in enumerate(rows[1:], 2)]


class CellReader:
    """Reads the cells of one question; equal cells are read once."""

    def __init__(self, question: Question):
        self.question = question
        self.known: dict[str, tuple[Answer, str]] = {}

    def read(self, cell: str) -> tuple[Answer, str]:
        """The answer and the code of its fault, empty for a valid one. Raises ValueError for what is no JSON."""
        if cell not in self.known:
            written = json.loads(cell)
            try:
                validate(self.question, written)
                # As it stands there: what is counted is what was published.
                self.known[cell] = canonical_answer(self.question, written) or None, ""
            except InvalidAnswer as fault:
                self.known[cell] = None, fault.code
        return self.known[cell]


def _cast(line: int, row: list[str], readers: Sequence[CellReader]) -> CastBallot:
    if len(row) != len(readers) + 1:
        raise Unreadable(f"La ligne {line} des bulletins a {len(row)} cases au lieu de {len(readers) + 1}.")
    ballot: Ballot = {}
    faults: dict[str, str] = {}
    for reader, cell in zip(readers, row[1:], strict=True):
        if not cell:
            continue
        try:
            answer, fault = reader.read(cell)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"La ligne {line} des bulletins contient une réponse qui n’est pas du JSON.") from error
        if fault:
            faults[reader.question.slug] = fault
        else:
            ballot[reader.question.slug] = answer
    return CastBallot(line, row[0], ballot, faults)

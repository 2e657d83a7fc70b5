"""Ballots of one question, the same ones together: what the rules count.

A hundred thousand ballots hold far fewer different answers; each rule then works on those, with their number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consultations.tally.answers import Answer, Ballot, InvalidAnswer, canonical_answer
from consultations.tally.question import Kind, Question

# "park" | ("park", "pool") | (("park", 3), ("pool", 1)), by the kind of the question
Form = Any


@dataclass(frozen=True)
class Participation:
    """How many ballots there are, and how many of them say something on this question.

    `ballots` = `expressed` + `blank` + `not_answered`.
    """

    ballots: int
    expressed: int
    blank: int
    not_answered: int


@dataclass(frozen=True)
class Pile:
    """The different answers, each with the number of ballots that give it; blank ones are counted apart."""

    counts: Mapping[Form, int]
    blank: int = 0
    not_answered: int = 0

    @property
    def expressed(self) -> int:
        return sum(self.counts.values())

    @property
    def participation(self) -> Participation:
        expressed = self.expressed
        return Participation(expressed + self.blank + self.not_answered, expressed, self.blank, self.not_answered)


MISSING = object()


def gather(question: Question, ballots: Iterable[Ballot | Mapping[str, Answer]]) -> Pile:
    """Put the same answers to `question` together.

    Raises InvalidAnswer for what is no answer to it; limits are not asked (see `canonical_answer`).
    """
    return gather_answers(question, (ballot.get(question.slug, MISSING) for ballot in ballots))


def gather_answers(question: Question, answers: Iterable[object]) -> Pile:
    """The same from answers alone; MISSING stands for a question that was not answered."""
    try:
        written = Counter(map(_form, answers))
    except TypeError as unhashable:
        raise InvalidAnswer("bad_shape") from unhashable
    not_answered = written.pop(MISSING, 0)
    counts: Counter[Form] = Counter()
    for form, number in written.items():
        counts[_form(canonical_answer(question, _answer(question, form)))] += number
    blank = counts.pop(None, 0) + counts.pop((), 0)
    return Pile(counts, blank, not_answered)


def _form(answer: object) -> Form:
    if isinstance(answer, list):
        return tuple(answer)
    if isinstance(answer, dict):
        return tuple(answer.items())
    return answer


def _answer(question: Question, form: Form) -> object:
    if not isinstance(form, tuple):
        return form
    if question.kind in (Kind.GRADES, Kind.POINTS) and all(isinstance(part, tuple) for part in form):
        return dict(form)
    return list(form)

"""The canonical answer to a question, and what makes one invalid.

An answer is what JSON can hold, by the kind of the question:

| kind | answer |
|---|---|
| single | `"park"` |
| multiple | `["park", "pool"]`, kept in the order of the options |
| ranking | `["pool", "park"]`, best first; options left out are all last, equal |
| grades | `{"park": 0, "pool": 3}`: index of the grade, 0 is the best; an option left out has the worst |
| points | `{"park": 3, "pool": 1}`; an option left out has none, and is not named |
| any | `None`: a blank vote |

A ballot is `{question slug: answer}`. A question that is not in it was not answered, which is not blank.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from consultations.tally.question import Kind, Question

Answer = str | list[str] | dict[str, int] | None
Ballot = dict[str, Answer]

CODES = (
    "bad_shape",  # not what the kind asks for: a list where a text is due, a number with a comma
    "unknown_option",
    "unknown_grade",
    "unknown_question",
    "duplicate",
    "negative_points",
    "too_few",
    "too_many",
    "over_points_each",
    "over_points",
    "over_budget",
)


class InvalidAnswer(Exception):
    """An answer that the question doesn't allow: `code` (one of CODES) and, where they apply, `option`,
    `limit` and `found`, for the sentence that says it."""

    def __init__(self, code: str, *, option: str | None = None, limit: Any = None, found: Any = None):
        super().__init__(code)
        self.code, self.option, self.limit, self.found = code, option, limit, found


class InvalidBallot(Exception):
    """A ballot with at least one invalid answer: `errors` holds the InvalidAnswer of each question's slug."""

    def __init__(self, errors: Mapping[str, InvalidAnswer]):
        super().__init__(", ".join(f"{slug}: {error.code}" for slug, error in errors.items()))
        self.errors = dict(errors)


def validate(question: Question, answer: object) -> Answer:
    """The canonical form of an answer that may come from anybody. Raises InvalidAnswer.

    Nothing chosen is a blank vote where the minimum is 0, and too few elsewhere. 0 points say what leaving the option
    out says, so that they go: an answer of a voter has one form, and an envelope a size.
    """
    canonical = canonical_answer(question, answer)
    if canonical is None:
        return None
    if question.kind == Kind.POINTS and isinstance(canonical, dict):
        canonical = {slug: points for slug, points in canonical.items() if points}
    for check in (_check_number, _check_points, _check_budget):
        check(question, canonical)
    return canonical or None


def validate_ballot(questions: Iterable[Question], ballot: object) -> Ballot:
    """The canonical form of a whole ballot. Raises InvalidBallot with every fault, not the first alone."""
    known = {question.slug: question for question in questions}
    if not isinstance(ballot, dict):
        raise InvalidBallot({slug: InvalidAnswer("bad_shape") for slug in known})
    valid: Ballot = {}
    errors = {str(slug)[:100]: InvalidAnswer("unknown_question") for slug in ballot if slug not in known}
    for slug, question in known.items():
        try:
            if slug in ballot:
                valid[slug] = validate(question, ballot[slug])
        except InvalidAnswer as error:
            errors[slug] = error
    if errors:
        raise InvalidBallot(errors)
    return valid


def canonical_answer(question: Question, answer: object) -> Answer:
    """The answer in its one form, known options only; limits are not asked here. Raises InvalidAnswer.

    Limits bind the voter, not the count: files of other cities hold ballots that break their own, and others that
    name a project and give it 0 points, which their `votes` count.
    """
    return None if answer is None else _FORMS[question.kind](question, answer)


def canonical_json(value: Answer | Ballot) -> str:
    """The one way to write an answer or a ballot: no spaces, keys sorted, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def longest_answer(question: Question) -> int:
    """The number of bytes (UTF-8) that the canonical JSON of no valid answer exceeds."""
    named, number = question.most, 0
    if question.kind == Kind.GRADES:
        number = 1 + len(str(len(question.grades) - 1))
    elif question.kind == Kind.POINTS:
        bounds = [bound for bound in (question.points_each, question.points_total) if bound is not None]
        number = 1 + len(str(min(bounds)))
        named = min(named, question.points_total) if question.points_total is not None else named
    sizes = sorted((len(canonical_json(slug).encode()) + number for slug in question.slugs), reverse=True)
    size = sizes[0] if question.kind == Kind.SINGLE else 2 + sum(sizes[:named]) + max(0, named - 1)
    return max(size, len("null"))


def longest_ballot(questions: Iterable[Question]) -> int:
    """The number of bytes that the canonical JSON of no valid ballot exceeds."""
    parts = [len(canonical_json(question.slug).encode()) + 1 + longest_answer(question) for question in questions]
    return 2 + sum(parts) + max(0, len(parts) - 1)


def _single(question: Question, answer: object) -> Answer:
    return _known(question, answer)


def _multiple(question: Question, answer: object) -> Answer:
    chosen = set(_each_once(question, answer))
    return [slug for slug in question.slugs if slug in chosen]


def _ranking(question: Question, answer: object) -> Answer:
    return _each_once(question, answer)


def _grades(question: Question, answer: object) -> Answer:
    given = _numbers(question, answer)
    for slug, grade in given.items():
        if not 0 <= grade < len(question.grades):
            raise InvalidAnswer("unknown_grade", option=slug, limit=len(question.grades) - 1, found=grade)
    return given


def _points(question: Question, answer: object) -> Answer:
    given = _numbers(question, answer)
    for slug, points in given.items():
        if points < 0:
            raise InvalidAnswer("negative_points", option=slug, limit=0, found=points)
    return given


_FORMS: Mapping[Kind, Callable[[Question, object], Answer]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.RANKING: _ranking,
    Kind.GRADES: _grades,
    Kind.POINTS: _points,
}


def _known(question: Question, slug: object) -> str:
    if not isinstance(slug, str):
        raise InvalidAnswer("bad_shape")
    if slug not in question.slug_set:
        raise InvalidAnswer("unknown_option", option=slug[:100])
    return slug


def _each_once(question: Question, answer: object) -> list[str]:
    if not isinstance(answer, list):
        raise InvalidAnswer("bad_shape")
    seen: dict[str, None] = {}
    for slug in answer:  # ends at the latest one past the number of options
        if _known(question, slug) in seen:
            raise InvalidAnswer("duplicate", option=slug)
        seen[slug] = None
    return list(seen)


def _numbers(question: Question, answer: object) -> dict[str, int]:
    if not isinstance(answer, dict):
        raise InvalidAnswer("bad_shape")
    for slug, number in answer.items():
        # True is an int to Python, and not a number of points.
        if type(number) is not int:
            raise InvalidAnswer("bad_shape", option=_known(question, slug))
        _known(question, slug)
    return {slug: answer[slug] for slug in question.slugs if slug in answer}


def _check_number(question: Question, answer: Answer) -> None:
    named = 1 if isinstance(answer, str) else len(answer or ())
    if named < question.minimum:
        raise InvalidAnswer("too_few", limit=question.minimum, found=named)
    if named > question.most:
        raise InvalidAnswer("too_many", limit=question.most, found=named)


def _check_points(question: Question, answer: Answer) -> None:
    if question.kind != Kind.POINTS or not isinstance(answer, dict):
        return
    for slug, points in answer.items():
        if question.points_each is not None and points > question.points_each:
            raise InvalidAnswer("over_points_each", option=slug, limit=question.points_each, found=points)
    total = sum(answer.values())
    if question.points_total is not None and total > question.points_total:
        raise InvalidAnswer("over_points", limit=question.points_total, found=total)


def _check_budget(question: Question, answer: Answer) -> None:
    if not question.fits_budget or question.budget is None or isinstance(answer, str):
        return
    cost = sum((question.costs[slug] for slug in answer or ()), Decimal(0))
    if cost > question.budget:
        raise InvalidAnswer("over_budget", limit=question.budget, found=cost)

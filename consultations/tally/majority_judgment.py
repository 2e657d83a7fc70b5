"""Majority judgment: each option is graded, and the highest majority value comes first.

Source: M. Balinski and R. Laraki, "A theory of measuring, electing, and ranking", *PNAS* 104 (2007), 8720-8725
(majority-grade, majority-value by repeated removal, majority-gauge); *Majority Judgment*, MIT Press (2011).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consultations.tally.pile import Participation, Pile
from consultations.tally.question import Question
from consultations.tally.ties import Tie, rank


@dataclass(frozen=True)
class Gauge:
    """The majority gauge (p, α±, q): `better` and `worse` are the numbers of ballots that grade the option
    above and below its majority grade; `sign` is "+" where more are above, else "-"."""

    better: int
    sign: str
    worse: int


@dataclass(frozen=True)
class MajorityJudgmentOutcome:
    """`profile` counts each option's grades, best first (the merit profile, an ungraded option counts as
    the worst); `majority_grade` is an index into `grades`, 0 the best; `ranking` goes by majority value."""

    counting: str
    participation: Participation
    grades: tuple[str, ...]
    profile: Mapping[str, tuple[int, ...]]
    majority_grade: Mapping[str, int | None]
    gauge: Mapping[str, Gauge | None]
    ranking: tuple[str, ...]
    winner: str | None
    ties: tuple[Tie, ...]


def majority_judgment(question: Question, pile: Pile) -> MajorityJudgmentOutcome:
    """Rank by majority value: the majority grade, then the one that is left when it is taken away, and so on."""
    profile = merit_profile(question, pile)
    ranking, ties = rank({slug: majority_value(counts) for slug, counts in profile.items()}, question.tie_order)
    grades = {slug: majority_grade(counts) for slug, counts in profile.items()}
    return MajorityJudgmentOutcome(
        question.counting,
        pile.participation,
        question.grades,
        profile,
        grades,
        {slug: majority_gauge(counts) for slug, counts in profile.items()},
        ranking,
        ranking[0] if pile.counts else None,
        ties,
    )


def merit_profile(question: Question, pile: Pile) -> dict[str, tuple[int, ...]]:
    """How many ballots give each grade to each option."""
    given = {slug: [0] * len(question.grades) for slug in question.slugs}
    for grades, number in pile.counts.items():
        for slug, grade in grades:
            given[slug][grade] += number
    expressed = pile.expressed
    for counts in given.values():
        counts[-1] += expressed - sum(counts)
    return {slug: tuple(counts) for slug, counts in given.items()}


def majority_grade(counts: tuple[int, ...]) -> int | None:
    """The index of the median grade; of an even number, the lower of the two in the middle. None without ballots."""
    seen, half = 0, sum(counts) // 2
    for index, number in enumerate(counts):
        seen += number
        if seen > half:
            return index
    return None


def majority_gauge(counts: tuple[int, ...]) -> Gauge | None:
    """(p, α±, q) of an option's grades. None without ballots."""
    grade = majority_grade(counts)
    if grade is None:
        return None
    better, worse = sum(counts[:grade]), sum(counts[grade + 1 :])
    return Gauge(better, "+" if better > worse else "-", worse)


def majority_value(counts: tuple[int, ...]) -> bytes:
    """The majority grades in the order in which repeated removal gives them, one byte each: the greater is better.

    Taking the middle away again and again visits the sorted grades outwards from the middle, one side and the other
    in turn; so two slices say what as many removals as ballots would.
    """
    best = len(counts) - 1
    worst_first = b"".join(bytes([best - index]) * counts[index] for index in range(best, -1, -1))
    middle = (len(worst_first) - 1) // 2
    down, up = worst_first[: middle + 1][::-1], worst_first[middle + 1 :]
    value = bytearray(len(worst_first))
    if len(worst_first) % 2:  # the middle, then down first: m, m-1, m+1, m-2…
        value[:1], value[1::2], value[2::2] = down[:1], down[1:], up
    else:  # the lower middle, then up first: m, m+1, m-1…
        value[0::2], value[1::2] = down, up
    return bytes(value)

"""Points: each ballot shares out points, highest sum first."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from consultations.tally.pile import Participation, Pile
from consultations.tally.question import Question
from consultations.tally.ties import Tie, rank


@dataclass(frozen=True)
class PointsOutcome:
    """`score` is the sum of points of each option, `votes` the number of ballots that name it."""

    counting: str
    participation: Participation
    score: Mapping[str, int]
    votes: Mapping[str, int]
    ranking: tuple[str, ...]
    winner: str | None
    ties: tuple[Tie, ...]


def points(question: Question, pile: Pile) -> PointsOutcome:
    """Highest sum wins. Source: C. Hillinger, "The Case for Utilitarian Voting", *Homo Oeconomicus* 22 (2005)."""
    score, votes = sums(question, pile)
    ranking, ties = rank(score, question.tie_order)
    winner = ranking[0] if pile.counts else None
    return PointsOutcome(question.counting, pile.participation, score, votes, ranking, winner, ties)


def sums(question: Question, pile: Pile) -> tuple[dict[str, int], dict[str, int]]:
    """The sum of points of each option, and the number of ballots that name it, with 0 points too."""
    score: Counter[str] = Counter()
    votes: Counter[str] = Counter()
    for given, number in pile.counts.items():
        for slug, each in given:
            score[slug] += each * number
            votes[slug] += number
    return {slug: score[slug] for slug in question.slugs}, {slug: votes[slug] for slug in question.slugs}

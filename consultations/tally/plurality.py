"""Plurality: one choice on each ballot, most votes first."""

from collections.abc import Mapping
from dataclasses import dataclass

from consultations.tally.pile import Participation, Pile
from consultations.tally.question import Question
from consultations.tally.ties import Tie, rank


@dataclass(frozen=True)
class VotesOutcome:
    """What plurality and approval find.

    `votes` is the number of ballots that name each option; `ranking` is complete, ties broken;
    `winner` is its first, or None where no ballot says anything.
    """

    counting: str
    participation: Participation
    votes: Mapping[str, int]
    ranking: tuple[str, ...]
    winner: str | None
    ties: tuple[Tie, ...]


def plurality(question: Question, pile: Pile) -> VotesOutcome:
    """Most votes win. Source: W. Zwicker, "Introduction to the Theory of Voting", in *Handbook of Computational
    Social Choice* (Cambridge, 2016), section 2.2."""
    votes = {slug: pile.counts.get(slug, 0) for slug in question.slugs}
    return by_votes(question, pile, votes)


def by_votes(question: Question, pile: Pile, votes: Mapping[str, int]) -> VotesOutcome:
    """The outcome that follows from a number of votes for each option."""
    ranking, ties = rank(votes, question.tie_order)
    winner = ranking[0] if pile.counts else None
    return VotesOutcome(question.counting, pile.participation, votes, ranking, winner, ties)

"""Approval: a ballot names all the options that it accepts, most named first."""

from collections import Counter

from consultations.tally.pile import Pile
from consultations.tally.plurality import VotesOutcome, by_votes
from consultations.tally.question import Question


def approval(question: Question, pile: Pile) -> VotesOutcome:
    """Most approvals win. Source: S. Brams and P. Fishburn, "Approval Voting",
    *American Political Science Review* 72 (1978), 831-847."""
    return by_votes(question, pile, naming(question, pile))


def naming(question: Question, pile: Pile) -> dict[str, int]:
    """How many ballots name each option, for ballots that are lists."""
    votes: Counter[str] = Counter()
    for chosen, number in pile.counts.items():
        for slug in chosen:
            votes[slug] += number
    return {slug: votes[slug] for slug in question.slugs}

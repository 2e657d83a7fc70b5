"""From a question and its ballots to the outcome."""

from collections.abc import Callable, Iterable, Mapping

from consultations.tally.answers import Answer
from consultations.tally.approval import approval
from consultations.tally.budget import BudgetOutcome, budget
from consultations.tally.majority_judgment import MajorityJudgmentOutcome, majority_judgment
from consultations.tally.pile import Pile, gather
from consultations.tally.plurality import VotesOutcome, plurality
from consultations.tally.points import PointsOutcome, points
from consultations.tally.question import Counting, Question
from consultations.tally.schulze import SchulzeOutcome, schulze

Outcome = VotesOutcome | PointsOutcome | SchulzeOutcome | MajorityJudgmentOutcome | BudgetOutcome

RULES: Mapping[Counting, Callable[[Question, Pile], Outcome]] = {
    Counting.PLURALITY: plurality,
    Counting.APPROVAL: approval,
    Counting.SCHULZE: schulze,
    Counting.MAJORITY_JUDGMENT: majority_judgment,
    Counting.POINTS: points,
    Counting.GREEDY: budget,
    Counting.EQUAL_SHARES: budget,
}


def count(question: Question, ballots: Iterable[Mapping[str, Answer]]) -> Outcome:
    """The outcome of `question` by its own rule, from whole ballots. Raises InvalidAnswer."""
    return count_pile(question, gather(question, ballots))


def count_pile(question: Question, pile: Pile) -> Outcome:
    """The outcome from ballots that are already gathered."""
    return RULES[question.counting](question, pile)

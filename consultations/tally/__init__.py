"""The tally: pure counting, from ballots to an outcome that anyone can compute again.

Standard library only, and nothing of Django: the same files are bundled as the recount script that is published
with the ballots (`bundle.py`). One file holds one rule; each names the source of its formula.

    question = Question("park", Kind.SINGLE, Counting.PLURALITY, (Option("yes", "Oui"), Option("no", "Non")))
    validate(question, "yes")                       # raises InvalidAnswer
    outcome = count(question, [{"park": "yes"}, {"park": None}, {}])
    as_json(outcome)                                # for a JSONField, a download, a page

| counting | outcome | what can be drawn of it |
|---|---|---|
| plurality, approval | VotesOutcome | `ranking` with `votes` |
| points | PointsOutcome | `ranking` with `score` and `votes` |
| schulze | SchulzeOutcome | table of `duels`, strongest `paths`, `instant_runoff.rounds` |
| majority_judgment | MajorityJudgmentOutcome | the merit `profile`, `majority_grade` and `gauge` of each |
| greedy, equal_shares | BudgetOutcome | `greedy.steps`; `equal_shares`: `plain.purchases`, `raised`, `completed` |

Each holds its `counting`, the `participation` (blank votes apart), and the `ties` that the written rule broke. Options
are named by their slugs; a blank vote counts for nobody.
"""

from consultations.tally.answers import (
    Answer,
    Ballot,
    InvalidAnswer,
    InvalidBallot,
    canonical_answer,
    canonical_json,
    longest_answer,
    longest_ballot,
    validate,
    validate_ballot,
)
from consultations.tally.budget import BudgetOutcome
from consultations.tally.count import Outcome, count, count_pile
from consultations.tally.majority_judgment import MajorityJudgmentOutcome
from consultations.tally.pile import Participation, Pile, gather, gather_answers
from consultations.tally.plain import as_json
from consultations.tally.plurality import VotesOutcome
from consultations.tally.points import PointsOutcome
from consultations.tally.question import Counting, InvalidQuestion, Kind, Option, Question
from consultations.tally.schulze import SchulzeOutcome

__all__ = [
    "Answer",
    "Ballot",
    "BudgetOutcome",
    "Counting",
    "InvalidAnswer",
    "InvalidBallot",
    "InvalidQuestion",
    "Kind",
    "MajorityJudgmentOutcome",
    "Option",
    "Outcome",
    "Participation",
    "Pile",
    "PointsOutcome",
    "Question",
    "SchulzeOutcome",
    "VotesOutcome",
    "as_json",
    "canonical_answer",
    "canonical_json",
    "count",
    "count_pile",
    "gather",
    "gather_answers",
    "longest_answer",
    "longest_ballot",
    "validate",
    "validate_ballot",
]

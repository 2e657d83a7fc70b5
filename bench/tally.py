"""`./run bench tally`: counting a hundred thousand ballots by each rule, beside an independent implementation.

Both sides begin with ballots in memory as they come out of storage and end with the result; theirs are first made into
the other's objects, some of which count while they are made. pref_voting runs uncompiled here
(tests/consultations/tally/independent.py says why).
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.stand import report
from consultations.tally import Counting, Kind, Option, Question, count
from tests.consultations.tally import independent

OPTIONS = tuple(f"option-{number}" for number in range(10))
PROJECTS = tuple(f"project-{number:02}" for number in range(30))
GRADES = ("A", "B", "C", "D", "E")
BALLOTS = 100_000


@dataclass(frozen=True)
class Case:
    """A question, a random answer to it, and the other side's count."""

    question: Question
    answer: Callable[[random.Random], Any]
    other: Callable[[Question, list], Any]


def main() -> None:
    options = arguments()
    figures = measure(options.ballots, options.rules)
    report.finish("tally", ballots=options.ballots, **figures)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench tally")
    parser.add_argument("--ballots", type=int, default=BALLOTS)
    parser.add_argument("--rules", nargs="+", choices=CASES, default=list(CASES))
    return parser.parse_args()


def measure(ballots: int = BALLOTS, rules=None) -> dict[str, dict[str, float]]:
    """CPU seconds of each rule, ours and theirs; also for `./run bench vote`."""
    figures = {}
    for name in rules or CASES:
        case, chance = CASES[name], random.Random(2019)  # the same ballots in each run
        cast = [{"q": case.answer(chance)} for _ in range(ballots)]
        ours = seconds(lambda case=case, cast=cast: count(case.question, cast))
        answers = [ballot["q"] for ballot in cast]
        theirs = seconds(lambda case=case, answers=answers: case.other(case.question, answers))
        figures[name] = {"seconds": ours, "independent_seconds": theirs}
        print(f"{name}: {ours} s, independent {theirs} s", file=sys.stderr, flush=True)
    return figures


def seconds(work: Callable[[], Any]) -> float:
    before = time.process_time()
    work()
    return round(time.process_time() - before, 3)


def question(kind: Kind, counting: Counting, slugs=OPTIONS, **kwargs) -> Question:
    return Question("q", kind, counting, tuple(Option(slug, slug) for slug in slugs), **kwargs)


def budget(kind: Kind, counting: Counting, **kwargs) -> Question:
    prices = random.Random(30)
    projects = tuple(Option(slug, slug, Decimal(prices.randrange(2_000, 400_000))) for slug in PROJECTS)
    return Question("q", kind, counting, projects, budget=Decimal(1_000_000), shows_both=False, **kwargs)


def shared_points(chance: random.Random) -> dict[str, int]:
    """Seven points, at most three each, as in Toulouse."""
    given: dict[str, int] = {}
    for slug in chance.sample(PROJECTS, 7):
        left = 7 - sum(given.values())
        if left:
            given[slug] = min(left, chance.randint(1, 3))
    return given


def their_plurality(asked: Question, answers: list) -> Any:
    rankings = [{asked.slugs.index(answer): 1} for answer in answers]
    return independent.plurality(independent.ProfileWithTies(rankings, candidates=list(range(len(asked.slugs)))))


def their_approval(asked: Question, answers: list) -> Any:
    grades = [dict.fromkeys(answer, 1) for answer in answers]
    return independent.approval(independent.GradeProfile(grades, [0, 1], candidates=list(asked.slugs)))


def their_sum(asked: Question, answers: list) -> Any:
    return independent.score_voting(independent.GradeProfile(answers, [0, 1, 2, 3], candidates=list(asked.slugs)))


def their_beat_path(asked: Question, answers: list) -> Any:
    return independent.beat_path(independent.Profile([[asked.slugs.index(s) for s in answer] for answer in answers]))


def their_judgement(asked: Question, answers: list) -> Any:
    best = len(GRADES) - 1
    grades = [{slug: best - grade for slug, grade in answer.items()} for answer in answers]
    profile = independent.GradeProfile(grades, list(range(len(GRADES))), candidates=list(asked.slugs))
    return independent.majority_judgement(profile)


def their_greedy(asked: Question, answers: list) -> Any:
    """By satisfaction for each unit of cost, which is the number of votes where satisfaction is the cost."""
    instance, profile = their_choices(asked, answers)
    return independent.greedy_utilitarian_welfare(instance, profile, independent.Cost_Sat)


def their_shares_of_choices(asked: Question, answers: list) -> Any:
    instance, profile = their_choices(asked, answers)
    return independent.method_of_equal_shares(instance, profile, independent.Cost_Sat)


def their_shares_of_points(asked: Question, answers: list) -> Any:
    projects, instance = their_instance(asked)
    ballots = [independent.CardinalBallot({projects[s]: n for s, n in answer.items()}) for answer in answers]
    profile = independent.CardinalProfile(ballots)
    return independent.method_of_equal_shares(instance, profile, independent.Additive_Cardinal_Sat)


def their_choices(asked: Question, answers: list):
    projects, instance = their_instance(asked)
    ballots = [independent.ApprovalBallot([projects[slug] for slug in answer]) for answer in answers]
    return instance, independent.ApprovalProfile(ballots)


def their_instance(asked: Question):
    projects = {slug: independent.Project(slug, int(cost)) for slug, cost in asked.costs.items()}
    return projects, independent.Instance(projects.values(), budget_limit=1_000_000)


def five_projects(chance: random.Random) -> list[str]:
    return chance.sample(PROJECTS, 5)


CASES = {
    "plurality": Case(
        question(Kind.SINGLE, Counting.PLURALITY), lambda chance: chance.choice(OPTIONS), their_plurality
    ),
    "approval": Case(
        question(Kind.MULTIPLE, Counting.APPROVAL), lambda chance: chance.sample(OPTIONS, 4), their_approval
    ),
    "schulze": Case(
        question(Kind.RANKING, Counting.SCHULZE), lambda chance: chance.sample(OPTIONS, 10), their_beat_path
    ),
    "majority_judgment": Case(
        question(Kind.GRADES, Counting.MAJORITY_JUDGMENT, grades=GRADES),
        lambda chance: {slug: chance.randrange(len(GRADES)) for slug in OPTIONS},
        their_judgement,
    ),
    "points": Case(question(Kind.POINTS, Counting.POINTS, slugs=PROJECTS, points_each=3), shared_points, their_sum),
    "greedy": Case(budget(Kind.MULTIPLE, Counting.GREEDY), five_projects, their_greedy),
    "equal_shares_of_choices": Case(
        budget(Kind.MULTIPLE, Counting.EQUAL_SHARES), five_projects, their_shares_of_choices
    ),
    "equal_shares_of_points": Case(
        budget(Kind.POINTS, Counting.EQUAL_SHARES, points_each=3), shared_points, their_shares_of_points
    ),
}

if __name__ == "__main__":
    main()

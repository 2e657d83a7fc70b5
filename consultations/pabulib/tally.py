"""A file counted again from its ballots, without storing it."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from consultations.pabulib.election import Election, Vote, VoteType
from consultations.tally.budget import places_as_points
from consultations.tally.equal_shares import EqualSharesOutcome, equal_shares
from consultations.tally.greedy import GreedyOutcome, greedy


def votes(election: Election) -> dict[str, int]:
    """The number of ballots that name each project, in the order of the file."""
    named = Counter(project for vote in election.votes for project in vote.projects)
    return {project.project_id: named[project.project_id] for project in election.projects}


def score(election: Election) -> dict[str, Decimal]:
    """The sum of each project's points; empty where ballots give none."""
    if not election.has_points:
        return {}
    sums = {project.project_id: Decimal(0) for project in election.projects}
    for (points, projects), number in _same(election).items():
        for project, each in zip(projects, points, strict=True):
            sums[project] += each * number
    return sums


def tie_order(election: Election) -> list[str]:
    """Files have no drawn order: of equals, the earlier id in the order of characters ("10" before "9").

    That is what `pabutools` does (`lexico_tie_breaking`).
    """
    return sorted(election.by_id)


def support(election: Election) -> Mapping[str, Any]:
    """What ranks the projects: their score, else their votes."""
    return score(election) or votes(election)


def count_greedy(election: Election) -> GreedyOutcome:
    """Projects by score, else by votes, while they fit."""
    costs = {project.project_id: project.cost for project in election.projects}
    return greedy(costs, support(election), election.budget, tie_order(election))


def count_equal_shares(election: Election) -> EqualSharesOutcome:
    """The method of equal shares, each ballot of the file with its share, blank ones too.

    A project is worth its cost to a ballot that approves it, and its points to one that gives or makes points: what
    `pabutools` computes with `Cost_Sat` and with `Additive_Cardinal_Sat`; `plain` is without completion.
    """
    costs = {project.project_id: project.cost for project in election.projects}
    supporters = (
        (_worth(election, points, projects), number) for (points, projects), number in _same(election).items()
    )
    order = tie_order(election)
    return equal_shares(costs, supporters, len(election.votes), election.budget, order, support(election))


def _same(election: Election) -> Counter[tuple[tuple[Any, ...], tuple[str, ...]]]:
    """Equal ballots together: (points, projects) -> number."""
    same: Counter[tuple[tuple[Any, ...], tuple[str, ...]]] = Counter()
    for vote in election.votes:
        same[_points(election, vote), vote.projects] += 1
    return same


def _points(election: Election, vote: Vote) -> tuple[Any, ...]:
    return tuple(places_as_points(vote.projects).values()) if election.vote_type == VoteType.ORDINAL else vote.points


def _worth(election: Election, points: tuple[Any, ...], projects: tuple[str, ...]) -> dict[str, Any]:
    if election.vote_type == VoteType.APPROVAL:
        return {project: election.by_id[project].cost or 1 for project in projects}
    return dict(zip(projects, points, strict=True))

"""What is odd in a file and kept, since published files are like that: it is said, not refused."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.pabulib.election import Election, Vote
from consultations.pabulib.faults import Notice, fill
from consultations.pabulib.numbers import is_empty, number
from consultations.pabulib.tally import score, votes


def notices(election: Election, lines: dict[str, int]) -> list[Notice]:
    """Numbers that differ from what is counted, and votes outside their limits.

    `lines` says on which line each key of META is. Raises BrokenFile for a limit that is no number.
    """
    return [*_numbers(election, lines), *_limits(election, lines), *_columns(election)]


def _numbers(election: Election, lines: dict[str, int]) -> Iterator[Notice]:
    sentence = _("%(key)s says %(written)s, and the file has %(found)s.")
    for key, rows in (("num_projects", election.projects), ("num_votes", election.votes)):
        written = _limit(election, key, lines)
        if written is not None and written != len(rows):
            yield Notice(lines[key], fill(sentence, {"key": key, "written": election.meta[key], "found": len(rows)}))


# key of META -> what it bounds, and whether it is the most (else the least)
LIMITS: dict[str, tuple[Callable[[Election, Vote], Any], bool]] = {
    "min_length": (lambda election, vote: len(vote.projects), False),
    "max_length": (lambda election, vote: len(vote.projects), True),
    "min_points": (lambda election, vote: min(vote.points, default=None), False),
    "max_points": (lambda election, vote: max(vote.points, default=None), True),
    "min_sum_points": (lambda election, vote: sum(vote.points) if vote.points else None, False),
    "max_sum_points": (lambda election, vote: sum(vote.points) if vote.points else None, True),
    "min_sum_cost": (lambda election, vote: _cost(election, vote), False),
    "max_sum_cost": (lambda election, vote: _cost(election, vote), True),
}


def _limits(election: Election, lines: dict[str, int]) -> Iterator[Notice]:
    for key, (measure, is_most) in LIMITS.items():
        limit = _limit(election, key, lines)
        if limit is None:
            continue
        found = [(vote, measure(election, vote)) for vote in election.votes if vote.projects]
        outside = [vote for vote, size in found if size is not None and (size > limit if is_most else size < limit)]
        if outside:
            sentence = _("%(votes)s votes are outside the limit %(key)s (%(limit)s); this is the first. They count.")
            facts = {"votes": len(outside), "key": key, "limit": election.meta[key]}
            yield Notice(outside[0].line, fill(sentence, facts))


def _columns(election: Election) -> Iterator[Notice]:
    """Where the numbers in PROJECTS are not those that the ballots give."""
    sentence = _(
        "The file gives the project “%(id)s” %(written)s in the column %(column)s; its ballots give %(found)s."
    )
    counted: dict[str, dict[str, Any]] = {"votes": votes(election), "score": score(election)}
    for project in election.projects:
        for column, found in counted.items():
            written = getattr(project, column)
            if written is not None and project.project_id in found and written != found[project.project_id]:
                facts = {"id": project.project_id, "written": written, "column": column}
                yield Notice(project.line, fill(sentence, facts | {"found": found[project.project_id]}))


def _limit(election: Election, key: str, lines: dict[str, int]) -> Decimal | None:
    written = election.meta.get(key, "")
    return None if is_empty(written) else number(written, lines[key], key)


def _cost(election: Election, vote: Vote) -> Decimal:
    return sum((election.by_id[project].cost for project in vote.projects), Decimal(0))

"""An election as a question and answers of ours, for an import: the count of these is the count of the file."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from consultations.pabulib.election import Election, VoteType
from consultations.pabulib.faults import BrokenFile
from consultations.pabulib.numbers import is_empty, number
from consultations.pabulib.tally import tie_order
from consultations.tally import Answer, Counting, Kind, Option, Question

KINDS = {
    VoteType.APPROVAL: Kind.MULTIPLE,
    VoteType.CUMULATIVE: Kind.POINTS,
    VoteType.ORDINAL: Kind.RANKING,
    VoteType.SCORING: Kind.POINTS,
}


def as_question(election: Election, *, slug: str = "projects", title: str = "") -> Question:
    """The question that the file answers; options are named by their project_id.

    Its limits are those of the file, or as wide as its widest ballot. Points with decimals are multiplied by
    `point_scale`, since ours are whole.
    """
    kind = KINDS[election.vote_type]
    has_points = kind == Kind.POINTS
    return Question(
        slug=slug,
        title=title,
        kind=kind,
        counting=_counting(election),
        options=tuple(Option(project.project_id, project.name, project.cost) for project in election.projects),
        minimum=0,
        maximum=_maximum(election),
        points_each=_points_each(election) if has_points else None,
        points_total=_points_total(election) if has_points else None,
        budget=election.budget,
        currency=election.currency,
        drawn_order=tuple(tie_order(election)),
        rank_points=kind == Kind.RANKING and election.has_points,
    )


def as_answers(election: Election) -> Iterator[Answer]:
    """The canonical answer of each vote, in the order of the file. Raises BrokenFile for points below zero."""
    scale = point_scale(election)
    order = {project.project_id: place for place, project in enumerate(election.projects)}
    for vote in election.votes:
        if election.vote_type == VoteType.ORDINAL:
            yield list(vote.projects) or None
        elif election.vote_type == VoteType.APPROVAL:
            yield sorted(vote.projects, key=order.__getitem__) or None
        else:
            if any(points < 0 for points in vote.points):
                raise BrokenFile(vote.line, _("Points below zero can be counted, but not imported."))
            given = dict(zip(vote.projects, vote.points, strict=True))
            # A project that is named with 0 points is one of the ballot's votes all the same.
            yield {each: int(given[each] * scale) for each in sorted(given, key=order.__getitem__)} or None


def point_scale(election: Election) -> int:
    """What points are multiplied by to be whole: 1, or a power of ten."""
    exponents = {points.as_tuple().exponent for vote in election.votes for points in set(vote.points) if points % 1}
    return 10 ** -min((exponent for exponent in exponents if isinstance(exponent, int)), default=0)


def _counting(election: Election) -> Counting:
    rule = election.meta.get("rule", "").lower().replace("_", "").replace(" ", "")
    return Counting.EQUAL_SHARES if rule.startswith(("equalshares", "mes")) else Counting.GREEDY


def _maximum(election: Election) -> int | None:
    written = _limit(election, "max_length")
    found = max((len(vote.projects) for vote in election.votes), default=0)
    return None if written is None else max(int(written), found)


def _points_each(election: Election) -> int:
    found = max((points for vote in election.votes for points in vote.points), default=Decimal(0))
    return int(max(_limit(election, "max_points") or 0, found, 1) * point_scale(election))


def _points_total(election: Election) -> int | None:
    written = _limit(election, "max_sum_points")
    found = max((sum(vote.points, Decimal(0)) for vote in election.votes), default=Decimal(0))
    return None if written is None else int(max(written, found) * point_scale(election))


def _limit(election: Election, key: str) -> Decimal | None:
    """A limit of META; what is no number was refused when the file was read."""
    written = election.meta.get(key, "")
    return None if is_empty(written) else number(written, 0, key)

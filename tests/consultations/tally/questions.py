"""Questions of each kind, short to write."""

from decimal import Decimal

from consultations.tally import Counting, Kind, Option, Question

GRADES = ("Très bien", "Bien", "Passable", "Insuffisant")


def options(slugs, costs=None):
    return tuple(Option(slug, slug.title(), None if costs is None else Decimal(costs[slug])) for slug in slugs)


def single(slugs="abc", **kwargs):
    return Question("q", Kind.SINGLE, Counting.PLURALITY, options(slugs), **kwargs)


def multiple(slugs="abc", **kwargs):
    return Question("q", Kind.MULTIPLE, Counting.APPROVAL, options(slugs), **kwargs)


def ranking(slugs="abc", **kwargs):
    return Question("q", Kind.RANKING, Counting.SCHULZE, options(slugs), **kwargs)


def graded(slugs="abc", grades=GRADES, **kwargs):
    return Question("q", Kind.GRADES, Counting.MAJORITY_JUDGMENT, options(slugs), grades=grades, **kwargs)


def pointed(slugs="abc", **kwargs):
    return Question("q", Kind.POINTS, Counting.POINTS, options(slugs), **{"points_each": 3, "points_total": 7} | kwargs)


def budgeted(costs, *, budget, kind=Kind.MULTIPLE, counting=Counting.GREEDY, **kwargs):
    if kind == Kind.POINTS:
        kwargs = {"points_each": 10} | kwargs
    return Question("q", kind, counting, options(costs, costs), budget=Decimal(budget), **kwargs)


def ballots(*answers):
    """One ballot for each answer; a pair (n, answer) stands for n of them."""
    whole = []
    for answer in answers:
        number, each = answer if isinstance(answer, tuple) else (1, answer)
        whole += [{"q": each}] * number
    return whole

"""Schulze's method: the option that beats each other in duels, or whose strongest paths do.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent single-winner
election method", *Social Choice and Welfare* 36 (2011), 267-303; strength of a duel: *winning votes*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consultations.tally.instant_runoff import InstantRunoffOutcome, instant_runoff
from consultations.tally.pile import Participation, Pile
from consultations.tally.question import Question
from consultations.tally.ties import Tie

Table = dict[str, dict[str, int]]


@dataclass(frozen=True)
class SchulzeOutcome:
    """`duels[a][b]` is the number of ballots that rank a above b; `paths[a][b]` the strength of the strongest
    path from a to b (its weakest won duel); a comes before b where `paths[a][b] > paths[b][a]`.

    `condorcet_winner` wins all its duels, where there is one. `firsts` is the number of first places.
    """

    counting: str
    participation: Participation
    duels: Mapping[str, Mapping[str, int]]
    paths: Mapping[str, Mapping[str, int]]
    firsts: Mapping[str, int]
    condorcet_winner: str | None
    ranking: tuple[str, ...]
    winner: str | None
    ties: tuple[Tie, ...]
    instant_runoff: InstantRunoffOutcome


def schulze(question: Question, pile: Pile) -> SchulzeOutcome:
    """Rank by strongest paths, ties by the written rule; with the instant runoff beside it."""
    duels = table_of_duels(question.slugs, pile.counts)
    paths = strongest_paths(duels)
    ranking, ties = _ranking(paths, question.tie_order)
    return SchulzeOutcome(
        question.counting,
        pile.participation,
        duels,
        paths,
        _firsts(question, pile),
        condorcet_winner(duels),
        ranking,
        ranking[0] if pile.counts else None,
        ties,
        instant_runoff(question, pile),
    )


def table_of_duels(slugs: Sequence[str], counts: Mapping[tuple[str, ...], int]) -> Table:
    """`table[a][b]`: on how many ballots a is above b. Options left out are below all that are named, and equal."""
    # A row is one large number with a lane of `width` bits for each option, so that one addition counts all the
    # duels that an option wins on a ballot; no lane can run over into the next.
    width = sum(counts.values()).bit_length() + 1
    lanes = {slug: 1 << (width * index) for index, slug in enumerate(slugs)}
    everybody = sum(lanes.values())
    rows = dict.fromkeys(slugs, 0)
    for ranking, number in counts.items():
        below = everybody * number
        for slug in ranking:
            below -= lanes[slug] * number
            rows[slug] += below
    mask = (1 << width) - 1
    return {a: {b: rows[a] >> (width * i) & mask for i, b in enumerate(slugs) if a != b} for a in slugs}


def strongest_paths(duels: Mapping[str, Mapping[str, int]]) -> Table:
    """Widest paths by Floyd and Warshall's algorithm over the duels that are won (section 2.3.1 of the source)."""
    paths = {a: {b: n if n > duels[b][a] else 0 for b, n in row.items()} for a, row in duels.items()}
    for via in duels:
        onward = paths[via]
        for start, row in paths.items():
            if start == via:
                continue
            first = row[via]
            for end, second in onward.items():
                if end != start:
                    row[end] = max(row[end], min(first, second))
    return paths


def condorcet_winner(duels: Mapping[str, Mapping[str, int]]) -> str | None:
    """The option that wins each of its duels."""
    return next((a for a in duels if all(duels[a][b] > duels[b][a] for b in duels[a])), None)


def _ranking(paths: Table, order: Sequence[str]) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """Take again and again, of those that nobody left comes before, the first in the written order."""
    beaten_by = {b: {a for a in paths if a != b and paths[a][b] > paths[b][a]} for b in paths}
    left = list(order)
    ranking: list[str] = []
    ties: list[Tie] = []
    while left:
        free = [slug for slug in left if not beaten_by[slug].intersection(left)]
        if len(free) > 1:
            ties.append(Tie(len(ranking) + 1, tuple(free)))
        ranking.append(free[0])
        left.remove(free[0])
    return tuple(ranking), tuple(ties)


def _firsts(question: Question, pile: Pile) -> dict[str, int]:
    firsts = dict.fromkeys(question.slugs, 0)
    for ranking, number in pile.counts.items():
        firsts[ranking[0]] += number
    return firsts

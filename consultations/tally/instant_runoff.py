"""Instant runoff: the option with the fewest first places goes, and its ballots pass on, until one has a majority."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consultations.tally.pile import Pile
from consultations.tally.question import Question
from consultations.tally.ties import Tie


@dataclass(frozen=True)
class Round:
    """`votes` of the options still in, `exhausted` the ballots that name none of them, `eliminated` who goes
    after this round (None in the last), `tie` those among whom the written rule chose who goes."""

    votes: Mapping[str, int]
    exhausted: int
    eliminated: str | None
    tie: tuple[str, ...]


@dataclass(frozen=True)
class InstantRunoffOutcome:
    """`ranking`: the winner, the others still in by votes, then those who went, the last first."""

    rounds: tuple[Round, ...]
    ranking: tuple[str, ...]
    winner: str | None
    ties: tuple[Tie, ...]


def instant_runoff(question: Question, pile: Pile) -> InstantRunoffOutcome:
    """Of several with the fewest votes, the one that the tie rule puts last goes.

    Source: alternative vote, as in N. Tideman, *Collective Decisions and Voting* (2006), and Commonwealth Electoral
    Act 1918 (Australia), s. 274. A majority is of the ballots that still name somebody.
    """
    standing = list(question.tie_order)
    held = _first_places(pile.counts, standing)
    rounds: list[Round] = []
    gone: list[str] = []
    while True:
        votes = {slug: sum(held[slug].values()) for slug in standing}
        exhausted = pile.expressed - sum(votes.values())
        if len(standing) == 1 or 2 * max(votes.values()) > sum(votes.values()):
            rounds.append(Round(votes, exhausted, None, ()))
            break
        fewest = [slug for slug in standing if votes[slug] == min(votes.values())]
        loser = fewest[-1]
        rounds.append(Round(votes, exhausted, loser, tuple(fewest) if len(fewest) > 1 else ()))
        standing.remove(loser)
        gone.insert(0, loser)
        _pass_on(held, loser, set(standing))
    left = sorted(standing, key=lambda slug: -votes[slug])
    ranking = (*left, *gone)
    ties = tuple(Tie(number, past.tie) for number, past in enumerate(rounds, 1) if past.tie)
    return InstantRunoffOutcome(tuple(rounds), ranking, ranking[0] if pile.counts else None, ties)


# option -> the ballots that it holds, as (ranking, how far it was read), with their number
Held = dict[str, Counter[tuple[Any, int]]]


def _first_places(counts: Mapping[tuple[str, ...], int], standing: Sequence[str]) -> Held:
    held: Held = defaultdict(Counter)
    for ranking, number in counts.items():
        if ranking:
            held[ranking[0]][ranking, 0] += number
    return held


def _pass_on(held: Held, loser: str, standing: set[str]) -> None:
    for (ranking, read), number in held.pop(loser, Counter()).items():
        for position in range(read + 1, len(ranking)):
            if ranking[position] in standing:
                held[ranking[position]][ranking, position] += number
                break

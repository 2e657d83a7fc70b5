"""Schulze's method and the instant runoff, against the papers, against pref_voting, and by what must hold."""

from hypothesis import given
from hypothesis import strategies as st

from consultations.tally import count
from tests.consultations.tally.independent import (
    Profile,
    ProfileWithTies,
    beat_path,
    instant_runoff_put,
    instant_runoff_tb,
)
from tests.consultations.tally.questions import ballots, ranking
from tests.consultations.tally.strategies import OPTIONS, cast, rankings


def outcome_of(answers, **kwargs):
    return count(ranking(OPTIONS, **kwargs), ballots(*answers))


# M. Schulze, "A New Monotonic, Clone-Independent, Reversal Symmetric, and Condorcet-Consistent Single-Winner Election
# Method" (2011), example 1 of section 3; also https://en.wikipedia.org/wiki/Schulze_method#Example
SCHULZE = ["5acbed", "5adecb", "8bedac", "3cabed", "7caebd", "2cbade", "7dceba", "8ebadc"]


def test_schulzes_own_example():
    outcome = outcome_of([(int(line[0]), list(line[1:])) for line in SCHULZE])
    assert outcome.duels["a"] == {"b": 20, "c": 26, "d": 30, "e": 22}
    assert outcome.paths["a"] == {"b": 28, "c": 28, "d": 30, "e": 24}
    assert outcome.paths["e"] == {"a": 25, "b": 28, "c": 28, "d": 31}
    assert outcome.ranking == tuple("eacbd")
    assert outcome.condorcet_winner is None
    assert not outcome.ties


def test_a_runoff_that_differs_from_the_duels():
    """The capital of Tennessee: Nashville wins all duels, Knoxville the runoff."""
    towns = [
        (42, ["m", "n", "c", "k"]),
        (26, ["n", "c", "k", "m"]),
        (15, ["c", "k", "n", "m"]),
        (17, ["k", "c", "n", "m"]),
    ]
    outcome = count(ranking("mnck"), ballots(*towns))
    assert (outcome.condorcet_winner, outcome.winner) == ("n", "n")
    assert outcome.instant_runoff.winner == "k"
    assert [past.eliminated for past in outcome.instant_runoff.rounds] == ["c", "n", None]
    assert outcome.instant_runoff.rounds[1].votes == {"m": 42, "n": 26, "k": 32}


def test_options_left_out_are_last_and_equal():
    outcome = count(ranking("abc"), ballots(["a"]))
    assert outcome.duels == {"a": {"b": 1, "c": 1}, "b": {"a": 0, "c": 0}, "c": {"a": 0, "b": 0}}
    assert [(tie.place, tie.options) for tie in outcome.ties] == [(2, ("b", "c"))]


def test_ballots_that_run_out_are_counted():
    rounds = count(ranking("abc"), ballots((3, ["a"]), (2, ["b"]), ["c"])).instant_runoff.rounds
    assert [past.exhausted for past in rounds] == [0, 1]


@given(cast(rankings))
def test_duels_are_those_of_a_plain_count(answers):
    outcome = outcome_of(answers)
    for a in OPTIONS:
        for b in set(OPTIONS) - {a}:
            above = sum(a in r and (b not in r or r.index(a) < r.index(b)) for r in answers)
            assert outcome.duels[a][b] == above


@given(cast(rankings))
def test_a_condorcet_winner_wins(answers):
    outcome = outcome_of(answers)
    if outcome.condorcet_winner:
        assert outcome.winner == outcome.condorcet_winner


@given(cast(rankings), st.integers(0, 24), st.sampled_from(OPTIONS))
def test_a_winner_who_is_raised_still_wins(answers, which, favourite):
    """Monotonicity, section 4.5 of the paper."""
    question = {"drawn_order": (favourite, *(slug for slug in OPTIONS if slug != favourite))}
    if outcome_of(answers, **question).winner != favourite:
        return
    raised = list(answers)
    raised[which % len(raised)] = [favourite, *(s for s in raised[which % len(raised)] if s != favourite)]
    assert outcome_of(raised, **question).winner == favourite


@given(cast(rankings))
def test_the_order_of_ties_is_a_ranking_that_the_paths_allow(answers):
    outcome = outcome_of(answers)
    for place, a in enumerate(outcome.ranking):
        for b in outcome.ranking[place + 1 :]:
            assert outcome.paths[a][b] >= outcome.paths[b][a]


@given(cast(rankings))
def test_the_winners_are_those_of_pref_voting(answers):
    profile = ProfileWithTies(
        [{OPTIONS.index(slug): place for place, slug in enumerate(answer, 1)} for answer in answers],
        candidates=list(range(len(OPTIONS))),
    )
    profile.use_extended_strict_preference()
    others = {OPTIONS[index] for index in beat_path(profile, strength_function=profile.support)}
    outcome = outcome_of(answers)
    ours = {a for a in OPTIONS if all(outcome.paths[a][b] >= outcome.paths[b][a] for b in OPTIONS if a != b)}
    assert ours == others
    assert outcome.winner in others


@given(cast(st.permutations(OPTIONS).map(list)), st.permutations(OPTIONS))
def test_the_runoff_is_that_of_pref_voting(answers, order):
    profile = Profile([[OPTIONS.index(slug) for slug in answer] for answer in answers])
    outcome = outcome_of(answers, drawn_order=tuple(order)).instant_runoff
    # Of equals, theirs removes the first of the list; ours the last of the written order.
    tie_breaker = [OPTIONS.index(slug) for slug in reversed(order)]
    assert [outcome.winner] == [OPTIONS[index] for index in instant_runoff_tb(profile, tie_breaker=tie_breaker)]
    assert OPTIONS.index(outcome.winner) in instant_runoff_put(profile)

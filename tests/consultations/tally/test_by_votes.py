"""Plurality, approval and points: sums, and what must hold of them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from consultations.tally import count
from tests.consultations.tally.questions import ballots, multiple, pointed, single
from tests.consultations.tally.strategies import OPTIONS, approvals, cast, points


@given(cast(st.sampled_from(OPTIONS)))
def test_plurality_counts_each_ballot_once(answers):
    outcome = count(single(OPTIONS), ballots(*answers))
    assert sum(outcome.votes.values()) == len(answers)
    assert {slug: n for slug, n in outcome.votes.items() if n} == Counter(answers)
    assert outcome.votes[outcome.winner] == max(outcome.votes.values())


@given(cast(approvals))
def test_approval_counts_each_name_once(answers):
    outcome = count(multiple(OPTIONS), ballots(*answers))
    assert sum(outcome.votes.values()) == sum(map(len, answers))
    assert all(n <= len(answers) for n in outcome.votes.values())


@given(cast(points))
def test_points_are_summed(answers):
    outcome = count(pointed(OPTIONS, points_each=6, points_total=None), ballots(*answers))
    assert sum(outcome.score.values()) == sum(sum(answer.values()) for answer in answers)
    assert outcome.votes == {slug: sum(slug in answer for answer in answers) for slug in OPTIONS}


@given(cast(approvals), st.sampled_from(OPTIONS))
def test_one_more_approval_never_harms(answers, favourite):
    before = count(multiple(OPTIONS), ballots(*answers)).ranking.index(favourite)
    after = count(multiple(OPTIONS), ballots(*answers, [favourite])).ranking.index(favourite)
    assert after <= before


@given(cast(approvals), st.permutations(OPTIONS))
def test_other_names_give_the_same_result(answers, names):
    """Neutrality: the options renamed, and the drawn order with them."""
    rename = dict(zip(OPTIONS, names, strict=True))
    question = multiple(OPTIONS, drawn_order=tuple(OPTIONS))
    renamed = multiple(OPTIONS, drawn_order=tuple(rename[slug] for slug in OPTIONS))
    plain = count(question, ballots(*answers))
    other = count(renamed, ballots(*([rename[slug] for slug in answer] for answer in answers)))
    assert other.ranking == tuple(rename[slug] for slug in plain.ranking)


def test_a_tie_goes_by_the_drawn_order_and_is_said():
    question = single("abc", drawn_order=("c", "b", "a"))
    outcome = count(question, ballots("a", "b", "a", "b", "c"))
    assert outcome.ranking == ("b", "a", "c")
    assert [(tie.place, tie.options) for tie in outcome.ties] == [(1, ("b", "a"))]


def test_without_a_tie_the_drawn_order_is_not_used():
    assert not count(single("abc", drawn_order=("c", "b", "a")), ballots((3, "a"), (2, "b"), "c")).ties

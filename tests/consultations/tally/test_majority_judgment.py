"""Majority judgment against Balinski and Laraki's figures, their definition, and pref_voting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.tally import count
from consultations.tally.majority_judgment import Gauge, majority_gauge, majority_grade, majority_value
from tests.consultations.tally.independent import GradeProfile, majority_judgement
from tests.consultations.tally.questions import GRADES, ballots, graded
from tests.consultations.tally.strategies import OPTIONS, cast, grades

# M. Balinski and R. Laraki, "Election by Majority Judgement: Experimental Evidence", Cahier 2007-28 of the École
# polytechnique, page 17: the vote of 22 April 2007 in three precincts of Orsay, 1,733 ballots, in percent.
ORSAY_GRADES = ("Excellent", "Très bien", "Bien", "Assez bien", "Insuffisant", "À rejeter")
ORSAY = {
    "Besancenot": (4.1, 9.9, 16.3, 16.0, 22.6, 31.1),
    "Buffet": (2.5, 7.6, 12.5, 20.6, 26.4, 30.4),
    "Schivardi": (0.5, 1.0, 3.9, 9.5, 24.9, 60.4),
    "Bayrou": (13.6, 30.7, 25.1, 14.8, 8.4, 7.4),
    "Bové": (1.5, 6.0, 11.4, 16.0, 25.7, 39.5),
    "Voynet": (2.9, 9.3, 17.5, 23.7, 26.1, 20.5),
    "Villiers": (2.4, 6.4, 8.7, 11.3, 15.8, 55.5),
    "Royal": (16.7, 22.7, 19.1, 16.8, 12.2, 12.6),
    "Nihous": (0.3, 1.8, 5.3, 11.0, 26.7, 55.0),
    "Le Pen": (3.0, 4.6, 6.2, 6.5, 5.4, 74.4),
    "Laguiller": (2.1, 5.3, 10.2, 16.6, 25.9, 40.1),
    "Sarkozy": (19.1, 19.8, 14.3, 11.5, 7.1, 28.2),
}
# The same page: majority grade with its sign, and the percentage that decides.
ORSAY_RANKING = (
    ("Bayrou", "Bien", "+", 44.3),
    ("Royal", "Bien", "-", 41.5),
    ("Sarkozy", "Bien", "-", 46.9),
    ("Voynet", "Assez bien", "-", 46.6),
    ("Besancenot", "Insuffisant", "+", 46.3),
    ("Buffet", "Insuffisant", "+", 43.2),
    ("Bové", "Insuffisant", "-", 39.4),
    ("Laguiller", "Insuffisant", "-", 40.0),
    ("Nihous", "À rejeter", "+", 45.0),
    ("Villiers", "À rejeter", "+", 44.5),
    ("Schivardi", "À rejeter", "+", 39.7),
    ("Le Pen", "À rejeter", "+", 25.7),
)


def test_the_ranking_of_orsay_is_the_published_one():
    """The published figures are rounded: they are scaled up to ten thousand ballots, the rest in the median."""
    profile = {}
    for name, percentages in ORSAY.items():
        counts = [round(100 * percentage) for percentage in percentages]
        counts[majority_grade(tuple(counts))] += 10_000 - sum(counts)
        profile[name] = tuple(counts)
    assert sorted(profile, key=lambda name: majority_value(profile[name]), reverse=True) == [
        row[0] for row in ORSAY_RANKING
    ]
    for name, grade, sign, decides in ORSAY_RANKING:
        gauge = majority_gauge(profile[name])
        assert ORSAY_GRADES[majority_grade(profile[name])] == grade
        assert gauge.sign == sign
        # A tenth of a percent: ours are sums of rounded figures, theirs is a rounded sum.
        assert (gauge.better if sign == "+" else gauge.worse) / 100 == pytest.approx(decides, abs=0.15)


def by_removal(counts):
    """The majority value as it is defined: the majority grade, taken away, and again (PNAS 2007, page 8722)."""
    left = [grade for grade, number in enumerate(counts) for _ in range(number)]  # best first
    value = []
    while left:
        value.append(left.pop(len(left) // 2))
    return value


some_counts = st.lists(st.integers(0, 9), min_size=2, max_size=6).map(tuple)


@given(some_counts)
def test_the_majority_value_is_that_of_repeated_removal(counts):
    assert [len(counts) - 1 - sign for sign in majority_value(counts)] == by_removal(counts)


@given(some_counts.filter(any))
def test_the_majority_grade_is_the_lower_middle(counts):
    best_first = [grade for grade, number in enumerate(counts) for _ in range(number)]
    assert majority_grade(counts) == best_first[len(best_first) // 2]


@given(st.integers(2, 30).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n)] * 2)))
def test_the_gauge_never_contradicts_the_value(two):
    """Where grade, sign and deciding share differ, they order as the values do (*Majority Judgment*, 2011, ch. 13)."""

    def decides(counts):
        grade, gauge = majority_grade(counts), majority_gauge(counts)
        return (-grade, gauge.better if gauge.sign == "+" else -gauge.worse)

    first, second = (tuple(map(given.count, range(4))) for given in two)
    if decides(first) > decides(second):
        assert majority_value(first) > majority_value(second)


@given(cast(grades), st.integers(0, 24), st.sampled_from(OPTIONS))
def test_a_better_grade_never_harms(answers, which, favourite):
    before = count(graded(OPTIONS), ballots(*answers)).ranking.index(favourite)
    better = list(answers)
    better[which % len(better)] = better[which % len(better)] | {favourite: 0}
    assert count(graded(OPTIONS), ballots(*better)).ranking.index(favourite) <= before


@given(cast(grades))
def test_the_merit_profile_holds_every_ballot(answers):
    outcome = count(graded(OPTIONS), ballots(*answers))
    assert all(sum(counts) == len(answers) for counts in outcome.profile.values())
    assert all(outcome.profile[slug][-1] >= sum(slug not in a for a in answers) for slug in OPTIONS)


@given(cast(grades))
def test_the_winner_is_one_of_pref_voting(answers):
    """pref_voting compares majority gauges; the values separate some whom the gauges leave equal."""
    worst = len(GRADES) - 1
    profile = GradeProfile(
        [{option: worst - answer.get(option, worst) for option in OPTIONS} for answer in answers],
        list(range(len(GRADES))),
        candidates=list(OPTIONS),
    )
    assert count(graded(OPTIONS), ballots(*answers)).winner in majority_judgement(profile)


def test_an_option_without_a_grade_has_the_worst():
    outcome = count(graded("ab"), ballots({"a": 0}, {"a": 1, "b": 0}))
    assert outcome.profile == {"a": (1, 1, 0, 0), "b": (1, 0, 0, 1)}
    assert outcome.majority_grade == {"a": 1, "b": 3}
    assert outcome.gauge["a"] == Gauge(better=1, sign="+", worse=0)


def test_equal_profiles_go_by_the_drawn_order():
    outcome = count(graded("ab", drawn_order=("b", "a")), ballots({"a": 0, "b": 1}, {"a": 1, "b": 0}))
    assert outcome.ranking == ("b", "a")
    assert [tie.options for tie in outcome.ties] == [("b", "a")]

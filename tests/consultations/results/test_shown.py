"""What the templates are given of each rule of counting."""

from decimal import Decimal

import pytest

from consultations.results.page import ResultPage
from tests.consultations.counted import counted, question

pytestmark = pytest.mark.django_db


def shown_of(consultation, slug="q"):
    return ResultPage(consultation, consultation.result).question(slug)


def test_bars_are_in_order_and_measured_by_the_longest():
    ballots = [{"q": "b"}] * 6 + [{"q": "a"}] * 3 + [{"q": None}]
    shown = shown_of(counted(question("q", "single", "plurality", ["a", "b"]), ballots=ballots))
    assert [(row.option.slug, row.number, row.length, row.is_first) for row in shown.rows] == [
        ("b", 6, 1000, True),
        ("a", 3, 500, False),
    ]
    assert (shown.expressed, shown.blank, shown.ballots) == (9, 1, 10)


def test_a_tie_is_told_where_something_was_chosen():
    ballots = [{"q": "b"}, {"q": "a"}]
    shown = shown_of(counted(question("q", "single", "plurality", ["a", "b", "c", "d"]), ballots=ballots))
    assert [(tie.place, tie.labels) for tie in shown.ties] == [(1, ["A", "B"])]


def test_without_a_ballot_there_is_no_winner_and_no_fault():
    for kind, counting, fields in [
        ("single", "plurality", {}),
        ("ranking", "schulze", {}),
        ("grades", "majority_judgment", {"grades": ["bien", "mal"]}),
        ("points", "points", {"points_each": 3}),
    ]:
        shown = shown_of(counted(question("q", kind, counting, ["a", "b"], **fields), ballots=[]))
        assert shown.winner is None
        assert shown.verdict
        assert shown.ties == []


def test_shares_of_points_are_of_all_points():
    ballots = [{"q": {"a": 3, "b": 1}}, {"q": {"a": 2}}]
    shown = shown_of(counted(question("q", "points", "points", ["a", "b"], points_each=3), ballots=ballots))
    assert [(row.number, row.length) for row in shown.rows] == [(5, 1000), (1, 200)]
    assert shown.whole == 6


def test_the_merit_profile_fills_its_width_and_marks_the_majority_grade():
    ballots = [{"q": {"a": 0, "b": 2}}] * 2 + [{"q": {"a": 1, "b": 0}}]
    grades = ["excellent", "bien", "à rejeter"]
    shown = shown_of(counted(question("q", "grades", "majority_judgment", ["a", "b"], grades=grades), ballots=ballots))
    first, last = shown.profiles
    assert (first.option.slug, first.grade, last.grade) == ("a", "excellent", "à rejeter")
    assert [(part.x, part.width, part.number) for part in first.parts] == [(0, 666, 2), (666, 334, 1), (1000, 0, 0)]
    assert [part.is_majority for part in last.parts] == [False, False, True]
    assert [grade.shade for grade in shown.grades] == [0, 3, 6]


def test_duels_say_who_won_and_the_instant_runoff_stands_beside():
    """A wins every duel; B has the most first places, and the runoff agrees with neither for long."""
    ballots = [{"q": ["b", "a"]}] * 4 + [{"q": ["c", "a"]}] * 3 + [{"q": ["a", "b"]}] * 2
    shown = shown_of(counted(question("q", "ranking", "schulze", ["a", "b", "c"]), ballots=ballots))
    assert shown.winner.slug == "a"
    assert shown.has_condorcet_winner
    row = shown.duels[0]
    assert [(cell.number, cell.is_won) for cell in row.cells] == [(None, False), (5, True), (6, True)]
    assert shown.runoff_winner.slug == "b"
    assert not shown.runoff_agrees
    turns = {option.slug: [turn.number for turn in turns] for option, turns in shown.turns}
    assert turns["a"] == [2, None]


def test_both_rules_of_a_budget_stand_side_by_side():
    """Six want the dear project, four the two cheap ones: equal shares give those four something, too."""
    ballots = [{"q": ["big"]}] * 6 + [{"q": ["small", "tiny"]}] * 4
    told = question(
        "q", "multiple", "equal_shares", [("big", 90), ("small", 30), ("tiny", 10)], total_cost=Decimal(100)
    )
    shown = shown_of(counted(told, ballots=ballots))
    projects = {project.option.slug: project for project in shown.projects}
    assert [slug for slug, project in projects.items() if project.by_greedy] == ["big", "tiny"]
    assert [slug for slug, project in projects.items() if project.by_shares] == ["small", "tiny"]
    assert shown.sum_by_shares.decides
    assert not shown.sum_by_greedy.decides
    assert not shown.same_choice
    assert shown.shares_steps[-1].left
    assert [step.is_selected for step in shown.greedy_steps] == [True, False, True]


def test_channels_that_are_small_are_told_together():
    ballots = [{"q": "a"}] * 30
    channels = {"online": 14, "paper": 10, "counter": 4, "post": 2}
    page = counted(question("q", "single", "plurality", ["a"]), ballots=ballots, channels=channels)
    ways = ResultPage(page, page.result).ways
    assert [way.number for way in ways] == [14, 16]
    assert sum(way.number for way in ways) == 30

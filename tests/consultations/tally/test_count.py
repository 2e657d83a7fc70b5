"""What is the same for every rule."""

import json

import pytest

from consultations.tally import Counting, InvalidAnswer, Kind, Question, as_json, count
from consultations.tally.question import COUNTINGS
from tests.consultations.tally.questions import ballots, budgeted, graded, multiple, pointed, ranking, single

COSTS = {"a": 60, "b": 50, "c": 40}

CASES = {
    "plurality": (single(), ["a", "b", "a"]),
    "approval": (multiple(), [["a", "b"], ["b"], ["c"]]),
    "schulze": (ranking(), [["a", "b", "c"], ["b"], ["b", "c"]]),
    "majority judgment": (graded(), [{"a": 0, "b": 1}, {"b": 0, "c": 3}, {"a": 2}]),
    "points": (pointed(), [{"a": 3}, {"b": 1, "c": 2}, {"b": 1}]),
    "budget by choices": (budgeted(COSTS, budget=100), [["a", "b"], ["c"], ["c", "b"]]),
    "budget by points": (budgeted(COSTS, budget=100, kind=Kind.POINTS), [{"a": 3}, {"b": 1, "c": 2}, {"c": 1}]),
    "budget by ranking": (
        budgeted(COSTS, budget=100, kind=Kind.RANKING, counting=Counting.EQUAL_SHARES),
        [["a", "b"], ["c"], ["c", "b"]],
    ),
}


@pytest.mark.parametrize(("question", "answers"), CASES.values(), ids=CASES)
def test_blank_and_missing_answers_are_counted_apart(question, answers):
    outcome = count(question, [*ballots(*answers, None, None), {}])
    assert outcome.participation.ballots == len(answers) + 3
    assert outcome.participation.expressed == len(answers)
    assert outcome.participation.blank == 2
    assert outcome.participation.not_answered == 1


@pytest.mark.parametrize(("question", "answers"), CASES.values(), ids=CASES)
def test_an_outcome_survives_json(question, answers):
    written = as_json(count(question, ballots(*answers)))
    assert json.loads(json.dumps(written)) == written
    assert written["counting"] == question.counting


@pytest.mark.parametrize(("question", "answers"), CASES.values(), ids=CASES)
def test_the_order_of_the_ballots_changes_nothing(question, answers):
    cast = ballots(*answers, None)
    assert as_json(count(question, cast)) == as_json(count(question, cast[::-1]))


@pytest.mark.parametrize(("question", "answers"), CASES.values(), ids=CASES)
def test_a_vote_without_ballots_has_an_outcome_and_no_winner(question, answers):
    for cast in ([], [{}], ballots(None)):
        outcome = count(question, cast)
        assert getattr(outcome, "winner", None) is None
        json.dumps(as_json(outcome))


@pytest.mark.parametrize(("question", "answers"), CASES.values(), ids=CASES)
def test_what_is_no_answer_is_not_counted_as_one(question, answers):
    for wrong in ("unknown", ["unknown"], {"unknown": 1}, [["a"]], 3):
        with pytest.raises(InvalidAnswer):
            count(question, ballots(*answers, wrong))


@pytest.mark.parametrize(("question", "answers"), CASES.values(), ids=CASES)
def test_a_question_is_read_back_as_it_was_written(question, answers):
    assert Question.from_json(json.loads(json.dumps(question.as_json()))) == question


def test_every_way_to_ask_and_count_is_tried_here():
    asked = {(question.kind, question.counting) for question, _ in CASES.values()}
    assert {kind for kind, _ in asked} == set(COUNTINGS)
    assert {counting for _, counting in asked} == set(Counting)

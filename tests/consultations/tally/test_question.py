from dataclasses import replace
from decimal import Decimal

import pytest

from consultations.tally import Counting, InvalidQuestion, Option, Question
from tests.consultations.tally.questions import budgeted, graded, multiple, pointed, single

PROJECTS = budgeted({"a": 60, "b": 50}, budget=100)


@pytest.mark.parametrize(
    ("question", "change", "code"),
    [
        (single(), {"options": ()}, "no_option"),
        (single(), {"options": (Option("a", "A"), Option("a", "B"))}, "option_twice"),
        (single(), {"counting": Counting.SCHULZE}, "counting_of_another_kind"),
        (graded(), {"grades": ("Bien",)}, "no_grades"),
        (pointed(), {"points_each": None, "points_total": None}, "no_limit_of_points"),
        (PROJECTS, {"budget": None}, "no_budget"),
        (PROJECTS, {"budget": Decimal(0)}, "no_budget"),
        (PROJECTS, {"options": (Option("a", "A"),)}, "no_cost"),
        (PROJECTS, {"options": (Option("a", "A", Decimal(-1)),)}, "no_cost"),
        (multiple(), {"minimum": 3, "maximum": 2}, "bounds_crossed"),
        (multiple(), {"minimum": 4}, "bounds_crossed"),
        (single(), {"drawn_order": ("a", "b")}, "drawn_order_incomplete"),
        (single(), {"drawn_order": ("a", "b", "b")}, "drawn_order_incomplete"),
    ],
)
def test_a_question_that_can_not_be_counted_is_refused_by_name(question, change, code):
    with pytest.raises(InvalidQuestion) as refused:
        replace(question, **change)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "change", [{"kind": "other"}, {"options": None}, {"options": [{}]}, {"minimum": "1"}, {"budget": "x"}]
)
def test_a_published_question_of_another_form_is_refused(change):
    with pytest.raises(InvalidQuestion):
        Question.from_json(PROJECTS.as_json() | change)


def test_what_a_later_version_adds_is_passed_over():
    assert Question.from_json(PROJECTS.as_json() | {"later": 1}) == PROJECTS


def test_money_is_published_without_needless_noughts():
    question = budgeted({"a": "60.00", "b": "50.50"}, budget="1000.00")
    assert [option["cost"] for option in question.as_json()["options"]] == ["60", "50.5"]
    assert question.as_json()["budget"] == "1000"


def test_of_equal_costs_the_drawn_order_decides():
    question = budgeted({"a": 50, "b": 40, "c": 50}, budget=100, drawn_order=("c", "b", "a"), lowest_cost_first=True)
    assert question.tie_order == ("b", "c", "a")
    assert replace(question, lowest_cost_first=False).tie_order == ("c", "b", "a")

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.tally import (
    InvalidAnswer,
    InvalidBallot,
    Kind,
    canonical_json,
    longest_answer,
    longest_ballot,
    validate,
    validate_ballot,
)
from tests.consultations.tally.questions import budgeted, graded, multiple, pointed, ranking, single

QUESTIONS = {
    "single": single(),
    "multiple": multiple(maximum=2),
    "ranking": ranking(maximum=2),
    "grades": graded(),
    "points": pointed(),
    "basket": budgeted({"a": 60, "b": 50, "c": 40}, budget=100, fits_budget=True),
    "budget of points": budgeted({"a": 60, "b": 50, "c": 40}, budget=100, kind=Kind.POINTS, points_total=12),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_blank_vote_is_valid_for_each_kind(question):
    assert validate(question, None) is None


@pytest.mark.parametrize(
    ("question", "written", "canonical"),
    [
        (single(), "b", "b"),
        (multiple(), ["c", "a"], ["a", "c"]),
        (ranking(), ["c", "a"], ["c", "a"]),
        (graded(), {"c": 0, "a": 3}, {"a": 3, "c": 0}),
        (pointed(), {"c": 1, "b": 0, "a": 3}, {"a": 3, "c": 1}),
        (multiple(minimum=0), [], None),
        (pointed(minimum=0), {"a": 0}, None),
    ],
)
def test_an_answer_has_one_canonical_form(question, written, canonical):
    assert canonical_json(validate(question, written)) == canonical_json(canonical)


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        (single(), "d", "unknown_option"),
        (single(), ["a"], "bad_shape"),
        (single(), "", "unknown_option"),
        (multiple(), "a", "bad_shape"),
        (multiple(), {"a": 1}, "bad_shape"),
        (multiple(), [["a"]], "bad_shape"),
        (multiple(), [None], "bad_shape"),
        (multiple(), ["a", "a"], "duplicate"),
        (multiple(), ["a", "d"], "unknown_option"),
        (multiple(), [], "too_few"),
        (multiple(minimum=2), ["a"], "too_few"),
        (multiple(maximum=2), ["a", "b", "c"], "too_many"),
        (ranking(), ["a", "b", "a"], "duplicate"),
        (ranking(), ["a"] * 100_000, "duplicate"),
        (ranking(maximum=1), ["a", "b"], "too_many"),
        (graded(), {"a": 4}, "unknown_grade"),
        (graded(), {"a": -1}, "unknown_grade"),
        (graded(), {"a": "0"}, "bad_shape"),
        (graded(), {"a": True}, "bad_shape"),
        (graded(), {}, "too_few"),
        (graded(), ["a"], "bad_shape"),
        (graded(), {"d": 0}, "unknown_option"),
        (pointed(), {"a": 4}, "over_points_each"),
        (pointed(), {"a": 3, "b": 3, "c": 2}, "over_points"),
        (pointed(), {"a": -1, "b": 3}, "negative_points"),
        (pointed(), {"a": 1.0}, "bad_shape"),
        (pointed(), {"a": float("nan")}, "bad_shape"),
        (pointed(), {"a": 10**400}, "over_points_each"),
        (pointed(), {"a": None}, "bad_shape"),
        (pointed(), {"a": 0}, "too_few"),
        (pointed(), {1: 1}, "bad_shape"),
        (budgeted({"a": 60, "b": 50}, budget=100, fits_budget=True), ["a", "b"], "over_budget"),
    ],
)
def test_what_a_hostile_post_can_send_is_refused_by_name(question, answer, code):
    with pytest.raises(InvalidAnswer) as refused:
        validate(question, answer)
    assert refused.value.code == code


def test_a_refusal_holds_what_its_sentence_needs():
    with pytest.raises(InvalidAnswer) as refused:
        validate(pointed(), {"a": 1, "b": 5})
    assert (refused.value.option, refused.value.limit, refused.value.found) == ("b", 3, 5)
    with pytest.raises(InvalidAnswer) as refused:
        validate(QUESTIONS["basket"], ["a", "b"])
    assert (refused.value.limit, refused.value.found) == (Decimal(100), Decimal(110))


def test_every_fault_of_a_ballot_is_told_at_once():
    with pytest.raises(InvalidBallot) as refused:
        validate_ballot([single()], {"q": "d", "other": 1})
    assert {slug: error.code for slug, error in refused.value.errors.items()} == {
        "q": "unknown_option",
        "other": "unknown_question",
    }
    with pytest.raises(InvalidBallot):
        validate_ballot([single()], ["q"])


def test_a_question_may_be_left_out_of_a_ballot():
    assert validate_ballot([single()], {}) == {}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from("abcd") | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd") | st.text(max_size=2), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
@given(answer=anything)
def test_anything_is_either_canonical_or_refused(question, answer):
    try:
        canonical = validate(question, answer)
    except InvalidAnswer:
        return
    assert json.loads(canonical_json(canonical)) == canonical
    assert validate(question, canonical) == canonical
    assert len(canonical_json(canonical).encode()) <= longest_answer(question)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (single(("a", "été-pièce")), "été-pièce"),
        (multiple(maximum=2), ["a", "b"]),
        (graded(), {"a": 0, "b": 1, "c": 2}),
        (pointed(points_each=10, points_total=None), {"a": 10, "b": 10, "c": 10}),
        (single("a"), None),
    ],
)
def test_the_longest_answer_is_reached(question, answer):
    assert len(canonical_json(answer).encode()) == longest_answer(question)


def test_the_longest_ballot_holds_each_longest_answer():
    assert longest_ballot([single()]) == len('{"q":null}')
    assert longest_ballot([]) == 2

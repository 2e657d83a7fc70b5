"""What a form says of a ballot: read into the canonical answer, kept as typed, its faults in words."""

from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from consultations.ballot_form import BallotForm
from consultations.question_form import QuestionForm
from consultations.tally import Counting, Kind, Option, Question, validate
from consultations.typed_answer import fields_of

PARK, POOL, PATH = Option("park", "Un parc"), Option("pool", "Une piscine"), Option("path", "Un chemin")
COUNTING = {
    Kind.SINGLE: Counting.PLURALITY,
    Kind.MULTIPLE: Counting.APPROVAL,
    Kind.RANKING: Counting.SCHULZE,
    Kind.GRADES: Counting.MAJORITY_JUDGMENT,
    Kind.POINTS: Counting.POINTS,
}
GRADES = ("Très bien", "Bien", "À rejeter")


def rule(kind: Kind, **fields) -> Question:
    given = {"options": (PARK, POOL, PATH), "counting": COUNTING[kind], "minimum": 0}
    if kind == Kind.GRADES:
        given["grades"] = GRADES
    if kind == Kind.POINTS:
        given |= {"points_each": 3, "points_total": 5}
    return Question(slug="q", kind=kind, **given | fields)


def basket(**fields) -> Question:
    prices = {PARK: 60, POOL: 50, PATH: 40}
    costs = tuple(Option(option.slug, option.label, Decimal(cost)) for option, cost in prices.items())
    given = {"options": costs, "counting": Counting.GREEDY, "budget": Decimal(100), "fits_budget": True}
    return rule(Kind.MULTIPLE, **given | fields)


@dataclass
class Asked:
    """A question as the model gives it: its rule, and its options."""

    rule: Question
    slug: str = field(default="q")

    def as_rule(self) -> Question:
        return self.rule

    @property
    def options(self):
        return SimpleNamespace(all=lambda: self.rule.options)


def form(rule: Question, text: str) -> QuestionForm:
    return QuestionForm(Asked(rule), 1, QueryDict(text))


READ = [
    (rule(Kind.SINGLE), "q1=pool", "pool"),
    (rule(Kind.SINGLE), "q1=", None),
    (rule(Kind.MULTIPLE), "q1=path&q1=park", ["park", "path"]),
    (rule(Kind.MULTIPLE), "q1_blank=1", None),
    (rule(Kind.RANKING), "q1-park=3&q1-pool=1&q1-path=", ["pool", "park"]),
    (rule(Kind.RANKING), "q1-park=2&q1-pool=10", ["park", "pool"]),
    (rule(Kind.GRADES), "q1-park=0&q1-path=2", {"park": 0, "path": 2}),
    (rule(Kind.POINTS), "q1-park=3&q1-pool=0&q1-path=%202", {"park": 3, "path": 2}),
    (basket(), "q1=park&q1=path", ["park", "path"]),
    # What was filled in after a blank vote takes its place.
    (rule(Kind.MULTIPLE), "q1_blank=1&q1=park", ["park"]),
]


@pytest.mark.parametrize(("question", "text", "answer"), READ)
def test_an_answer_is_read(question, text, answer):
    assert form(question, text).read == (answer, None)


REFUSED = [
    (rule(Kind.SINGLE), "", "Choisissez une réponse. Vous pouvez aussi voter blanc."),
    (rule(Kind.SINGLE), "q1=park&q1=pool", "Vous en avez choisi 2 : 1 au plus est possible ici."),
    (rule(Kind.SINGLE), "q1=other", "n’est pas proposée ici"),
    (rule(Kind.MULTIPLE), "", "Choisissez-en au moins 1"),
    (rule(Kind.MULTIPLE, minimum=2), "q1=park", "Choisissez-en au moins 2"),
    (rule(Kind.MULTIPLE, maximum=1), "q1=park&q1=pool", "1 au plus"),
    (rule(Kind.MULTIPLE), "q1=park&q1=park", "« Un parc » a été envoyé deux fois"),
    (rule(Kind.MULTIPLE), "q1=park&q1=other", "n’est pas proposée ici"),
    (rule(Kind.RANKING), "", "Classez-en au moins 1"),
    (rule(Kind.RANKING), "q1-park=1&q1-pool=1", "portent tous deux le numéro 1"),
    (rule(Kind.RANKING), "q1-park=0", "écrivez un nombre entier"),
    (rule(Kind.RANKING), "q1-park=premier", "écrivez un nombre entier"),
    (rule(Kind.RANKING), "q1-other=1", "n’est pas proposée ici"),
    (rule(Kind.GRADES), "q1-park=3", "une mention qui n’est pas proposée ici"),
    (rule(Kind.GRADES), "q1-park=bien", "écrivez un nombre entier"),
    (rule(Kind.POINTS), "q1-park=4", "« Un parc » a 4 points : 3 au plus pour chacun"),
    (rule(Kind.POINTS), "q1-park=3&q1-pool=3", "Vous avez donné 6 points et en avez 5 : retirez-en 1"),
    (rule(Kind.POINTS), "q1-park=-1", "on ne peut pas retirer de points"),
    (rule(Kind.POINTS), "q1-park=1,5", "écrivez un nombre entier"),
    (rule(Kind.POINTS), "q1-park=" + "9" * 30, "écrivez un nombre entier"),
    (basket(), "q1=park&q1=pool", "10 € de plus"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "sentence"), REFUSED)
def test_a_fault_is_told_in_a_sentence(question, text, sentence):
    answer, fault = form(question, text).read
    assert answer is None
    assert sentence in fault.sentence.replace("\u00a0", " ")
    assert fault.field.startswith("q1-")


def test_a_number_given_twice_marks_both_lines():
    rows = QuestionForm(Asked(rule(Kind.RANKING)), 1, QueryDict("q1-park=1&q1-pool=2&q1-path=1")).rows
    assert {row.option.slug for row in rows if row.is_wrong} == {"park", "path"}


ANSWERS = {
    Kind.SINGLE: st.sampled_from(["park", "pool", None]),
    Kind.MULTIPLE: st.lists(st.sampled_from(["park", "pool", "path"]), unique=True, min_size=1) | st.none(),
    Kind.RANKING: st.lists(st.sampled_from(["park", "pool", "path"]), unique=True, min_size=1) | st.none(),
    Kind.GRADES: st.dictionaries(st.sampled_from(["park", "pool", "path"]), st.integers(0, 2), min_size=1) | st.none(),
    Kind.POINTS: st.dictionaries(st.sampled_from(["park", "pool"]), st.integers(1, 2), min_size=1) | st.none(),
}


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_what_a_form_would_say_of_an_answer_is_read_as_that_answer(kind, data):
    question, answer = rule(kind), data.draw(ANSWERS[kind])
    typed = QueryDict(mutable=True)
    for name, value in fields_of(question, 1, answer):
        typed.appendlist(name, value)
    assert QuestionForm(Asked(question), 1, typed).read == (validate(question, answer), None)


@given(text=st.text(max_size=60), kind=st.sampled_from(list(Kind)))
def test_no_text_breaks_the_reading(text, kind):
    """Whatever is sent is an answer or a fault with a sentence."""
    for name in ("q1", "q1-park", "q1-", "q1_blank"):
        typed = QueryDict(mutable=True)
        typed.appendlist(name, text)
        sent = QuestionForm(Asked(rule(kind)), 1, typed)
        assert sent.fault is None or sent.fault.sentence
        assert list(sent.rows)


# --- Buttons that work without a script ------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        ("", "in:pool", ["pool"]),
        ("q1-pool=1", "in:park", ["pool", "park"]),
        ("q1-pool=1&q1-park=2", "up:park", ["park", "pool"]),
        ("q1-pool=1&q1-park=2", "up:pool", ["pool", "park"]),
        ("q1-pool=1&q1-park=2", "down:pool", ["park", "pool"]),
        ("q1-pool=4&q1-park=9&q1-path=7", "down:pool", ["path", "pool", "park"]),
        ("q1-pool=1&q1-park=2&q1-path=3", "out:pool", ["park", "path"]),
        ("q1-pool=1", "up:other", ["pool"]),
        ("q1-pool=1", "nonsense", ["pool"]),
        ("q1_blank=1", "in:pool", ["pool"]),
    ],
)
def test_a_button_moves_a_line_of_the_ranking(before, act, after):
    moved = form(rule(Kind.RANKING), before).moved(act)
    assert moved.answer == after
    assert [row.option.slug for row in moved.rows][: len(after)] == after


def test_a_button_gives_and_takes_points_within_the_limits():
    asked = form(rule(Kind.POINTS), "q1-park=3&q1-pool=1")
    assert asked.points_left == 1
    assert asked.moved("more:park").by_option["park"] == "3"
    more = asked.moved("more:pool")
    assert (more.by_option["pool"], more.points_left) == ("2", 0)
    assert more.moved("more:path").answer == {"park": 3, "pool": 2}
    assert more.moved("less:park").answer == {"park": 2, "pool": 2}
    assert asked.moved("less:path").answer == {"park": 3, "pool": 1}


def test_the_basket_says_what_is_left():
    chosen = form(basket(), "q1=park")
    assert (chosen.spent, chosen.left, chosen.is_over, chosen.share_spent) == (60, 40, False, 60)
    over = form(basket(), "q1=park&q1=pool")
    assert (over.left, over.left_or_zero, over.is_over, over.share_spent) == (-10, 0, True, 100)


# --- Several questions -----------------------------------------------------------------------


def test_each_question_keeps_what_was_typed_and_reads_its_own_fields():
    questions = [Asked(rule(Kind.SINGLE), "a"), Asked(rule(Kind.POINTS), "b")]
    ballot = BallotForm(questions, QueryDict("q1=park&q2-park=9&q2-pool=x&q11=no&go=send"))
    assert [fault.field for fault in ballot.faults] == ["q2-pool"]
    assert ballot.fields() == [("q1", "park"), ("q2-park", "9"), ("q2-pool", "x")]
    assert ballot.fields(shown=[2]) == [("q1", "park")]


def test_a_blank_vote_takes_the_place_of_what_was_filled_in():
    for kind, text in ((Kind.SINGLE, "q1=park"), (Kind.POINTS, "q1-park=2"), (Kind.MULTIPLE, "q1=park")):
        left_blank = form(rule(kind), text).blank()
        assert left_blank.is_blank
        assert left_blank.read == (None, None)


def test_a_value_that_is_sent_back_is_cut():
    ((_name, value),) = form(rule(Kind.RANKING), "q1-park=" + "1" * 5000).fields()
    assert len(value) == 100


@pytest.mark.parametrize(("kind", "number"), [(Kind.GRADES, 16), (Kind.RANKING, 30), (Kind.MULTIPLE, 40)])
def test_a_long_list_is_drawn_shorter(kind, number):
    many = tuple(Option(f"o{n}", f"Projet {n}") for n in range(number + 1))
    assert not form(rule(kind, options=many[:number]), "").is_long
    assert form(rule(kind, options=many), "").is_long
    assert form(rule(kind, options=many), "").has_buttons
    assert not form(rule(kind, options=tuple(Option(f"o{n}", f"Projet {n}") for n in range(61))), "").has_buttons


def test_what_becomes_of_options_that_are_left_out_is_said():
    assert "comptent comme « À rejeter »" in form(rule(Kind.GRADES), "q1-park=0").left_out.replace("\u00a0", " ")
    assert "viennent en dernier" in form(rule(Kind.RANKING), "q1-park=1").left_out
    assert form(rule(Kind.RANKING), "q1-park=1&q1-pool=2&q1-path=3").left_out == ""
    assert form(rule(Kind.GRADES), "q1_blank=1").left_out == ""

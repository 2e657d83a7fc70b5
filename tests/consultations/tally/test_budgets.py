"""The two budget rules against pabutools, on random ballots and on the real ones, and by what must hold."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.pabulib import as_answers, as_question, read
from consultations.pabulib.tally import count_equal_shares, count_greedy, score, votes
from consultations.tally import Counting, Kind, as_json, count
from tests.consultations.pabulib.files import TOULOUSE, made
from tests.consultations.tally.independent import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    CardinalProfile,
    Cost_Sat,
    Instance,
    Project,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    parse_pabulib_from_string,
)
from tests.consultations.tally.questions import ballots, budgeted
from tests.consultations.tally.strategies import OPTIONS, approvals, cast, costs, points, rankings

budgets = st.integers(20, 150)
KINDS = {Kind.MULTIPLE: approvals, Kind.POINTS: points, Kind.RANKING: rankings}
any_vote = st.sampled_from(list(KINDS)).flatmap(lambda kind: st.tuples(st.just(kind), cast(KINDS[kind])))


def counted(prices, budget, answers, **kwargs):
    return count(budgeted(prices, budget=budget, **kwargs), ballots(*answers))


def of_pabutools(prices, budget, answers, kind):
    """What pabutools buys with equal shares, in its order; ties go by name there."""
    projects = {slug: Project(slug, price) for slug, price in prices.items()}
    instance = Instance(projects.values(), budget_limit=budget)
    if kind == Kind.MULTIPLE:
        profile = ApprovalProfile([ApprovalBallot([projects[slug] for slug in answer]) for answer in answers])
        return [p.name for p in method_of_equal_shares(instance, profile, Cost_Sat)]
    profile = CardinalProfile([CardinalBallot({projects[s]: n for s, n in answer.items()}) for answer in answers])
    return [p.name for p in method_of_equal_shares(instance, profile, Additive_Cardinal_Sat)]


@pytest.mark.parametrize("kind", [Kind.MULTIPLE, Kind.POINTS])
@given(data=st.data(), prices=costs, budget=budgets)
def test_equal_shares_buy_what_pabutools_buys(kind, data, prices, budget):
    answers = data.draw(cast(KINDS[kind]))
    ours = counted(prices, budget, answers, kind=kind, drawn_order=tuple(sorted(prices))).equal_shares.plain
    assert list(ours.selected) == of_pabutools(prices, budget, answers, kind)


@given(cast(approvals), costs, budgets)
def test_greedy_takes_what_pabutools_takes(answers, prices, budget):
    """Theirs goes by satisfaction for each unit of cost: by votes, where satisfaction is the cost."""
    projects = {slug: Project(slug, price) for slug, price in prices.items()}
    profile = ApprovalProfile([ApprovalBallot([projects[slug] for slug in answer]) for answer in answers])
    theirs = greedy_utilitarian_welfare(Instance(projects.values(), budget_limit=budget), profile, Cost_Sat)
    ours = counted(prices, budget, answers, drawn_order=tuple(sorted(prices))).greedy
    assert list(ours.selected) == [project.name for project in theirs]


@given(any_vote, costs, budgets, st.sampled_from([Counting.GREEDY, Counting.EQUAL_SHARES]))
def test_no_rule_ever_spends_more_than_the_budget(vote, prices, budget, counting):
    kind, answers = vote
    outcome = counted(prices, budget, answers, kind=kind, counting=counting)
    for rule in (outcome.greedy, outcome.equal_shares):
        assert sum(prices[slug] for slug in rule.selected) == rule.spent <= budget
        assert rule.left == budget - rule.spent
        assert len(set(rule.selected)) == len(rule.selected)


@given(any_vote, costs, budgets)
def test_every_rule_goes_on_until_nothing_fits(vote, prices, budget):
    kind, answers = vote
    outcome = counted(prices, budget, answers, kind=kind)
    for rule in (outcome.greedy, outcome.equal_shares):
        assert all(prices[slug] > rule.left for slug in OPTIONS if slug not in rule.selected)


@given(any_vote, costs, budgets)
def test_each_purchase_is_paid_exactly_and_by_nobody_twice(vote, prices, budget):
    kind, answers = vote
    plain = counted(prices, budget, answers, kind=kind).equal_shares.plain
    held = Fraction(budget)
    assert plain.share == held / len(answers)
    for purchase in plain.purchases:
        held -= purchase.cost
        assert purchase.left == held >= 0
        assert purchase.highest_payment <= plain.share
        assert purchase.supporters == purchase.paid_in_full + purchase.gave_the_rest


@given(any_vote, costs, budgets)
def test_a_share_that_is_raised_never_loses_what_the_raised_run_bought(vote, prices, budget):
    kind, answers = vote
    shares = counted(prices, budget, answers, kind=kind).equal_shares
    assert shares.selected == (*shares.raised.selected, *shares.completed)
    assert shares.raised.share == shares.plain.share * Fraction(11, 10) ** shares.raises


@given(cast(approvals), costs, budgets)
def test_a_group_that_agrees_decides_on_its_share(answers, prices, budget):
    """Proportionality: people who all name one project alone, and whose shares pay it, get it."""
    alone = [["a"]] * (len(answers) + 1)
    question = {"prices": prices, "budget": budget, "answers": [*answers, *alone]}
    plain = counted(**question).equal_shares.plain
    if plain.share * len(alone) >= prices["a"]:
        assert "a" in plain.selected


def test_a_majority_does_not_take_it_all():
    """Sixty people name a and b, forty name c: greedy spends all on the majority, equal shares do not."""
    outcome = counted({"a": 50, "b": 50, "c": 40}, 100, [(60, ["a", "b"]), (40, ["c"])])
    assert outcome.greedy.selected == ("a", "b")
    assert outcome.equal_shares.plain.selected == ("a", "c")
    first = outcome.equal_shares.plain.purchases[0]
    assert (first.supporters, first.highest_payment, first.left) == (60, Fraction(50, 60), 50)


def test_greedy_passes_over_what_no_longer_fits_and_goes_on():
    outcome = counted({"a": 60, "b": 50, "c": 40}, 100, [(3, ["a"]), (2, ["b"]), ["c"]])
    assert outcome.selected == ("a", "c")
    assert [(step.project, step.left_before, step.is_selected) for step in outcome.greedy.steps] == [
        ("a", 100, True),
        ("b", 40, False),
        ("c", 40, True),
    ]


def test_a_blank_vote_has_its_share_and_spends_nothing_of_it():
    assert counted({"a": 10}, 10, [["a"], None]).equal_shares.plain.share == 5
    assert counted({"a": 10}, 10, [["a"], None]).equal_shares.plain.selected == ()
    assert counted({"a": 10}, 10, [["a"], None]).equal_shares.selected == ("a",)


def test_a_project_that_costs_nothing_goes_to_whoever_names_it():
    outcome = counted({"a": 0, "b": 0, "c": 10}, 10, [["a", "c"]])
    assert outcome.equal_shares.plain.selected == ("a", "c")


def test_the_lowest_cost_goes_first_where_the_rule_says_so():
    answers = [["a"], ["b"], ["c"]]
    prices = {"a": 60, "b": 40, "c": 40}
    drawn = {"drawn_order": ("a", "c", "b")}
    assert counted(prices, 100, answers, **drawn).greedy.selected == ("a", "c")
    assert counted(prices, 100, answers, **drawn, lowest_cost_first=True).greedy.selected == ("c", "b")


def test_only_the_rule_that_decides_is_counted_where_one_is_shown():
    outcome = counted({"a": 10}, 10, [["a"]], shows_both=False)
    assert outcome.equal_shares is None
    outcome = counted({"a": 10}, 10, [["a"]], shows_both=False, counting=Counting.EQUAL_SHARES)
    assert outcome.greedy is None
    assert outcome.selected == ("a",)


def test_money_is_exact_and_written_as_text_where_it_is_not_whole():
    outcome = counted({"a": "33.10", "b": "0.20"}, "33.30", [["a", "b"]])
    assert outcome.greedy.left == Decimal("0.00")
    assert as_json(outcome)["costs"] == {"a": "33.1", "b": "0.2"}


# --- the real one -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def toulouse():
    return read(TOULOUSE.read_bytes())


def test_votes_of_toulouse_are_those_that_its_file_says(toulouse):
    assert votes(toulouse) == {project.project_id: project.votes for project in toulouse.projects}
    assert sum(score(toulouse).values()) == sum(sum(vote.points) for vote in toulouse.votes)


def test_greedy_by_score_spends_the_budget_of_toulouse_to_the_last_euro(toulouse):
    outcome = count_greedy(toulouse)
    assert outcome.selected == ("4", "16", "13", "29", "5", "10", "30", "20", "1", "18", "7", "27", "6", "26")
    assert (outcome.spent, outcome.left) == (1_000_000, 0)


def test_equal_shares_of_toulouse_are_those_of_pabutools(toulouse):
    instance, profile = parse_pabulib_from_string(TOULOUSE.read_text())
    others = [project.name for project in method_of_equal_shares(instance, profile, Additive_Cardinal_Sat)]
    assert list(count_equal_shares(toulouse).plain.selected) == others


@pytest.mark.parametrize("vote_type", ["cumulative", "scoring", "approval", "ordinal"])
def test_an_imported_file_counts_as_the_file_does(vote_type):
    projects = [("project_id", "cost", "score"), ("p1", "600", "1"), ("p2", "500", "1"), ("p3", "400", "1")]
    election = read(made(meta={"vote_type": vote_type}, projects=projects))
    question = as_question(election)
    outcome = count(question, ({question.slug: answer} for answer in as_answers(election)))
    assert outcome.votes == votes(election)
    assert (outcome.score or {}) == score(election)
    assert outcome.greedy == count_greedy(election)
    assert as_json(outcome.equal_shares) == as_json(count_equal_shares(election))


def test_the_import_of_toulouse_counts_as_its_file_does(toulouse):
    question = as_question(toulouse)
    outcome = count(question, ({question.slug: answer} for answer in as_answers(toulouse)))
    assert outcome.ranked_by == "score"
    assert outcome.votes == votes(toulouse)
    assert outcome.greedy.selected == count_greedy(toulouse).selected
    assert outcome.equal_shares.selected == count_equal_shares(toulouse).selected


def test_places_of_an_ordinal_file_give_points_where_it_has_a_score():
    """As in the file of Kraków 2018: three places, three, two and one points."""
    plain = read(made(meta={"vote_type": "ordinal"}))
    assert score(plain) == {}
    scored = read(
        made(
            meta={"vote_type": "ordinal"},
            projects=[("project_id", "cost", "score"), ("p1", "1", "5"), ("p2", "1", "2"), ("p3", "1", "2")],
        )
    )
    assert score(scored) == {"p1": 4, "p2": 2, "p3": 2}

"""A participatory budget: what is counted of its ballots, and the two rules side by side."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from consultations.tally.approval import naming
from consultations.tally.equal_shares import EqualSharesOutcome, Supporters, equal_shares
from consultations.tally.greedy import Amount, GreedyOutcome, greedy
from consultations.tally.pile import Participation, Pile
from consultations.tally.points import sums
from consultations.tally.question import Counting, Kind, Question
from consultations.tally.ties import Tie


@dataclass(frozen=True)
class BudgetOutcome:
    """`votes` is the number of ballots that name each project, `score` the sum of its points where ballots give
    any; `ranked_by` says which of the two ranks (`votes` or `score`).

    `selected`, `spent`, `left` and `ties` are those of the rule that decides (`counting`); of the other rule
    there is an outcome too where the question shows both, else None.
    """

    counting: str
    participation: Participation
    ranked_by: str
    votes: Mapping[str, int]
    score: Mapping[str, int] | None
    costs: Mapping[str, Amount]
    budget: Amount
    currency: str
    selected: tuple[str, ...]
    spent: Amount
    left: Amount
    ties: tuple[Tie, ...]
    greedy: GreedyOutcome | None
    equal_shares: EqualSharesOutcome | None


def budget(question: Question, pile: Pile) -> BudgetOutcome:
    """Count by the rule that decides, and by the other one where both are shown."""
    if question.budget is None:
        raise TypeError("only a question with a total is counted as a budget")
    score, votes = _score_and_votes(question, pile)
    support = votes if score is None else score
    outcomes: dict[Counting, GreedyOutcome | EqualSharesOutcome] = {}
    if question.shows_both or question.counting == Counting.GREEDY:
        outcomes[Counting.GREEDY] = greedy(question.costs, support, question.budget, question.tie_order)
    if question.shows_both or question.counting == Counting.EQUAL_SHARES:
        voters = pile.expressed + pile.blank
        outcomes[Counting.EQUAL_SHARES] = equal_shares(
            question.costs, _supporters(question, pile), voters, question.budget, question.tie_order, support
        )
    decides = outcomes[question.counting]
    return BudgetOutcome(
        counting=question.counting,
        participation=pile.participation,
        ranked_by="votes" if score is None else "score",
        votes=votes,
        score=score,
        costs=question.costs,
        budget=question.budget,
        currency=question.currency,
        selected=decides.selected,
        spent=decides.spent,
        left=decides.left,
        ties=decides.ties,
        greedy=outcomes.get(Counting.GREEDY),  # type: ignore[arg-type]
        equal_shares=outcomes.get(Counting.EQUAL_SHARES),  # type: ignore[arg-type]
    )


def places_as_points(ranking: tuple[str, ...]) -> dict[str, int]:
    """k points for the first of the k that a ballot ranks, 1 for the last, as Pabulib's own checker counts
    ordinal files (`create_points_based_on_vote_length`)."""
    return {slug: len(ranking) - place for place, slug in enumerate(ranking)}


def _score_and_votes(question: Question, pile: Pile) -> tuple[dict[str, int] | None, dict[str, int]]:
    if question.kind == Kind.POINTS:
        return sums(question, pile)
    votes = naming(question, pile)
    if question.kind != Kind.RANKING or not question.rank_points:
        return None, votes
    score: Counter[str] = Counter()
    for ranking, number in pile.counts.items():
        for slug, points in places_as_points(ranking).items():
            score[slug] += points * number
    return {slug: score[slug] for slug in question.slugs}, votes


def _supporters(question: Question, pile: Pile) -> Supporters:
    if question.kind == Kind.POINTS:
        return ((dict(form), number) for form, number in pile.counts.items())
    if question.kind == Kind.RANKING:
        return ((places_as_points(form), number) for form, number in pile.counts.items())
    # A project that costs nothing is worth something all the same, or nobody would support it.
    worth = {slug: cost or 1 for slug, cost in question.costs.items()}
    return (({slug: worth[slug] for slug in form}, number) for form, number in pile.counts.items())

"""The ways to ask a question, by names that anyone would use, each with an explanation and an example."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.models import Counting, Question, QuestionKind


@dataclass(frozen=True)
class Way:
    """A kind of answer and the rule that counts it. A budget's rule counts several kinds: `kinds` lists them."""

    name: str
    counting: str
    kinds: tuple[str, ...]
    title: Promise
    explanation: Promise
    example: Promise

    @property
    def kind(self) -> str:
        return self.kinds[0]

    @property
    def is_budget(self) -> bool:
        return self.name in ("budget", "shares")


# For a budget: how residents say which projects they want, the simplest first.
EXPRESSIONS = (
    (QuestionKind.MULTIPLE, _("They tick projects")),
    (QuestionKind.POINTS, _("They share out points between projects")),
    (QuestionKind.RANKING, _("They put projects in order of preference")),
)
BUDGET_KINDS = tuple(kind for kind, _label in EXPRESSIONS)

WAYS = (
    Way(
        "one",
        Counting.PLURALITY,
        (QuestionKind.SINGLE,),
        _("One choice, or yes/no"),
        _("Each person chooses one answer. The answer that is chosen most comes first."),
        _("“Should the street be closed to cars on Sundays?” Yes, no."),
    ),
    Way(
        "several",
        Counting.APPROVAL,
        (QuestionKind.MULTIPLE,),
        _("Several choices"),
        _("Each person ticks all the answers that suit them. The answer that suits most people comes first."),
        _("“Which days suit you for the market?” Tick one to three days."),
    ),
    Way(
        "ranking",
        Counting.SCHULZE,
        (QuestionKind.RANKING,),
        _("An order of preference"),
        _(
            "Each person ranks the answers. Each is then compared with each other, two by two; the one that "
            "would win all its duels comes first (Condorcet, Schulze’s method)."
        ),
        _("“Which name for the new school?” First choice, second choice, third choice."),
    ),
    Way(
        "grades",
        Counting.MAJORITY_JUDGMENT,
        (QuestionKind.GRADES,),
        _("A grade for each (majority judgment)"),
        _(
            "Each person gives each answer a grade, from “Very good” to “To reject”. The answer with the best "
            "middle grade comes first: half of the people at least give it that grade or a better one."
        ),
        _("“What do you think of each plan for the square?” A grade for each plan."),
    ),
    Way(
        "points",
        Counting.POINTS,
        (QuestionKind.POINTS,),
        _("Points to share out"),
        _(
            "Each person shares a number of points out between the answers. "
            "The answer with the most points comes first."
        ),
        _("“Where should benches be put first?” Seven points, three at most for one place."),
    ),
    Way(
        "budget",
        Counting.GREEDY,
        BUDGET_KINDS,
        _("Participatory budget: the most supported first"),
        _(
            "Projects have a cost, and there is a sum to spend. They are taken from the most supported on, as "
            "long as they fit; one that no longer fits is skipped and the next one is tried."
        ),
        _("“Which projects with 100,000 €?” The ten dearest may take all of it."),
    ),
    Way(
        "shares",
        Counting.EQUAL_SHARES,
        BUDGET_KINDS,
        _("Participatory budget: the method of equal shares"),
        _(
            "The sum is shared out equally between those who vote, and each project is paid for by those who "
            "support it. Smaller groups get their projects too; the result is explained step by step."
        ),
        _("“Which projects with 100,000 €?” 1,000 voters: each has 100 € for what they support."),
    ),
)
BY_NAME = {way.name: way for way in WAYS}
# The usual grades of majority judgment, the best first (Balinski and Laraki, 2011).
GRADES = (
    _("Excellent"),
    _("Very good"),
    _("Good"),
    _("Fair"),
    _("Passable"),
    _("Insufficient"),
    _("To reject"),
)


def way_of(kind: str, counting: str) -> Way:
    return next(way for way in WAYS if way.counting == counting and kind in way.kinds)


def with_ways(questions: Iterable[Question]) -> list[tuple[Question, Way]]:
    """Each question with the name of its way, for a list."""
    return [(question, way_of(question.kind, question.counting)) for question in questions]

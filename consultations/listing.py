"""What is to be voted on now; and what one can choose from, in the order and the quarter that an address asks for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from consultations.models import Option, Phase, PhaseKind, Question

# A page holds 600 elements at most (inclusion.md), and a project is nine.
SIZE = 40
# What the home page has room for.
MOST_ON_HOME = 4


def to_vote(*, at: datetime) -> QuerySet[Phase]:
    """The votes that are open, with their consultations, in one query; the soonest end first."""
    votes = Phase.objects.filter(kind=PhaseKind.VOTE, opens_at__lte=at, closes_at__gt=at)
    shown = votes.filter(consultation__published_at__isnull=False, consultation__withdrawn_at=None)
    return shown.select_related("consultation__theme", "consultation__turnout").order_by("closes_at", "pk")[
        :MOST_ON_HOME
    ]


@dataclass(frozen=True)
class Choice:
    """A way to look at the list as the page shows it: a plain link."""

    label: str
    url: str
    is_current: bool


class Projects:
    """One page of a question's options; what an address asks wrongly is left out."""

    def __init__(self, options: list[Option], query: QueryDict):
        questions = list({option.question_id: option.question for option in options}.values())
        self.by_rank = {str(question.rank): question for question in questions}
        asked = query.get("question", "")
        self.rank = asked if asked in self.by_rank else next(iter(self.by_rank), "")
        self.options = [option for option in options if str(option.question.rank) == self.rank]
        quarter, order = query.get("quartier", ""), query.get("tri", "")
        self.quarter = quarter if quarter in {option.quarter.slug for option in self.options if option.quarter} else ""
        self.order = order if order in self.known_orders else "bulletin"
        page = query.get("page", "")
        self.page = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1

    @property
    def question(self) -> Question | None:
        return self.by_rank.get(self.rank)

    @property
    def known_orders(self) -> dict[str, str]:
        names = {"bulletin": _("As on the ballot"), "nom": _("Name")}
        if any(option.cost is not None for option in self.options):
            names |= {"moins-cher": _("Lowest cost"), "plus-cher": _("Highest cost")}
        return names

    @cached_property
    def found(self) -> list[Option]:
        found = [o for o in self.options if not self.quarter or (o.quarter and o.quarter.slug == self.quarter)]
        keys = {
            "nom": lambda option: option.label.casefold(),
            "moins-cher": lambda option: option.cost or 0,
            "plus-cher": lambda option: -(option.cost or 0),
        }
        return sorted(found, key=keys[self.order]) if self.order in keys else found

    @property
    def all(self) -> int:
        return len(self.found)

    @property
    def items(self) -> list[Option]:
        return self.found[(self.page - 1) * SIZE : self.page * SIZE]

    @property
    def next_url(self) -> str:
        return self._url(page=str(self.page + 1)) if self.page * SIZE < self.all else ""

    @property
    def first_url(self) -> str:
        return self._url() if self.page > 1 else ""

    @property
    def questions(self) -> list[Choice]:
        ranks = self.by_rank if len(self.by_rank) > 1 else {}
        return [Choice(question.text, f"?question={rank}", rank == self.rank) for rank, question in ranks.items()]

    @property
    def orders(self) -> list[Choice]:
        return [Choice(label, self._url(tri=key), key == self.order) for key, label in self.known_orders.items()]

    @property
    def quarters(self) -> list[Choice]:
        names = {option.quarter.slug: option.quarter.name for option in self.options if option.quarter}
        if not names:
            return []
        choices = [Choice(_("All"), self._url(quartier=""), not self.quarter)]
        return choices + [
            Choice(name, self._url(quartier=slug), slug == self.quarter) for slug, name in sorted(names.items())
        ]

    def _url(self, **changed: str) -> str:
        first = next(iter(self.by_rank), "")
        asked = {
            "question": self.rank if self.rank != first else "",
            "tri": self.order if self.order != "bulletin" else "",
            "quartier": self.quarter,
        } | changed
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in asked.items() if value})
        return f"?{query.urlencode()}"

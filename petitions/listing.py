"""The list of petitions: which ones, in which order, and a sentence that says so."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from civic.kernel.keyset import Page, keyset_page
from civic.territory.models import Quarter, Theme
from petitions.models import Petition, PetitionState

SIZE = 20
SLUG = re.compile(r"[-a-z0-9_]+")

STATES = {
    "ouvertes": (pgettext_lazy("petitions", "Open"), [PetitionState.OPEN]),
    "a-venir": (pgettext_lazy("petitions", "Opening soon"), [PetitionState.SCHEDULED]),
    "closes": (
        pgettext_lazy("petitions", "Closed"),
        [PetitionState.CLOSED, PetitionState.ARCHIVED, PetitionState.WITHDRAWN],
    ),
    "refusees": (pgettext_lazy("petitions", "Refused"), [PetitionState.REFUSED]),
    "toutes": (pgettext_lazy("petitions", "All"), None),
}
ORDERS = {
    "recentes": (
        gettext_lazy("Most recent"),
        ("-listed_at", "-pk"),
        gettext_lazy("The most recent ones come first."),
    ),
    "signatures": (
        gettext_lazy("Most signed"),
        ("-counter__confirmed", "-pk"),
        gettext_lazy("The petitions with the most signatures come first."),
    ),
    "echeance": (
        gettext_lazy("Ending soon"),
        ("closes_at", "pk"),
        gettext_lazy("The petitions that close soonest come first."),
    ),
}
# What was never open has neither signatures nor an end to be ordered by.
ORDERS_OF = {"a-venir": ["recentes"], "refusees": ["recentes"]}


def slug_in(query: QueryDict, name: str) -> str:
    slug = query.get(name, "")
    return slug if SLUG.fullmatch(slug) else ""


@dataclass(frozen=True)
class Choice:
    """A filter or an order as the page shows it: a plain link."""

    label: str
    url: str
    is_current: bool


class Listing:
    """One page of the list as an address asks for it; what an address asks wrongly is left out."""

    def __init__(self, *, state: str, order: str, theme: str, quarter: str, query: str, cursor: str, at: datetime):
        self.state, self.order = state, order
        self.theme, self.quarter = theme, quarter
        self.query, self.cursor, self.at = query, cursor, at

    @classmethod
    def from_query(cls, query: QueryDict, *, at: datetime) -> "Listing":
        state, order = query.get("etat", ""), query.get("tri", "")
        return cls(
            state=state if state in STATES else "ouvertes",
            order=order if order in ORDERS_OF.get(state, ORDERS) else "recentes",
            theme=slug_in(query, "theme"),
            quarter=slug_in(query, "quartier"),
            query=query.get("q", "")[:100].strip(),
            cursor=query.get("apres", ""),
            at=at,
        )

    def rows(self) -> QuerySet[Petition]:
        states = STATES[self.state][1]
        rows = Petition.objects.shown().filter(listed_at__isnull=False)
        if self.order == "echeance":
            rows = rows.filter(closes_at__isnull=False)
        if self.order == "signatures":
            # Every listed petition has one; said here, the join is an inner one and its index gives the order.
            rows = rows.filter(counter__isnull=False)
        if states:
            rows = rows.in_state(*states, at=self.at)
        if self.theme:
            rows = rows.filter(theme__slug=self.theme)
        if self.quarter:
            rows = rows.filter(quarter__slug=self.quarter)
        return rows.search(self.query) if self.query else rows

    @cached_property
    def page(self) -> Page:
        rows = self.rows().select_related("theme", "quarter", "counter").prefetch_related("thresholds")
        return keyset_page(rows, order=ORDERS[self.order][1], cursor=self.cursor, size=SIZE)

    @property
    def items(self) -> list[Petition]:
        return self.page.items

    @property
    def next_url(self) -> str:
        return self._url(apres=self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def first_url(self) -> str:
        return self._url() if self.cursor else ""

    @property
    def order_sentence(self) -> str:
        return str(ORDERS[self.order][2])

    @property
    def states(self) -> list[Choice]:
        return [Choice(str(label), self._url(etat=key), key == self.state) for key, (label, _states) in STATES.items()]

    @property
    def orders(self) -> list[Choice]:
        """None where there is only one."""
        keys = ORDERS_OF.get(self.state, list(ORDERS))
        choices = [Choice(str(ORDERS[key][0]), self._url(tri=key), key == self.order) for key in keys]
        return choices if len(choices) > 1 else []

    @cached_property
    def themes(self) -> list[Choice]:
        return self._places("theme", _("All themes"), Theme.objects.all(), self.theme)

    @cached_property
    def quarters(self) -> list[Choice]:
        return self._places("quartier", _("The whole city"), Quarter.objects.all(), self.quarter)

    def _places(self, name: str, everywhere: str, places, current: str) -> list[Choice]:
        first = Choice(everywhere, self._url(**{name: ""}), not current)
        return [first] + [Choice(p.name, self._url(**{name: p.slug}), p.slug == current) for p in places]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What the search form keeps of the address."""
        kept = {"etat": self.state, "tri": self.order, "theme": self.theme, "quartier": self.quarter}
        return [(name, value) for name, value in kept.items() if value]

    def _url(self, **changes: str) -> str:
        parameters = {
            "etat": self.state, "tri": self.order, "theme": self.theme, "quartier": self.quarter, "q": self.query,
        } | changes  # fmt: skip
        defaults = {"etat": "ouvertes", "tri": "recentes"}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in parameters.items() if value and value != defaults.get(name)})
        return f"?{query.urlencode()}" if query else "?"

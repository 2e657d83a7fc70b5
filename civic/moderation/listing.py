"""What the queue shows: its views, its filters and, for each case, a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.kernel.keyset import Page, keyset_page
from civic.moderation import registry
from civic.moderation.forms import FilterForm
from civic.moderation.models import Case, Decision, Match, Reason, Report, Trigger
from civic.moderation.models.queue import ORDER, CaseQuerySet
from civic.moderation.registry import Action, Card, Label
from civic.territory.models import Space

ROWS = 20
EXCERPT = 160
# More is no list that somebody reads.
MOST_PLACES = 200


@dataclass(frozen=True)
class Tab:
    """One view of the queue; `name` is its word in the address."""

    name: str
    label: Label
    is_open: bool = True

    @property
    def order(self) -> tuple[str, ...]:
        return ORDER if self.is_open else ("-decided_at", "-pk")


WAITING = Tab("", _("To do"))
MINE = Tab("miens", _("Mine"))
REPORTED = Tab("signales", _("Reported"))
APPEALS = Tab("recours", _("Appeals"))
DECIDED = Tab("decides", _("Decided"), is_open=False)
TABS = (WAITING, MINE, REPORTED, APPEALS, DECIDED)


@dataclass(frozen=True)
class Row:
    """A case as the queue shows it."""

    case: Case
    card: Card
    actions: Sequence[Action]
    # How many people reported it, and what a machine noticed, in words.
    reports: int = 0
    signals: Sequence[Label] = ()

    @property
    def kind(self) -> registry.SubjectKind:
        return self.case.subject.kind_of

    @property
    def excerpt(self) -> str:
        """The beginning of what is to be read, where the title does not say it already."""
        text = next((part.text for part in self.card.parts if part.text and part.text != self.card.title), "")
        words = " ".join(text.split())
        return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rsplit(' ', 1)[0]}…"

    @property
    def is_overdue(self) -> bool:
        return self.case.is_overdue(at=timezone.now())

    @property
    def is_light(self) -> bool:
        """Whether it can be decided with others at once: some action needs nothing but, perhaps, a reason."""
        return self.case.is_open and any(not action.needs for action in self.actions)


class Listing:
    """One moderator's queue as an address asks for it. Answers in a bounded number of queries."""

    def __init__(self, user: User, asked: Mapping[str, str], *, at: datetime):
        self.user, self.asked, self.at = user, asked, at
        self.tab = next((tab for tab in TABS if tab.name == asked.get("vue", "")), WAITING)
        self.visible = Case.objects.visible_to(user)
        self.reasons = list(Reason.objects.all())
        self.filters = FilterForm(asked, places=self._places(), reasons=self.reasons)

    @cached_property
    def page(self) -> Page:
        cases = self._filtered(self._of_tab()).with_holder()
        if not self.tab.is_open:
            latest = Decision.objects.select_related("by", "reason").order_by("version")
            cases = cases.prefetch_related(Prefetch("decisions", latest, to_attr="told"))
        return keyset_page(cases, order=self.tab.order, cursor=self.asked.get("apres", ""), size=ROWS)

    @cached_property
    def rows(self) -> list[Row]:
        return rows_of(self.page.items)

    @cached_property
    def figures(self) -> dict:
        """How many wait in each view, since when the oldest, and which came last: one query."""
        counts = {f"n_{tab.name}": Count("pk", filter=self._of(tab)) for tab in TABS if tab.is_open}
        return self.visible.open().aggregate(
            oldest=Min("opened_at", filter=Q(apart_at=None)),
            newest=Max("pk"),
            late=Count("pk", filter=Q(apart_at=None, due_at__lt=self.at)),
            apart=Count("pk", filter=Q(apart_at__isnull=False)),
            **counts,
        )

    @property
    def waiting(self) -> int:
        return self.figures[f"n_{WAITING.name}"]

    @property
    def tabs(self) -> list[dict]:
        return [
            {
                "label": tab.label,
                "count": self.figures.get(f"n_{tab.name}"),
                "url": f"?{urlencode({'vue': tab.name})}" if tab.name else "?",
                "is_current": tab == self.tab,
            }
            for tab in TABS
        ]

    @property
    def is_narrowed(self) -> bool:
        return any(self.asked.get(name) for name in self.filters.fields)

    @property
    def kinds(self) -> list[registry.SubjectKind]:
        return registry.registered()

    @property
    def next_url(self) -> str:
        return self._address(apres=self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def first_url(self) -> str:
        return self._address(apres="") if self.asked.get("apres") else ""

    def _address(self, **changes: str) -> str:
        kept = {name: self.asked.get(name, "") for name in ("vue", *self.filters.fields)} | changes
        return f"?{urlencode({name: value for name, value in kept.items() if value})}"

    def _places(self) -> list[tuple[str, str]]:
        """The spaces in which something stands in this view, by name."""
        spaces = Space.objects.filter(pk__in=self._of_tab().order_by().values("subject__space"))
        return [(str(space.pk), str(space)) for space in spaces.order_by("name", "pk")[:MOST_PLACES]]

    def _of_tab(self) -> CaseQuerySet:
        cases = self.visible.open() if self.tab.is_open else self.visible.filter(decided_at__isnull=False)
        return cases.filter(self._of(self.tab))

    def _of(self, tab: Tab) -> Q:
        mine = Q(claimed_by=self.user, claimed_until__gt=self.at) | Q(escalated_to=self.user)
        return (
            Q(apart_at=None)
            & {
                WAITING: Q(),
                MINE: mine,
                REPORTED: Q(Exists(Report.objects.waiting().filter(case=OuterRef("pk")))),
                APPEALS: Q(trigger=Trigger.APPEAL),
                DECIDED: Q(),
            }[tab]
        )

    def _with_reason(self, reason: Reason) -> Q:
        """Reported for it where the case waits, decided for it where it does not."""
        if self.tab.is_open:
            return Q(Exists(Report.objects.filter(case=OuterRef("pk"), reason=reason)))
        return Q(Exists(Decision.objects.filter(case=OuterRef("pk"), reason=reason, undone_at=None)))

    def _filtered(self, cases: CaseQuerySet) -> CaseQuerySet:
        chosen = self.filters.cleaned_data if self.filters.is_valid() else {}
        if kind := chosen.get("type"):
            cases = cases.filter(subject__kind=kind)
        if reason := chosen.get("motif"):
            cases = cases.filter(self._with_reason(reason))
        if place := chosen.get("lieu"):
            cases = cases.filter(subject__space=None if place == "ville" else place)
        if age := chosen.get("age"):
            cases = cases.filter(
                Q(due_at__lt=self.at) if age == "retard" else Q(opened_at__lt=self.at - timedelta(days=int(age)))
            )
        return cases


def rows_of(cases: Iterable[Case]) -> list[Row]:
    """Rows for cases that were read `with_holder`; those whose content is gone are left out."""
    cases = list(cases)
    cards = registry.describe(case.subject for case in cases)
    counted = Report.objects.filter(case__in=cases).order_by().values_list("case").annotate(Count("pk"))
    reports: dict[int, int] = dict(counted)
    signals: dict[int, dict[str, Label]] = {}
    for match in Match.objects.filter(subject__in=[case.subject_id for case in cases]):
        signals.setdefault(match.subject_id, {})[match.signal] = match.get_signal_display()
    return [
        Row(case, card, case.actions(card), reports.get(case.pk, 0), list(signals.get(case.subject_id, {}).values()))
        for case in cases
        if (card := cards.get(case.subject_id)) is not None
    ]

"""What anyone reads: the list, a consultation, what one can choose from, the published text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.kernel.keyset import keyset_page
from civic.territory.models import Quarter
from consultations import wording
from consultations.listing import Projects
from consultations.models import Consultation, Option, Secrecy, State

TO_COME = (State.ANNOUNCED, State.INFORM, State.DEBATE)
OVER = (State.CLOSED, State.COUNTED, State.PROCLAIMED, State.DECIDED, State.WITHDRAWN)
SIZE = 20
# More options than this are read on a page of their own.
MOST_LISTED = 12
MOST_COMPARED = 3
SECRECY_NAMES: dict[str, Callable[[], str]] = {
    Secrecy.SECRET: lambda: _("Secret vote"),
    Secrecy.CONFIDENTIAL: lambda: _("Confidential vote"),
    Secrecy.NAMED: lambda: _("Named vote"),
}


def with_all(consultations):
    """Consultations with what a row or a head shows, in two queries for any number of them."""
    names = Quarter.objects.filter(consultation=OuterRef("pk")).order_by("rank").values("name")
    return consultations.with_life().select_related("theme", "stream").annotate(quarter_names=ArraySubquery(names))


def readable(request, pk: int) -> Consultation:
    return get_object_or_404(with_all(Consultation.objects.visible_to(request.user)), pk=pk)


# --- The list -------------------------------------------------------------------------------


@require_safe
@public_page(max_age=2)
def consultation_list(request):
    at, cursor = timezone.now(), request.GET.get("apres", "")
    page = keyset_page(
        with_all(Consultation.objects.in_state(*OVER, at=at)), order=("-published_at", "-pk"), cursor=cursor, size=SIZE
    )
    sections = [] if cursor else current_sections(at)
    for row in [row for section in sections for row in section["rows"]] + page.items:
        row.has_voters = has_voters(row, at)
    over = {"key": "over", "title": _("Before"), "rows": page.items, "nothing": _("None yet.")}
    over["next_url"] = f"?apres={page.next_cursor}" if page.next_cursor else ""
    context = {"sections": [*sections, over], "first_url": request.path if cursor else ""}
    return render(request, "consultations/list.html", context)


def current_sections(at: datetime) -> list[dict[str, Any]]:
    """What is to be voted on, the soonest end first; then what opens next."""
    rows = list(with_all(Consultation.objects.in_state(State.VOTING, *TO_COME, at=at)).order_by("pk")[:100])
    voting = sorted((row for row in rows if row.state_at(at) == State.VOTING), key=lambda row: row.vote.closes_at)
    coming = [row for row in rows if row.state_at(at) != State.VOTING]
    coming.sort(key=lambda row: (row.vote is None, row.vote.opens_at if row.vote else at))
    return [
        {"key": "voting", "title": _("To vote on"), "rows": voting, "nothing": _("No vote is open for now.")},
        {"key": "coming", "title": _("Coming up"), "rows": coming, "nothing": _("None is announced.")},
    ]


# --- One consultation -----------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it: its options, or how many there are."""

    question: Any
    options: list[Option]

    @property
    def is_list(self) -> bool:
        return len(self.options) <= MOST_LISTED

    @property
    def has_more(self) -> bool:
        return not self.is_list or any(option.description for option in self.options)


def asked_of(consultation: Consultation) -> list[Asked]:
    """Questions with their options, in one query."""
    options = Option.objects.filter(question__consultation=consultation).select_related("question", "quarter")
    by_question: dict[int, Asked] = {}
    for option in options.order_by("question__rank", "rank"):
        option.question.consultation = consultation
        by_question.setdefault(option.question_id, Asked(option.question, [])).options.append(option)
    return list(by_question.values())


@require_safe
@public_page(max_age=2)
def detail(request, pk, slug):
    consultation, at = readable(request, pk), timezone.now()
    if slug != consultation.slug:
        return redirect(consultation, permanent=True)
    return render(request, "consultations/detail.html", shown(consultation, at))


def shown(consultation: Consultation, at: datetime) -> dict[str, Any]:
    """What the page of a consultation shows at that moment."""
    asked = asked_of(consultation)
    return {
        "consultation": consultation,
        "state": consultation.state_at(at),
        "has_voters": has_voters(consultation, at),
        "secrecy_name": SECRECY_NAMES[consultation.secrecy](),
        "timeline": timeline(consultation, at),
        "questions": asked,
        "countings": list(dict.fromkeys(wording.how_it_is_counted(each.question.counting) for each in asked)),
        "documents": consultation.documents.all(),
        "extensions": consultation.extensions.select_related("phase"),
        "corrections": consultation.versions.filter(number__gt=1).defer("content"),
    }


def has_voters(consultation: Consultation, at: datetime) -> bool:
    """Whether a number of voters says something: from the opening on; an imported one has no roll."""
    vote = consultation.vote
    return consultation.is_published and vote is not None and vote.has_opened_at(at) and not consultation.source


def timeline(consultation: Consultation, at: datetime) -> list[dict[str, Any]]:
    """The phases in order. The end is exclusive: the last day is the one that holds the moment before it."""
    return [
        {
            "phase": phase,
            "is_current": phase.is_open_at(at),
            "is_done": phase.has_closed_at(at),
            "last": phase.closes_at and phase.closes_at - timedelta(seconds=1),
        }
        for phase in consultation.phases.all()
    ]


@require_safe
@public_page(max_age=5)
def short_address(request, pk):
    return redirect(get_object_or_404(Consultation.objects.visible_to(request.user), pk=pk), permanent=True)


# --- What one can choose from ---------------------------------------------------------------


def options_of(consultation: Consultation) -> list[Option]:
    return [option for each in asked_of(consultation) for option in each.options]


@require_safe
@public_page(max_age=5)
def projects(request, pk):
    consultation = readable(request, pk)
    listing = Projects(options_of(consultation), request.GET)
    if listing.question is None:
        raise Http404
    context = {"consultation": consultation, "listing": listing, "question": listing.question}
    return render(request, "consultations/projects.html", context)


@require_safe
@public_page(max_age=5)
def project(request, pk, option):
    consultation = readable(request, pk)
    options = Option.objects.filter(question__consultation=consultation).select_related("question", "quarter")
    context = {
        "consultation": consultation,
        "option": get_object_or_404(options, pk=option),
        "state": consultation.state_at(timezone.now()),
    }
    return render(request, "consultations/project.html", context)


@require_safe
@public_page(max_age=5)
def compare(request, pk):
    consultation = readable(request, pk)
    ticked = [int(each) for each in request.GET.getlist("c") if each.isascii() and each.isdigit() and len(each) < 10]
    by_pk = {option.pk: option for option in options_of(consultation)}
    known = [by_pk[each] for each in dict.fromkeys(ticked) if each in by_pk]
    compared = known[:MOST_COMPARED]
    context = {
        "consultation": consultation,
        "compared": compared,
        "too_many": len(known) > MOST_COMPARED,
        "has_costs": any(option.cost is not None for option in compared),
        "has_quarters": any(option.quarter for option in compared),
    }
    return render(request, "consultations/compare.html", context)

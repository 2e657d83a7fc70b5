"""What anyone reads of a proclaimed result: its page, each question, the steps of the count, the files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.kernel.text import clean_text
from consultations import published
from consultations.exporting import budget_of, export_pabulib
from consultations.models import Consultation
from consultations.naming import is_named
from consultations.results.ballots import BallotsShown
from consultations.results.budgets import STEPS, BudgetShown
from consultations.results.names import names_csv
from consultations.results.page import ResultPage
from consultations.results.shown import ON_ONE_PAGE
from consultations.tally.bundle import bundle

ABOUT: dict[str, str | Promise] = {
    published.BALLOTS: _("all ballots, by code"),
    published.QUESTIONS: _("the questions and how each is counted"),
    published.RECOUNT: _("the program that counts again"),
    "resultats.csv": _("the result as a table"),
    "resultats.json": _("the result for programs"),
    "datapackage.json": _("what each column means"),
    published.PABULIB: _("the same for the Pabulib library"),
    published.NAMES: _("the name beside the code of each ballot; personal data, which the licence leaves out"),
}


@dataclass(frozen=True)
class File:
    name: str
    url: str
    about: str | Promise


def proclaimed(pk: int) -> Consultation:
    """A consultation whose result is anybody's; of any other there is no page, whoever asks."""
    found = Consultation.objects.public().filter(proclaimed_at__isnull=False)
    return get_object_or_404(found.select_related("theme", "result").prefetch_related("phases"), pk=pk)


def page_of(pk: int) -> ResultPage:
    consultation = proclaimed(pk)
    return ResultPage(consultation, consultation.result)


@require_safe
@public_page(max_age=2)
def result(request, pk):
    page = page_of(pk)
    consultation = page.consultation
    context = {
        "consultation": consultation,
        "page": page,
        "places": [quarter.name for quarter in consultation.quarters.all()],
        "decision_html": clean_text(consultation.decision),
        "files": files_of(page),
    }
    return render(request, "consultations/results/page.html", context)


def files_of(page: ResultPage) -> list[File]:
    """The files to count again first; the .pb only where a budget can be written as one, names only of a named vote."""
    is_there = {published.PABULIB: page.is_budget, published.NAMES: page.is_named}
    names = [name for name in ABOUT if is_there.get(name, True)]
    pk = page.consultation.pk
    return [File(name, reverse("consultation-file", args=[pk, name]), ABOUT[name]) for name in names]


@require_safe
@public_page(max_age=5)
def question(request, pk, slug):
    page = page_of(pk)
    shown = page.question(slug)
    rows = getattr(shown, "projects", None) or getattr(shown, "rows", None) or []
    part, following = paged(rows, request.GET.get("apres", ""), ON_ONE_PAGE)
    context: dict[str, Any] = {"consultation": page.consultation, "question": shown, "rows": part, "rows_each": ""}
    return render(request, "consultations/results/question.html", context | following)


@require_safe
@public_page(max_age=5)
def steps(request, pk, slug):
    page = page_of(pk)
    shown = page.question(slug)
    if not shown.steps_template:
        raise Http404
    context: dict[str, Any] = {"consultation": page.consultation, "question": shown}
    if isinstance(shown, BudgetShown):
        after = request.GET.get("apres", "")
        shares, following = paged(shown.shares_steps, after, STEPS)
        greedy, further = paged(shown.greedy_steps, after, STEPS)
        context |= {"shares_steps": shares, "greedy_steps": greedy} | (following if following["next_url"] else further)
    return render(request, "consultations/results/steps.html", context)


@require_safe
@public_page(max_age=60)
def ballots(request, pk):
    """Where those who voted find their ballot by the beginning of its code; imported ballots have codes of nobody."""
    page = page_of(pk)
    if not page.has_roll:
        raise Http404
    start = position(request.GET.get("apres", ""))
    found = BallotsShown(page.consultation, page.ballots, request.GET.get("debut", ""), start)
    context: dict[str, Any] = {"consultation": page.consultation, "page": page, "found": found}
    return render(request, "consultations/results/ballots.html", context)


def position(after: str) -> int:
    """How many rows come before; a wrong number is none."""
    return int(after) if after.isascii() and after.isdigit() and len(after) < 5 else 0


def paged(rows: Sequence[Any], after: str, size: int) -> tuple[Sequence[Any], dict[str, str]]:
    """Some rows after so many, with the addresses of the next ones and of the first."""
    start = position(after)
    end = start + size
    following = {"next_url": f"?apres={end}" if end < len(rows) else "", "first_url": "?" if start else ""}
    return rows[start:end], following


@require_safe
@public_page(max_age=60)
def file(request, pk, name):
    consultation = proclaimed(pk)
    if name not in ABOUT:
        raise Http404
    response = contents(consultation, name)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def contents(consultation: Consultation, name: str) -> HttpResponse | StreamingHttpResponse:
    if name == published.BALLOTS:
        return StreamingHttpResponse(published.ballot_lines(consultation), content_type="text/csv; charset=utf-8")
    if name == published.RECOUNT:
        return HttpResponse(bundle(), content_type="application/zip")
    if name == published.PABULIB:
        if budget_of(consultation) is None:
            raise Http404
        return HttpResponse(export_pabulib(consultation), content_type="text/csv; charset=utf-8")
    if name == published.NAMES:
        if not is_named(consultation):
            raise Http404
        return HttpResponse(names_csv(consultation), content_type="text/csv; charset=utf-8")
    kind, text = published.TEXTS[name]
    return HttpResponse(text(consultation, consultation.result), content_type=f"{kind}; charset=utf-8")

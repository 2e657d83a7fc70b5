"""The home page and the pages that every public site owes."""

import logging
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from civic.kernel import limits
from civic.kernel.addresses import client_address, network
from civic.kernel.caching import public_page
from consultations.listing import to_vote
from livestream.listing import on_home
from petitions.figures import figures
from petitions.models import Petition, Threshold

logger = logging.getLogger(__name__)

# Reports longer than this are cut: they are written by anyone's browser.
REPORT_LENGTH = 2000
# Petitions on the home page.
NEWEST, ENDING = 6, 3


@require_safe
@public_page(max_age=2)
def home(request):
    at = timezone.now()
    newest, ending = cards(at=at)
    context = {
        "sittings": on_home(at=at),
        "open_petitions": newest,
        "ending_soon": ending,
        "to_vote": to_vote(at=at),
        "reached": Threshold.objects.reached_lately()[:4],
        "figures": figures(at=at),
    }
    return render(request, "portal/home.html", context)


def cards(*, at: datetime) -> tuple[list[Petition], list[Petition]]:
    """The newest petitions and those that end soonest, in two queries for both."""
    rows = Petition.objects.open(at=at)
    newest, ending = rows.order_by("-listed_at", "-pk"), rows.order_by("closes_at", "pk")
    wanted = newest.values("pk")[:NEWEST].union(ending.values("pk")[:ENDING])
    found = rows.filter(pk__in=wanted).select_related("theme", "quarter", "counter").prefetch_related("thresholds")
    by_age = sorted(found, key=lambda petition: (petition.listed_at, petition.pk), reverse=True)
    by_end = sorted(found, key=lambda petition: (petition.closes_at, petition.pk))
    return by_age[:NEWEST], by_end[:ENDING]


def page(template: str):
    """A page of text that is the same for all."""

    @require_safe
    @public_page(max_age=300)
    def view(request):
        return render(request, f"portal/{template}.html")

    return view


@csrf_exempt
@require_POST
def csp_report(request):
    """What a browser refused to load or run; logged, cut short, nothing kept."""
    limits.consume("csp-report", network(client_address(request)), rate="30/h")
    logger.warning("csp report: %s", request.body[:REPORT_LENGTH].decode("utf-8", "replace"))
    return HttpResponse(status=204)

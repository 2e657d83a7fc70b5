"""Sittings as open data: calendars, a feed, and what was decided as SCDL *délibérations* 2.1."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.kernel.tabular import csv_response
from civic.opendata.records import News
from livestream import ics
from livestream.matters import MATTERS
from livestream.models import Choice, Division, ItemKind, Sitting

MOST = 500
HEADER = (
    "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM", "DELIB_OBJET",
    "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE", "VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE",
    "VOTE_ABSTENTION", "DELIB_URL",
)  # fmt: skip
# The budget, and what the prefecture answers: no part of a sitting.
NOT_KEPT = ("", "", "", "")


def _as_calendar(text: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@require_safe
@public_page(max_age=5)
def all_ics(request):
    """Those to come and the latest of the others, cancelled ones included: a calendar then takes them away."""
    rows = ics.with_length(Sitting.objects.public().with_life()).order_by("-starts_at", "-pk")[:MOST]
    return _as_calendar(ics.calendar(rows, name=_("Council sessions")), "seances.ics")


@require_safe
@public_page(max_age=5)
def sitting_ics(request, pk):
    sitting = get_object_or_404(ics.with_length(Sitting.objects.public().with_life()), pk=pk)
    return _as_calendar(ics.calendar([sitting], name=sitting.title), f"seance-{sitting.pk}.ics")


class NewSittings(News):
    """The sittings convened last, for feed readers."""

    title = gettext_lazy("Council sessions")
    subtitle = gettext_lazy("When the council meets, and on what.")
    link = reverse_lazy("council:list")

    def items(self):
        return Sitting.objects.public().order_by("-convened_at", "-pk")[:30]

    def told(self, item):
        return item.cancellation_reason or item.summary

    def item_pubdate(self, item):
        return item.convened_at

    def item_updateddate(self, item):
        return item.changed_at


sittings_feed = require_safe(public_page(max_age=5)(NewSittings()))


# --- Deliberations --------------------------------------------------------------------------


def decided():
    """Votes on deliberations of sittings that are over, with how many voted how, in one query; the latest first."""
    counts = {f"counted_{choice.name.lower()}": Count("voices", filter=Q(voices__choice=choice)) for choice in Choice}
    rows = Division.objects.filter(replaced_by=None, subject="", item__kind=ItemKind.DELIBERATION)
    complete = rows.exclude(item__deliberation_number="").exclude(item__matter_code="")
    over = complete.filter(item__sitting__adjourned_at__isnull=False)
    return over.select_related("item__sitting").annotate(**counts).order_by("-voted_at", "-pk")


def deliberation_rows() -> Iterator[list[object]]:
    for division in islice(decided().iterator(chunk_size=500), 20_000):
        item = division.item
        in_favour, against, abstentions = _counts(division)
        yield [
            settings.CITY["name"],
            settings.CITY["siret"],
            item.deliberation_number,
            timezone.localdate(division.voted_at).isoformat(),
            item.matter_code,
            MATTERS.get(item.matter_code, item.matter_code),
            item.title,
            *NOT_KEPT,
            division.in_office,
            in_favour + against + abstentions,
            in_favour,
            against,
            abstentions,
            f"{settings.SITE_URL.rstrip('/')}{item.get_absolute_url()}",
        ]


def _counts(division) -> tuple[int, int, int]:
    if division.is_secret:
        return division.in_favour, division.against, division.abstentions
    return division.counted_for, division.counted_against, division.counted_abstention


@require_safe
@public_page(max_age=5)
def deliberations_csv(request):
    return csv_response("deliberations.csv", HEADER, deliberation_rows())

"""Petitions as open data: JSON for programs, Atom for readers. Never a signer's data."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.opendata.records import News, open_data, records
from petitions.models import Petition


def public_petitions() -> QuerySet[Petition]:
    rows = Petition.objects.shown().filter(listed_at__isnull=False)
    return rows.select_related("theme", "quarter", "author", "counter").prefetch_related("thresholds")


def as_record(petition: Petition, request: HttpRequest) -> dict:
    """One petition, dates in ISO 8601 with offset; the author's name only while it is open."""
    return {
        "id": petition.pk,
        "url": request.build_absolute_uri(petition.get_absolute_url()),
        "title": petition.title,
        "request": petition.request,
        "state": petition.state.value,
        "theme": petition.theme.slug if petition.theme else None,
        "quarter": petition.quarter.slug if petition.quarter else None,
        "author": petition.author_name or None if petition.is_open else None,
        "opens_at": petition.opens_at,
        "closes_at": petition.closes_at,
        "count": petition.count,
        "thresholds": [{"kind": t.kind, "count": t.count, "reached_at": t.reached_at} for t in petition.all_thresholds],
    }


@require_safe
@public_page(max_age=5)
def petitions_json(request):
    """All public petitions, latest first, 50 at a time; `next` is the address of the next ones."""
    return records(request, "petitions", public_petitions(), order=("-listed_at", "-pk"), as_record=as_record)


@require_safe
@public_page(max_age=2)
def petition_json(request, pk):
    petition = get_object_or_404(public_petitions(), pk=pk)
    return open_data(as_record(petition, request) | {"details": petition.details})


@require_safe
@public_page(max_age=1)
def count_json(request, pk):
    petition = get_object_or_404(Petition.objects.shown().select_related("counter"), pk=pk)
    return open_data({"id": petition.pk, "count": petition.count, "updated_at": petition.counter.updated_at})


class NewPetitions(News):
    """The petitions opened last, for feed readers."""

    title = _("New petitions")
    subtitle = _("The petitions that have just opened for signature.")
    link = reverse_lazy("petitions:list")

    def items(self):
        return Petition.objects.open(at=timezone.now()).order_by("-listed_at", "-pk")[:30]

    def told(self, item):
        return item.request

    def item_pubdate(self, item):
        return item.opens_at

    def item_updateddate(self, item):
        return item.opens_at


new_petitions_feed = require_safe(public_page(max_age=5)(NewPetitions()))

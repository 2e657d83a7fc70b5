"""Consultations as open data: what is asked, when, and where the result is once there is one."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.opendata.records import News, records
from civic.territory.models import Quarter
from consultations.models import Consultation


def public_consultations() -> QuerySet:
    slugs = Quarter.objects.filter(consultation=OuterRef("pk")).order_by("rank").values("slug")
    return (
        Consultation.objects.public()
        .select_related("theme")
        .prefetch_related("phases")
        .annotate(quarter_slugs=ArraySubquery(slugs))
    )


def as_record(consultation: Any, request: HttpRequest) -> dict[str, Any]:
    """One consultation, dates in ISO 8601 with offset; of its result no more than where it stands, once proclaimed."""
    result = reverse("consultations:results", args=[consultation.pk]) if consultation.is_proclaimed else None
    return {
        "id": consultation.pk,
        "url": request.build_absolute_uri(consultation.get_absolute_url()),
        "title": consultation.title,
        "summary": consultation.summary,
        "state": consultation.state_at(timezone.now()).value,
        "theme": consultation.theme.slug if consultation.theme else None,
        "quarters": consultation.quarter_slugs,
        "secrecy": consultation.secrecy,
        "source": consultation.source or None,
        "phases": [
            {"kind": phase.kind, "opens_at": phase.opens_at, "closes_at": phase.closes_at}
            for phase in consultation.phases.all()
        ],
        "proclaimed_at": consultation.proclaimed_at,
        "decided_at": consultation.decided_at,
        "results": request.build_absolute_uri(result) if result else None,
    }


@require_safe
@public_page(max_age=5)
def consultations_json(request):
    """All published consultations, latest first, 50 at a time; `next` is the address of the next ones."""
    rows = public_consultations()
    return records(request, "consultations", rows, order=("-published_at", "-pk"), as_record=as_record)


class NewConsultations(News):
    """The consultations published last, for feed readers."""

    title = _("New consultations")
    subtitle = _("What the city asks, and what came of it.")
    link = reverse_lazy("consultations:list")

    def items(self):
        return Consultation.objects.public().order_by("-published_at", "-pk")[:30]

    def told(self, item):
        return item.summary

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.decided_at or item.proclaimed_at or item.published_at


new_consultations_feed = require_safe(public_page(max_age=5)(NewConsultations()))

"""A draft as a resident will see it: the same pages, on the day that the vote opens. Nothing is stored."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import tally
from consultations.desk.views.doors import form_page, page
from consultations.doors import YES, InPublic, OfAge
from consultations.eligibility import Voter
from consultations.models import Consultation
from consultations.naming import is_named
from consultations.obstacles import NotEligible
from consultations.views.reading import shown, with_all
from consultations.views.taking_part import Journey


class Visitor:
    """Somebody whom nothing keeps from voting, and who is nobody."""

    start_page = "start"

    def __init__(self, consultation: Consultation):
        self.consultation = consultation

    def form(self, typed: Any) -> OfAge:
        if is_named(self.consultation):
            return InPublic(typed, self.consultation, _("Your name"))
        return OfAge(typed, self.consultation)

    def fields(self, typed: Any) -> list[tuple[str, str]]:
        return [(name, "on") for name in YES if typed.get(name)]

    def voter(self, typed: Any, *, at: datetime) -> Voter:
        return Voter(key="")

    def obstacle(self, *, at: datetime) -> NotEligible | None:
        return None

    def ways(self, obstacle: NotEligible | None) -> list[dict[str, str]]:
        return []


class Rehearsal(Journey):
    """The ballot as it will be, up to the sending; then it says so, and casts nothing."""

    def can_change(self) -> bool:
        return False

    def send(self, voter: Voter) -> HttpResponse:
        return self.page_of("desk/rehearsed")

    def page_of(self, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"consultation": self.consultation, "page": f"consultations/{name}.html"}
        return render(self.request, "consultations/desk/preview.html", context, status=status)


def seen_on_the_day(request, pk: int) -> Consultation:
    """As if it were published, in memory alone; without days of the vote it stays the draft that it is."""
    consultation = get_object_or_404(with_all(Consultation.objects.run_by(request.user)), pk=pk)
    if consultation.vote and not consultation.is_published:
        consultation.published_at = timezone.now()
    return consultation


@page
def preview(request, pk):
    consultation = seen_on_the_day(request, pk)
    at = max(consultation.vote.opens_at, timezone.now()) if consultation.vote else timezone.now()
    context = shown(consultation, at) | {"page": "consultations/detail.html", "is_text": True}
    return render(request, "consultations/desk/preview.html", context)


@form_page()
def rehearse(request, pk):
    """The ballot, to be tried; one whose parts don't fit yet leads back to what is missing."""
    consultation = seen_on_the_day(request, pk)
    journey = Rehearsal(request, consultation, Visitor(consultation))
    try:
        rules = [question.as_rule() for question in journey.questions]
    except tally.InvalidQuestion:
        rules = []
    if not rules or consultation.vote is None:
        messages.warning(request, _("The ballot can be tried once its questions are complete."))
        return redirect("clerk:consultation", consultation.pk)
    return journey.respond()

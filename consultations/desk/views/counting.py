"""The day of the count, and the proclamation. Scrutineers bring their keys on a page of their own."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import opening, proclamation
from consultations.desk.views.doors import form_page, shown
from consultations.desk.views.life import published_of
from consultations.models import State


@form_page()
def count(request, pk):
    """Where the count stands; a vote that is not secret needs no key and is counted from here."""
    consultation, at = published_of(request, pk), timezone.now()
    if request.method == "POST" and not consultation.is_secret:
        if not opening.begin(consultation, by=request.user, at=at):
            return redirect("scrutiny:progress", consultation.pk)
        messages.success(request, _("The ballots are counted. Nobody reads the result before it is proclaimed."))
        return redirect("clerk:proclaim", consultation.pk)
    return shown(request, "count", {"consultation": consultation, "state": consultation.state_at(at)})


@form_page()
def proclaim(request, pk):
    consultation, at = published_of(request, pk), timezone.now()
    if request.method == "POST":
        proclamation.proclaim(consultation, request.user, at=at)
        messages.success(request, _("The result is proclaimed."))
        return redirect("clerk:consultation", consultation.pk)
    is_due = consultation.state_at(at) == State.COUNTED
    return shown(request, "proclaim", {"consultation": consultation, "is_due": is_due})

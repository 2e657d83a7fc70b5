"""The desk's shelves, and one consultation with all that can be done to it."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.desk.views.doors import page, shown
from consultations.desk.ways import with_ways
from consultations.models import Consultation, PhaseKind, State

# More than a city asks in years; the older ones are found on the public list.
MOST = 200
BEFORE = (State.DRAFT, State.ANNOUNCED, State.INFORM, State.DEBATE)
RUNNING = (*BEFORE[1:], State.VOTING)
SHELVES = (
    ("drafts", _("Being written"), (State.DRAFT,), _("No draft.")),
    ("running", _("Under way"), RUNNING, _("Nothing is under way.")),
    ("waiting", _("Waiting for you"), (State.CLOSED, State.COUNTED, State.PROCLAIMED), ""),
    ("over", _("Over"), (State.DECIDED, State.WITHDRAWN), ""),
)
NOTES = {State.CLOSED: _("to count"), State.COUNTED: _("to proclaim"), State.PROCLAIMED: _("to decide")}


@page
def consultations(request):
    """All that this clerk runs, by what is to be done with it."""
    at = timezone.now()
    found = Consultation.objects.run_by(request.user).with_life().order_by("-created_at", "-pk")[:MOST]
    rows = [row(each, at) for each in found]
    shelves = [
        {"name": name, "title": title, "empty": empty, "rows": [row for row in rows if row["shelf"] in states]}
        for name, title, states, empty in SHELVES
    ]
    return shown(request, "list", {"shelves": shelves})


def row(consultation: Consultation, at: datetime) -> dict[str, Any]:
    """What was imported was decided elsewhere: it waits for nobody here."""
    state = consultation.state_at(at)
    shelf = State.DECIDED if consultation.source else state
    told = {"state": state, "shelf": shelf, "note": NOTES.get(shelf), "has_opened": state not in BEFORE}
    return {"consultation": consultation} | told


@page
def consultation(request, pk):
    """Where it stands, what is missing or comes next, and each of its sections."""
    at = timezone.now()
    found = get_object_or_404(
        Consultation.objects.run_by(request.user)
        .with_life()
        .select_related("theme", "resident_list", "space")
        .prefetch_related("quarters", "documents", "scrutineers__user"),
        pk=pk,
    )
    questions = with_ways(found.questions.annotate(choices=Count("options")))
    state = found.state_at(at)
    context = {
        "consultation": found,
        "state": state,
        "questions": questions,
        "phases": sorted(found.phases.all(), key=lambda phase: PhaseKind.values.index(phase.kind)),
        "lacks": found.missing(at=at) if state == State.DRAFT else [],
        "can_correct": state != State.WITHDRAWN and not found.source,
        "can_send_codes": found.takes_codes and state in RUNNING,
        "can_move": state not in (State.DRAFT, State.WITHDRAWN),
        "can_withdraw": state in RUNNING or state == State.CLOSED,
        "has_opened": state not in BEFORE,
        "at": at,
    }
    return shown(request, "consultation" if found.is_published else "draft", context)

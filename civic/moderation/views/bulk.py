"""Many cases at once, each with its own result."""

from uuid import uuid4

from django.shortcuts import render
from django.utils import timezone

from civic.moderation import lot
from civic.moderation.forms import BulkForm, BulkUndoForm
from civic.moderation.models import Case
from civic.moderation.views.doors import act


@act
def decide_many(request):
    form = BulkForm(request.POST)
    if not form.is_valid():
        return render(request, "moderation/bulk.html", {"form": form}, status=422)
    found = form.cleaned_data
    outcomes = lot.decide(
        request.user,
        found["row"],
        lot.KEYS[found["does"]],
        key=found["key"],
        reason=found["reason"],
        at=timezone.now(),
    )
    return result(request, outcomes, is_undo=False)


@act
def undo_many(request):
    form = BulkUndoForm(request.POST)
    if not form.is_valid():
        return render(request, "moderation/bulk.html", {"form": form}, status=422)
    found = form.cleaned_data
    outcomes = Case.objects.undo_many(request.user, found["row"], key=found["key"], at=timezone.now())
    return result(request, outcomes, is_undo=True)


def result(request, outcomes, *, is_undo: bool):
    """The same form sent again decides nothing twice, so that a reload shows the same."""
    done = [outcome for outcome in outcomes if outcome.is_done]
    conflicts = [outcome for outcome in outcomes if not outcome.is_done]
    titles = lot.titles(request.user, [outcome.case_id for outcome in outcomes])
    context = {
        "done": [(outcome, titles.get(outcome.case_id, "")) for outcome in done],
        "conflicts": [(outcome, titles.get(outcome.case_id, "")) for outcome in conflicts],
        "is_undo": is_undo,
        "undo_key": uuid4(),
        "section": "moderation",
    }
    return render(request, "moderation/bulk.html", context)

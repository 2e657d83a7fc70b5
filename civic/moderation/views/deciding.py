"""Deciding one case, and taking a decision back."""

from django.shortcuts import redirect
from django.utils import timezone

from civic.moderation.forms import DecisionForm, UndoForm
from civic.moderation.views.cases import PREFERENCE, case_page
from civic.moderation.views.doors import act, case_of, onwards


@act
def decide(request, pk):
    case, now = case_of(request, pk), timezone.now()
    form = DecisionForm(case, request.POST, card=case.card(), by=request.user, at=now)
    if not form.is_valid():
        return case_page(request, case, form=form)
    case.decide(request.user, at=now, **form.ruling)
    takes_next = form.cleaned_data["then_next"]
    if request.session.get(PREFERENCE, True) != takes_next:
        request.session[PREFERENCE] = takes_next
    return onwards(request, case, takes_next=takes_next)


@act
def undo(request, pk):
    case, form = case_of(request, pk), UndoForm(request.POST)
    form.is_valid()
    case.undo(
        request.user,
        version=form.cleaned_data.get("version"),
        key=form.cleaned_data.get("key"),
        at=timezone.now(),
    )
    return redirect("moderation:case", pk)

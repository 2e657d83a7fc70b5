"""Working on a case together: a note, handing it over, setting it apart."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import Role
from civic.moderation.forms import ApartForm, EscalateForm, NoteForm
from civic.moderation.views.cases import case_page
from civic.moderation.views.doors import act, case_of, form_page, onwards


@act
def note(request, pk):
    case, form = case_of(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return case_page(request, case, note_form=form)
    case.note(request.user, form.cleaned_data["text"], at=timezone.now())
    return redirect("moderation:case", pk)


@form_page
def escalate(request, pk):
    case, now = case_of(request, pk), timezone.now()
    form = EscalateForm(case.colleagues(request.user, at=now), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return ask(request, case, form, "moderation/escalate.html")
    case.escalate(request.user, form.cleaned_data["to"], form.cleaned_data["text"], at=now)
    return onwards(request, case, takes_next=True)


@form_page
def set_apart(request, pk):
    case = case_of(request, pk)
    form = ApartForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return ask(request, case, form, "moderation/set_apart.html")
    case.set_apart(request.user, form.cleaned_data["kind"], form.cleaned_data["text"], at=timezone.now())
    messages.success(request, _("The case is set apart, its text is hidden and kept as evidence."))
    return redirect("moderation:apart" if request.user.has_role(Role.MODERATOR) else "moderation:queue")


@form_page
def bring_back(request, pk):
    case = case_of(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return ask(request, case, form, "moderation/bring_back.html")
    case.bring_back(request.user, form.cleaned_data["text"], at=timezone.now())
    return redirect("moderation:case", pk)


def ask(request, case, form, template: str):
    context = {"case": case, "card": case.card(), "kind": case.subject.kind_of, "form": form, "section": "moderation"}
    return render(request, template, context, status=422 if form.is_bound else 200)

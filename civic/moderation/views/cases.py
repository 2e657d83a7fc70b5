"""One case: reading it, taking it, leaving it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from civic.kernel.text import whole_number
from civic.moderation.dossier import Dossier, told_of
from civic.moderation.forms import DecisionForm, NoteForm
from civic.moderation.models import Case
from civic.moderation.views.doors import act, case_of, followed, page

# Whether somebody wants the next case after a decision; kept for as long as they are signed in.
PREFERENCE = "moderation_then_next"


@page
def case(request, pk):
    return case_page(request, case_of(request, pk))


def case_page(
    request, case: Case, *, form: DecisionForm | None = None, note_form: NoteForm | None = None
) -> HttpResponse:
    """The case as this moderator may see it; with a form that needs another look, 422."""
    dossier = Dossier(case, request.user)
    # Who holds a case keeps it; who only reads is told what becomes of it.
    desks = [] if dossier.is_held else followed(request.user)
    scripts = ["js/lease.js", "js/keys.js"] if dossier.is_held else ["js/live.js", "js/queue.js", "js/keys.js"]
    if form is None and dossier.can_decide:
        form = DecisionForm(
            case,
            card=dossier.card,
            by=request.user,
            at=timezone.now(),
            then_next=request.session.get(PREFERENCE, True),
            offers_places="deplacer" in request.GET,
        )
    told = told_of(request.user, whole_number(request.GET.get("avant")))
    context = {"dossier": dossier, "case": case, "card": dossier.card, "kind": dossier.kind, "subject": case.subject}
    context |= {"form": form, "note_form": note_form or NoteForm(), "told": told, "section": "moderation"}
    context |= {"desks": desks, "scripts": scripts}
    is_wrong = any(given is not None and given.errors for given in (form, note_form))
    return render(request, "moderation/case.html", context | dict(dossier.around), status=422 if is_wrong else 200)


@act
def claim(request, pk):
    case_of(request, pk).claim(request.user)
    return redirect("moderation:case", pk)


@act
def renew(request, pk):
    case_of(request, pk).renew(request.user)
    return HttpResponse(status=204)


@act
def release(request, pk):
    case_of(request, pk).release(request.user)
    return redirect("moderation:queue")

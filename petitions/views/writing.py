"""Writing a petition, one thing at a time, on one draft that survives going back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from civic.kernel import limits
from civic.kernel.caching import private_page
from civic.kernel.errors import NotAllowed
from civic.kernel.giving_back import giving_back
from petitions.forms import DetailsForm, PlaceForm, RequestForm, TitleForm
from petitions.models import Petition

STEPS = {
    "titre": gettext_lazy("Title"),
    "demande": gettext_lazy("Request"),
    "details": gettext_lazy("Details"),
    "lieu": gettext_lazy("Theme and place"),
    "relecture": gettext_lazy("Read again and send"),
}
FORMS = {"titre": TitleForm, "demande": RequestForm, "details": DetailsForm, "lieu": PlaceForm}
ORDER = list(STEPS)
SIMILAR = 5


@login_required
@private_page
@giving_back(TitleForm)
def new(request):
    """The first step; the draft begins with its title."""
    form = TitleForm(request.POST or None)
    if form.is_valid():
        limits.consume("petition-draft", f"account:{request.user.pk}", rate="20/d")
        petition = Petition.draft(request.user, title=form.cleaned_data["title"])
        return redirect("petitions:write", petition.pk, "demande")
    return step_page(request, None, "titre", form)


@login_required
@private_page
@giving_back(*FORMS.values())
def write(request, pk, step):
    if step not in STEPS:
        raise Http404
    petition = get_object_or_404(Petition.objects.select_related("theme", "quarter"), pk=pk, author=request.user)
    if not petition.can_be_edited_by(request.user, at=timezone.now()):
        raise NotAllowed(_("This petition can no longer be edited."))
    return review(request, petition) if step == "relecture" else text_step(request, petition, step)


def text_step(request, petition, step):
    going_back = "back" in request.POST
    form = FORMS[step](request.POST or None, instance=petition, going_back=going_back)
    if form.is_valid():
        petition.edit(request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("petitions:write", petition.pk, neighbour(step, -1 if going_back else 1))
    return step_page(request, petition, step, form)


def review(request, petition):
    if request.method == "POST":
        petition.submit(request.user, at=timezone.now())
        messages.success(request, _("Your petition is sent. You will be told by mail what becomes of it."))
        return redirect("petitions:mine")
    return step_page(request, petition, "relecture", None)


def step_page(request, petition, step, form):
    steps = [
        {"key": key, "label": label, "is_current": key == step, "is_done": ORDER.index(key) < ORDER.index(step)}
        for key, label in STEPS.items()
    ]
    context = {"petition": petition, "step": step, "steps": steps, "form": form, "number": ORDER.index(step) + 1}
    if step == "demande":
        context["similar"] = similar_to(petition)
    status = 422 if form is not None and form.is_bound else 200
    return render(request, f"petitions/write_{'review' if form is None else 'step'}.html", context, status=status)


def similar_to(petition):
    """Up to five open petitions that say nearly the same: signing one of them weighs more than a second one."""
    others = Petition.objects.open(at=timezone.now()).exclude(pk=petition.pk).like(petition.title)
    return others.select_related("theme", "quarter", "counter").prefetch_related("thresholds")[:SIMILAR]


def neighbour(step: str, distance: int) -> str:
    return ORDER[max(0, ORDER.index(step) + distance)]


@require_safe
@login_required
@private_page
def mine(request):
    petitions = Petition.objects.filter(author=request.user, removed_at=None).select_related(
        "counter", "theme", "quarter", "refusal_reason"
    )
    return render(request, "petitions/mine.html", {"petitions": petitions.order_by("-created_at", "-pk")[:100]})

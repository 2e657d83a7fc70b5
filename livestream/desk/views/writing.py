"""A session is written, convened, cancelled."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.kernel import limits
from livestream.desk.forms import AnnouncementForm, NewForm, ReasonForm
from livestream.desk.views.doors import form_page, number_in, show, shown, sitting_of
from livestream.models import Sitting


@form_page(NewForm)
def new(request):
    form = NewForm(request.POST or None)
    if form.is_valid():
        limits.consume("sitting-draft", f"account:{request.user.pk}", rate="40/d")
        sitting = Sitting.draft(request.user, **form.cleaned_data)
        return redirect("sitting:sitting", sitting.pk)
    return show(request, "new", {}, form=form)


@form_page(AnnouncementForm)
def announcement(request, pk):
    """What everyone reads of it before it begins."""
    sitting = sitting_of(request, pk)
    form = AnnouncementForm(request.POST or None, sitting=sitting)
    if form.is_valid():
        sitting.edit(request.user, revision=sitting.revision, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The announcement is kept."))
        return redirect("sitting:sitting", sitting.pk)
    return show(request, "announcement", {"sitting": sitting}, form=form)


@form_page()
def convene(request, pk):
    """Shows what becomes public; then convenes it as it was read there."""
    sitting = sitting_of(request, pk)
    if request.method == "POST":
        sitting.convene(request.user, at=timezone.now(), revision=number_in(request, "revision") or 0)
        messages.success(request, _("The session is convened: its agenda is public."))
        return redirect("sitting:sitting", sitting.pk)
    items = sitting.items.select_related("rapporteur")
    return shown(request, "convene", {"sitting": sitting, "items": items, "lacks": sitting.lacks})


@form_page(ReasonForm)
def cancel(request, pk):
    sitting = sitting_of(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        sitting.cancel(request.user, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, _("The session is cancelled, and its page says why."))
        return redirect("sitting:sitting", sitting.pk)
    return show(request, "cancel", {"sitting": sitting}, form=form)

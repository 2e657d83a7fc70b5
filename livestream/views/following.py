"""What a person follows: a sitting and its items, themes and quarters; and the link of a mail that stops it all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from civic.kernel.braking import form_page
from civic.kernel.caching import private_page
from livestream import telling
from livestream.forms import PlacesFollowForm, SittingFollowForm
from livestream.models import Follow, ItemState, Sitting
from livestream.models.passage import NotNow
from livestream.models.states import OVER

may_write = require_http_methods(["GET", "HEAD", "POST"])


@may_write
@login_required
@private_page
def sitting(request, pk):
    """Choose what of a sitting one is told of; `point` in the address ticks an item."""
    sitting = get_object_or_404(Sitting.objects.public().with_life(), pk=pk)
    among = [item for item in sitting.items.with_state() if item.state == ItemState.TO_COME]
    is_over = sitting.state in OVER
    if is_over and request.method == "POST":
        raise NotNow
    asked = request.GET.get("point", "")
    form = SittingFollowForm(request.POST or None, user=request.user, sitting=sitting, among=among, asked=asked)
    if form.is_valid():
        chosen = form.cleaned_data
        Follow.objects.choose(request.user, sitting, whole=chosen["whole"], items=chosen.get("items", ()), among=among)
        messages.success(request, _("Your choices are kept."))
        return redirect(sitting)
    return form_page(request, "livestream/follow.html", form, {"sitting": sitting, "is_over": is_over})


@may_write
@login_required
@private_page
def places(request):
    form = PlacesFollowForm(request.POST or None, user=request.user)
    if form.is_valid():
        Follow.objects.choose_places(request.user, **form.cleaned_data)
        messages.success(request, _("Your choices are kept."))
        return redirect("council:follow-places")
    sittings = Sitting.objects.public().exclude(adjourned_at__isnull=False).filter(cancelled_at=None)
    followed = sittings.followed_by(request.user).order_by("starts_at", "pk")
    return form_page(request, "livestream/follow_places.html", form, {"sittings": followed})


@csrf_exempt
@may_write
@private_page
def stop(request, token):
    """The link of a mail: its own signature authorises it, no cookie does; mail programs post to it (RFC 8058)."""
    person = telling.holder_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        Follow.objects.filter(user=person).delete()
    return render(request, "livestream/stop.html", {"is_stopped": request.method == "POST"})

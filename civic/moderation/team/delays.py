"""Within which time the city wants to have decided, for each space that wants another delay than its kinds."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.kernel.braking import form_page
from civic.kernel.keyset import keyset_page
from civic.moderation import registry
from civic.moderation.models import Case, Desk
from civic.moderation.team.doors import keepers_only
from civic.moderation.team.forms import DelayForm
from civic.territory.models import Space

ROWS = 50


@require_safe
@keepers_only
def index(request):
    """What holds by itself, and each space with its own delay, if it has one."""
    own = Desk.objects.filter(space=OuterRef("pk")).values("target")
    spaces = Space.objects.annotate(target=Subquery(own))
    page = keyset_page(spaces, order=("name", "pk"), cursor=request.GET.get("apres", ""), size=ROWS)
    places = [{"space": space, "hours": hours_of(space.target)} for space in page.items]
    context = {"kinds": registry.registered(), "places": places, "section": "moderation", "tab": "delays"}
    context["next_url"] = f"?apres={page.next_cursor}" if page.next_cursor else ""
    context["first_url"] = request.path if request.GET.get("apres") else ""
    return render(request, "moderation/team/delays.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def delay(request, pk):
    """The delay of one space; left empty, each kind's own holds."""
    space = get_object_or_404(Space, pk=pk)
    desk = Desk.objects.filter(space=space).first()
    form = DelayForm(request.POST or None, initial={"hours": hours_of(desk.target if desk else None)})
    if form.is_valid():
        Desk.objects.of(space).aim(request.user, form.target, Case.objects.waiting())
        messages.success(request, _("“%(entry)s” is kept.") % {"entry": space})
        return redirect("moderation:delays")
    context = {"space": space, "kinds": registry.registered(), "section": "moderation", "tab": "delays"}
    return form_page(request, "moderation/team/delay.html", form, context)


def hours_of(target: timedelta | None) -> int | None:
    return round(target / timedelta(hours=1)) if target else None

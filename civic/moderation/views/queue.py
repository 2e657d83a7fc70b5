"""The queue, and taking what comes next in it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import Role
from civic.kernel.text import whole_number
from civic.moderation.dossier import told_of
from civic.moderation.forms import BulkForm
from civic.moderation.listing import Listing
from civic.moderation.models import Case
from civic.moderation.views.doors import act, followed, onwards, page


@page
def queue(request):
    desks = followed(request.user)
    listing = Listing(request.user, request.GET.dict(), at=timezone.now())
    context = {
        "desks": desks,
        "scripts": ["js/live.js", "js/queue.js", "js/keys.js"],
        "listing": listing,
        "bulk": BulkForm(reasons=listing.reasons),
        "told": told_of(request.user, whole_number(request.GET.get("avant"))),
        "whole_city": request.user.has_role(Role.MODERATOR),
        "section": "moderation",
    }
    return render(request, "moderation/queue.html", context)


@act
def next_case(request):
    """Take the next free case, leaving the one given as `after`."""
    left = case_left(request)
    if left:
        left.release(request.user)
        return onwards(request, left, takes_next=True)
    found = Case.objects.next_for(request.user)
    if found:
        return redirect("moderation:case", found.pk)
    messages.info(request, _("No other case waits for you."))
    return redirect("moderation:queue")


def case_left(request) -> Case | None:
    pk = whole_number(request.POST.get("after"))
    return Case.objects.visible_to(request.user).filter(pk=pk).first() if pk is not None else None

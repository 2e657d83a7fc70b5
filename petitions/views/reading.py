"""What anyone reads: the list and a petition's page."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from petitions.debate import first_page
from petitions.listing import Listing
from petitions.models import Petition, PetitionState, Signature

# Names shown on the page; all of them would tell more about people than about the petition.
LATEST_NAMES = 10


@require_safe
@public_page(max_age=2)
def petition_list(request):
    return render(request, "petitions/list.html", {"listing": Listing.from_query(request.GET, at=timezone.now())})


@require_safe
@public_page(max_age=2)
def detail(request, pk, slug):
    petition = get_object_or_404(
        Petition.objects.visible_to_or_removed(request.user).select_related(
            "theme", "quarter", "author", "counter", "stream", "refusal_reason", "thread"
        ),
        pk=pk,
    )
    if petition.state == PetitionState.REMOVED:
        return render(request, "petitions/removed.html", status=410)
    if slug != petition.slug:
        return redirect(petition, permanent=True)
    context = {
        "petition": petition,
        "latest_signatures": Signature.objects.shown_on(petition)[:LATEST_NAMES],
        "debate": first_page(petition, user=request.user, at=timezone.now()),
    }
    return render(request, "petitions/detail.html", context)


@require_safe
@public_page(max_age=5)
def short_address(request, pk):
    return redirect(get_object_or_404(Petition.objects.visible_to(request.user), pk=pk), permanent=True)

"""What may be a crime or puts somebody in danger: its own list, whom to call, and the evidence."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from civic.accounts.models import Role
from civic.kernel.keyset import keyset_page
from civic.moderation.listing import ROWS, rows_of
from civic.moderation.models import Case
from civic.moderation.models.queue import ORDER
from civic.moderation.views.doors import case_of, page


@page
def apart(request):
    check_whole_city(request)
    cases = Case.objects.visible_to(request.user).apart().with_holder()
    found = keyset_page(cases, order=ORDER, cursor=request.GET.get("apres", ""), size=ROWS)
    context = {
        "rows": rows_of(found.items),
        "next_url": f"?apres={found.next_cursor}" if found.next_cursor else "",
        "first_url": request.path if request.GET.get("apres") else "",
        "section": "moderation",
    }
    return render(request, "moderation/apart.html", context)


@page
def evidence(request, pk) -> HttpResponse:
    """What was sealed when the case was set apart, with its fingerprint, as a file to hand over."""
    check_whole_city(request)
    sealed = get_object_or_404(case_of(request, pk).evidence.order_by("-at")[:1])
    told = {"sha256": sealed.sha256, "at": sealed.at, "kept_until": sealed.kept_until, "content": sealed.content}
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="dossier-{pk}.json"'
    return answer


def check_whole_city(request) -> None:
    if not request.user.has_role(Role.MODERATOR):
        raise Http404

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.realtime import registry
from civic.realtime.models import Stream


@require_safe
@public_page(max_age=1)
def catch_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What was published after `?since=N`, in the language `?lang=`: for a gap, a return, or in place of a socket."""
    cursor = request.GET.get("since", "0")
    if not (cursor.isdecimal() and len(cursor) <= 18):
        return HttpResponseBadRequest()
    stream = get_object_or_404(Stream, pk=pk)
    if not registry.can_read(request.user, stream):
        raise Http404
    page = stream.since(int(cursor))
    language = request.GET.get("lang", settings.LANGUAGE_CODE)
    frames = [event.frame(language) for event in page.events]
    return JsonResponse({"stream": pk, "head": page.head, "frames": frames, "reset": page.is_reset})

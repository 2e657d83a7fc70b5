"""The published text: each version with what it changed, and one of them as a whole."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from consultations.versions import changes, parts_of
from consultations.views.reading import readable


@require_safe
@public_page(max_age=5)
def versions(request, pk):
    """Newest first. The text as a whole is that of the newest, or of `?version=`."""
    consultation = readable(request, pk)
    published = list(consultation.versions.order_by("-number"))
    if not published:
        raise Http404
    asked = request.GET.get("version", "")
    whole = next((version for version in published if str(version.number) == asked), published[0])
    before = [version.content for version in published[1:]]
    context = {
        "consultation": consultation,
        "corrections": [
            {"version": version, "changes": changes(old, version.content)}
            for version, old in zip(published, before, strict=False)
        ],
        "first": published[-1],
        "whole": whole,
        "is_newest": whole == published[0],
        "parts": parts_of(whole.content).values(),
    }
    return render(request, "consultations/versions.html", context)

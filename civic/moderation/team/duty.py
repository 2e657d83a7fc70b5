"""Who is on duty: read, given, ended."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from civic.moderation.models import Duty
from civic.moderation.team.doors import keepers_only
from civic.moderation.team.forms import DutyForm


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def roster(request):
    """Those on duty now and later, and the form that adds one."""
    now = timezone.now()
    form = DutyForm(request.POST or None, at=now)
    if form.is_valid():
        duty = Duty.objects.give(request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is on duty.") % {"name": duty.user.name})
        return redirect("moderation:duty")
    duties = [{"duty": duty, "is_current": duty.is_current(at=now)} for duty in Duty.objects.coming(at=now)[:50]]
    context = {"form": form, "duties": duties, "section": "moderation", "tab": "duty"}
    return render(request, "moderation/team/duty.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def end(request, pk):
    """End a duty. Its address may come back as a link, after signing in: that leads to the roster."""
    if request.method == "POST":
        get_object_or_404(Duty.objects.select_related("user"), pk=pk).end(request.user, at=timezone.now())
        messages.success(request, _("This duty is over."))
    return redirect("moderation:duty")

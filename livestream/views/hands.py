"""Raising one's hand at home: the question that is open, and one answer for each account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from civic.kernel.caching import private_page
from civic.kernel.giving_back import status_of
from livestream.forms import HandForm
from livestream.models import Sitting
from livestream.models.hand_poll import answer


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
@login_required
def poll(request, pk, poll):
    """Asks; once it is closed it leads to the result, on the page of the session."""
    sitting = get_object_or_404(Sitting.objects.public(), pk=pk)
    found = get_object_or_404(sitting.hand_polls, pk=poll)
    given = found.answers.filter(user=request.user).values_list("choice", flat=True).first()
    form = HandForm(request.POST or None, initial={"choice": given})
    if form.is_valid():
        answer(found, request.user, choice=form.cleaned_data["choice"])
        messages.success(request, _("Your hand is counted. The result is shown to all when the chair closes the poll."))
        return redirect(sitting)
    if request.method != "POST" and found.closed_at:
        return redirect(sitting)
    context = {"sitting": sitting, "poll": found, "given": given, "form": form, "section": "council"}
    return render(request, "livestream/poll.html", context, status=status_of(form))

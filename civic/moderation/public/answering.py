"""The answer to an appeal, by a moderator who did not take the decision."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from civic.accounts.access import role_required
from civic.accounts.models import Role
from civic.kernel.caching import private_page
from civic.moderation.asked import appeals_of
from civic.moderation.models import Appeal, Case
from civic.moderation.public.forms import AnswerForm
from civic.moderation.views.cases import PREFERENCE
from civic.moderation.views.doors import onwards


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
@role_required(Role.MODERATOR)
def answer(request, pk):
    """The act; its page is the case's, unless what was typed needs another look."""
    visible = Case.objects.visible_to(request.user)
    appeal = get_object_or_404(
        Appeal.objects.filter(case__in=visible).select_related("case__subject", "case__claimed_by"), pk=pk
    )
    form = AnswerForm(appeal.case, request.POST or None)
    if request.method != "POST":
        return redirect("moderation:case", appeal.case_id)
    if not form.is_valid():
        asked = appeals_of(appeal.case, request.user, card=appeal.case.card(), holder=request.user, form=form)
        context = {"asked": next(one for one in asked if one.appeal == appeal), "form": form, "case": appeal.case}
        return render(request, "moderation/answer.html", context, status=422)
    appeal.decide(request.user, at=timezone.now(), **form.cleaned_data)
    return onwards(request, appeal.case, takes_next=request.session.get(PREFERENCE, True))

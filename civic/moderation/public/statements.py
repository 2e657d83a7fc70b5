"""Decisions about oneself: what was decided, why, and the way to have it looked at again."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.kernel.caching import private_page
from civic.kernel.keyset import keyset_page
from civic.moderation import registry
from civic.moderation.models import Statement
from civic.moderation.public.forms import AppealForm

ROWS = 20
WITH_ALL = ("decision__case__subject", "decision__reason", "appeal_made")


@require_safe
@private_page
@login_required
def decisions(request):
    """Every statement of reasons that this person got, the latest first."""
    mine = Statement.objects.filter(recipient=request.user).select_related(*WITH_ALL)
    page = keyset_page(mine, order=("-pk",), cursor=request.GET.get("apres", ""), size=ROWS)
    context = {
        "statements": page.items,
        "next_url": f"?apres={page.next_cursor}" if page.next_cursor else "",
        "first_url": request.path if request.GET.get("apres") else "",
    }
    return render(request, "moderation/my_decisions.html", context)


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request, pk):
    """One statement, for the person whom it is about, with the appeal: its form, then its state and its answer."""
    at, mine = timezone.now(), Statement.objects.filter(recipient=request.user).select_related(*WITH_ALL)
    statement = get_object_or_404(mine, pk=pk)
    form = AppealForm(request.POST or None)
    if form.is_valid():
        statement.appeal(request.user, text=form.cleaned_data["text"], at=at)
        messages.success(request, _("Your appeal is with us. Another person will answer you in writing."))
        return redirect("my_moderation:decision", statement.pk)
    subject = statement.decision.case.subject
    card = registry.describe([subject]).get(subject.pk)
    context = {
        "statement": statement,
        "decision": statement.decision,
        "appeal": getattr(statement, "appeal_made", None),
        "kind": subject.kind_of,
        # As it was decided upon, whatever was changed since.
        "card": card and replace(card, parts=statement.parts_of(card)),
        "can_appeal": statement.can_be_appealed(at=at),
        "form": form,
    }
    return render(request, "moderation/my_decision.html", context)

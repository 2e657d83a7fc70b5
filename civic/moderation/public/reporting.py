"""Reporting a text, and what came of one's reports."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.models import Role
from civic.kernel.braking import braked, form_page
from civic.kernel.caching import private_page
from civic.kernel.keyset import keyset_page
from civic.moderation import registry
from civic.moderation.models import Report, Subject
from civic.moderation.public.forms import ReportForm
from civic.moderation.registry import Card, Standing

ROWS = 20


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, pk):
    """The form to report one public text, with the text; who has reported it reads where that stands."""
    subject = get_object_or_404(Subject.objects.select_related("space"), pk=pk)
    if request.user.has_role(Role.MODERATOR, space=subject.space):
        # The same link for everybody, in fragments too: whoever moderates here acts rather than reports.
        return redirect("moderation:content", pk)
    if subject.reports.filter(reporter=request.user).exists():
        messages.info(request, _("You have reported this text already: here is what becomes of it."))
        return redirect("my_moderation:reports")
    card = card_of(subject)
    Report.objects.check_may(subject, request.user, at=timezone.now())
    form = ReportForm(request.POST or None)
    if form.is_valid():
        with braked(form):
            subject.report(request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Thank you: your report is with our moderators."))
            return redirect("my_moderation:reports")
    context = {"subject": subject, "card": card, "kind": subject.kind_of}
    return form_page(request, "moderation/report.html", form, context)


def card_of(subject: Subject) -> Card:
    """The text as the public reads it, without the words that were masked; 404 where it is not public."""
    card = registry.describe([subject]).get(subject.pk)
    if card is None or card.standing != Standing.PUBLIC:
        raise Http404
    masked = subject.masked_text()
    if not masked:
        return card
    first, *others = card.parts
    return replace(card, parts=[replace(first, text=masked), *others])


@require_safe
@private_page
@login_required
def reports(request):
    """What the person reported, the latest first, and what came of it."""
    mine = Report.objects.filter(reporter=request.user).select_related("subject", "reason")
    page = keyset_page(mine, order=("-at", "-pk"), cursor=request.GET.get("apres", ""), size=ROWS)
    cards = registry.describe(report.subject for report in page.items)
    context = {
        "entries": [{"report": report, "card": cards.get(report.subject_id)} for report in page.items],
        "next_url": f"?apres={page.next_cursor}" if page.next_cursor else "",
        "first_url": request.path if request.GET.get("apres") else "",
    }
    return render(request, "moderation/my_reports.html", context)

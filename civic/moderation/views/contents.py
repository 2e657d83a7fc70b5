"""Acting from the page itself: a content leads to its case, opened where there is none."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from civic.moderation import registry
from civic.moderation.models import Case, Subject, Trigger
from civic.moderation.views.doors import form_page


@form_page
def content(request, pk):
    """The open case of a content, or the question whether to open one."""
    subject = get_object_or_404(Subject.objects.moderated_by(request.user), pk=pk)
    case = Case.objects.open().exclude(trigger=Trigger.APPEAL).filter(subject=subject).first()
    if case is None and request.method == "POST":
        case = subject.open_case(Trigger.STAFF, at=timezone.now())
        case.claim(request.user)
    if case is not None:
        return redirect("moderation:case", case.pk)
    context = {"subject": subject, "card": registry.describe([subject]).get(pk), "section": "moderation"}
    return render(request, "moderation/content.html", context)

"""A moderator sets how a debate goes, closes it for a reason that everybody reads, and opens it again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.access import role_required
from civic.accounts.models import Role
from civic.comments.forms import ArrangeForm, CloseForm
from civic.comments.views.reading import thread_of
from civic.kernel.braking import form_page
from civic.kernel.caching import private_page


@role_required(Role.MODERATOR)
@private_page
def close(request, pk):
    thread, at = thread_of(request, pk), timezone.now()
    if not thread.can_be_closed_by(request.user):
        raise Http404
    context = {"thread": thread, "place": thread.place(at=at)}
    if thread.closed_reason:
        return reopen(request, thread, context)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        thread.close_early(request.user, form.cleaned_data["reason"], at=at)
        messages.success(request, _("This debate is closed. Everybody reads why."))
        return redirect(thread)
    return form_page(request, "comments/close.html", form, context)


def reopen(request, thread, context):
    if request.method == "POST" and "reopen" in request.POST:
        thread.reopen(request.user, at=timezone.now())
        messages.success(request, _("This debate takes comments again."))
        return redirect(thread)
    return render(request, "comments/reopen.html", context)


@role_required(Role.MODERATOR)
@private_page
def arrange(request, pk):
    thread = thread_of(request, pk)
    if not thread.can_be_closed_by(request.user):
        raise Http404
    form = ArrangeForm(request.POST or None, thread=thread)
    if form.is_valid():
        thread.arrange(request.user, **form.cleaned_data)
        messages.success(request, _("This debate goes on with these settings."))
        return redirect(thread)
    context = {"thread": thread, "place": thread.place(at=timezone.now())}
    return form_page(request, "comments/arrange.html", form, context)

"""Writing, replying, correcting, deleting, supporting: each on a page of its own, which a script may load in place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.comments.errors import NotAnswerable, NotEditable, NotYours
from civic.comments.forms import CommentForm, EditForm, ReplyForm
from civic.comments.models.comment import office_of
from civic.comments.views.reading import comment_of, thread_of
from civic.kernel import limits
from civic.kernel.braking import braked, form_page
from civic.kernel.caching import private_page

# A person in a heated evening; a machine writes more.
WRITING, SUPPORTING = "30/h", "240/h"


@login_required
@private_page
def write(request, pk):
    thread = thread_of(request, pk)
    form = CommentForm(request.POST or None, thread=thread)
    if form.is_valid():
        with braked(form):
            return post(request, thread, **form.cleaned_data)
    thread.check_may_write(request.user, at=timezone.now(), typed=request.POST.get("text", ""))
    context = {"thread": thread, "place": thread.place(at=timezone.now())}
    return form_page(request, "comments/write.html", form, context)


@login_required
@private_page
def reply(request, pk):
    parent = comment_of(request, pk)
    form = ReplyForm(request.POST or None, can_answer=bool(office_of(request.user, parent.thread.space)))
    if form.is_valid():
        with braked(form):
            return post(request, parent.thread, parent=parent, **form.cleaned_data)
    parent.thread.check_may_write(request.user, at=timezone.now(), typed=request.POST.get("text", ""))
    if parent.parent_id or not parent.is_shown:
        raise NotAnswerable(typed=request.POST.get("text", ""))
    return form_page(request, "comments/reply.html", form, {"comment": parent})


def post(request, thread, **typed):
    limits.consume("comment", f"account:{request.user.pk}", rate=WRITING)
    comment = thread.post(request.user, at=timezone.now(), **typed)
    if comment.release_at:
        told = _("Your comment is kept. It is shown in %(delay)s: moderators see it first.")
        messages.info(request, told % {"delay": comment.thread.delay})
    elif comment.is_waiting:
        messages.info(request, _("Your comment is kept. A moderator reads it before it is shown; you will be told."))
    else:
        messages.success(request, _("Your comment is published. You can correct it during five minutes."))
    return redirect(comment)


@login_required
@private_page
def edit(request, pk):
    comment, at = comment_of(request, pk), timezone.now()
    form = EditForm(request.POST or None, initial={"text": comment.text})
    if form.is_valid():
        with braked(form):
            limits.consume("comment", f"account:{request.user.pk}", rate=WRITING)
            comment.edit(request.user, form.cleaned_data["text"], at=at)
            messages.success(request, _("Your correction is kept."))
            return redirect(comment)
    check_own(request, comment)
    if not comment.can_be_edited_by(request.user, at=at):
        raise NotEditable(typed=request.POST.get("text", ""))
    return form_page(request, "comments/edit.html", form, {"comment": comment})


@login_required
@private_page
def withdraw(request, pk):
    comment = comment_of(request, pk)
    if request.method == "POST":
        comment.withdraw(request.user, at=timezone.now())
        messages.success(request, _("Your comment is deleted. The replies to it stay."))
        return redirect(comment)
    check_own(request, comment)
    return render(request, "comments/withdraw.html", {"comment": comment})


@login_required
@private_page
def support(request, pk):
    comment = comment_of(request, pk)
    if request.method == "POST":
        limits.consume("support", f"account:{request.user.pk}", rate=SUPPORTING)
        if "stop" in request.POST:
            comment.stop_supporting(request.user)
        else:
            comment.support(request.user, at=timezone.now())
        return redirect(comment)
    has_given = comment.has_support_of(request.user)
    return render(request, "comments/support.html", {"comment": comment, "has_given": has_given})


def check_own(request, comment):
    if comment.author_id != request.user.pk:
        raise NotYours

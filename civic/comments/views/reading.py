"""What anyone reads: a thread in an order, and a comment in its context."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from civic.comments.models import Comment, Thread
from civic.comments.reading import NEWEST, Conversation, Debate
from civic.kernel.caching import public_page


@require_safe
@public_page(max_age=2)
def thread(request, pk):
    thread, at = thread_of(request, pk), timezone.now()
    order, cursor = request.GET.get("tri", NEWEST), request.GET.get("apres", "")
    debate = Debate(thread, thread.place(at=at), at=at, user=request.user, order=order, cursor=cursor)
    return render(request, "comments/thread.html", {"debate": debate})


@require_safe
@public_page(max_age=2)
def comment(request, pk):
    asked, at = comment_of(request, pk), timezone.now()
    cursor = request.GET.get("apres", "")
    conversation = Conversation(asked, at=at, user=request.user, cursor=cursor)
    place = asked.thread.place(at=at)
    context = {
        "conversation": conversation,
        "place": place,
        "thread": asked.thread,
        "is_open": asked.thread.is_open_at(at, place=place),
    }
    return render(request, "comments/comment.html", context)


def thread_of(request, pk: int) -> Thread:
    """The thread, for those who may read what it is about; 404 for others."""
    thread = get_object_or_404(Thread.objects.select_related("stream"), pk=pk)
    if not thread.can_be_read_by(request.user):
        raise Http404
    return thread


def comment_of(request, pk: int) -> Comment:
    """The comment, for those who may read it; 404 for others: what is held is there for its author alone."""
    rows = Comment.objects.for_page().select_related("thread__stream", "parent__author", "parent__hidden_reason")
    comment = get_object_or_404(rows, pk=pk)
    if not (comment.can_be_read_by(request.user) and comment.thread.can_be_read_by(request.user)):
        raise Http404
    return comment

"""What moderators see first is shown to everybody by a loop of the worker, each text after its delay."""

from django.utils import timezone

from civic.comments.models import Comment

BATCH = 500


def release_due() -> int:
    """Show what has waited its time, one after the other in the order of writing; returns how many.

    One transaction each: every text takes its number in the stream when it comes out, so that no page's
    cursor has passed it. Two loops at once find each other's work done.
    """
    at = timezone.now()
    due = Comment.objects.due(at=at).select_related("subject")[:BATCH]
    return sum(comment.release(at=timezone.now()) for comment in due)

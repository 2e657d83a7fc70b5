"""What moderation asks of comments: how one is shown in its context, and what a decision does to it."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.comments import registry
from civic.comments.models import Comment
from civic.moderation.models import Decision, Subject
from civic.moderation.registry import Card, Part, SubjectKind


def describe(subjects: Sequence[Subject]) -> Mapping[int, Card]:
    """Two queries for the comments, and one for each kind of place that they are in."""
    rows = Comment.objects.filter(subject__in=subjects).select_related("author", "thread", "parent__author")
    comments = list(rows)
    places = registry.places(list({comment.thread for comment in comments}), timezone.now())
    return {comment.subject_id: card(comment, places[comment.thread_id]) for comment in comments}


def card(comment: Comment, place: registry.Place) -> Card:
    parts = [Part(_("Text"), comment.text)]
    if comment.position:
        parts.append(Part(_("Position"), str(comment.get_position_display())))
    return Card(
        title=place.title,
        url=comment.get_absolute_url(),
        revision=comment.revision,
        parts=parts,
        author_name=comment.author_name,
        context={"comment": comment, "place": place, "parent": comment.parent},
    )


def author_of(subject: Subject):
    return Comment.objects.select_related("author").get(subject=subject).author


def revision_of(subject: Subject) -> int:
    return Comment.objects.get(subject=subject).locked().revision


def apply(subject: Subject, decision: Decision) -> None:
    """Publish, or refuse with the reason; moderation writes to the author."""
    comment = Comment.objects.get(subject=subject).locked()
    if decision.reason is None:
        comment.publish(at=decision.at)
    else:
        comment.hide(decision.reason, at=decision.at)


KIND = SubjectKind(
    name="comment",
    label=_("Comment"),
    describe=describe,
    author_of=author_of,
    revision_of=revision_of,
    apply=apply,
)

"""What moderation asks of comments: how one is shown in its context, and what a decision does to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.comments import registry
from civic.comments.models import Comment, Thread
from civic.moderation.models import Decision, Subject
from civic.moderation.registry import (
    HIDE,
    KEEP,
    MASK,
    MOVE,
    PUBLISH,
    REFUSE,
    RESTORE,
    UNMASK,
    Card,
    Part,
    Standing,
    SubjectKind,
)
from civic.moderation.registry import Place as Destination


def describe(subjects: Sequence[Subject]) -> Mapping[int, Card]:
    """One query for the comments, and one for each kind of place that they are in."""
    rows = Comment.objects.filter(subject__in=subjects).select_related("author", "thread", "parent__author")
    comments = list(rows)
    places = registry.places(list({comment.thread for comment in comments}), timezone.now())
    return {comment.subject_id: card(comment, places[comment.thread_id]) for comment in comments}


def card(comment: Comment, place: registry.Place) -> Card:
    parts = [Part(_("Text"), comment.text, is_rich=True)]
    if comment.position:
        parts.append(Part(_("Position"), str(comment.get_position_display())))
    return Card(
        title=place.title,
        has_title=False,
        url=comment.get_absolute_url(),
        revision=comment.revision,
        parts=parts,
        author_name=comment.author_name,
        author=comment.author,
        standing=standing_of(comment),
        context={"comment": comment, "place": place, "parent": comment.parent},
    )


def standing_of(comment: Comment) -> Standing:
    if comment.is_shown:
        return Standing.PUBLIC
    return Standing.HELD if comment.is_waiting else Standing.HIDDEN


def where(subjects: Sequence[Subject]) -> Mapping[int, str]:
    """The kind of debate; where it has no word of its own, that of the space stands."""
    found = Comment.objects.filter(subject__in=subjects).values_list("subject_id", "thread__kind")
    return {pk: str(label) for pk, kind in found if (label := registry.kind_of(kind).label)}


def author_of(subject: Subject):
    return Comment.objects.select_related("author").get(subject=subject).author


def revision_of(subject: Subject) -> int:
    return locked(subject).revision


def apply(subject: Subject, decision: Decision) -> None:
    """What the decision says; moderation writes to the author."""
    comment = locked(subject)
    match decision.action:
        case PUBLISH.name:
            comment.publish(at=decision.at)
        case REFUSE.name | HIDE.name:
            comment.hide(decision.reason, at=decision.at)
        case RESTORE.name:
            comment.restore()
        case MASK.name:
            comment.mask(decision.masked_text, at=decision.at)
        case UNMASK.name:
            comment.unmask()
        case MOVE.name:
            comment.move(Thread.objects.get(pk=decision.destination), at=decision.at)


def revert(subject: Subject, decision: Decision, at: datetime) -> None:
    """The comment as it stood before. Raises AnsweredSince where a publication was followed by replies."""
    comment = locked(subject)
    match decision.action:
        case PUBLISH.name:
            comment.unpublish(since=decision.at, at=at)
        case REFUSE.name | HIDE.name:
            comment.restore()
        case RESTORE.name:
            comment.hide(comment.hidden_reason, at=at)
        case MASK.name:
            comment.unmask(subject.masked_text(before=decision), since=decision.at, at=at)
        case MOVE.name:
            comment.move(Thread.objects.get(pk=decision.origin), at=None)


def conceal(subject: Subject, at: datetime) -> None:
    locked(subject).hide(None, at=at)


def reveal(subject: Subject, at: datetime) -> None:
    locked(subject).restore()


def destinations(subject: Subject) -> Sequence[Destination]:
    """The debates of the same kind that are open, and the present one; a reply stays with what it answers."""
    comment = Comment.objects.select_related("thread").get(subject=subject)
    if comment.parent_id:
        return []
    threads = registry.kind_of(comment.thread.kind).open_threads(timezone.now())
    here = {comment.thread_id: comment.thread.place(at=timezone.now()).title}
    return [Destination(str(pk), title, pk == comment.thread_id) for pk, title in (threads | here).items()]


def lock_places(subject: Subject, codes: Sequence[str]) -> None:
    here = Comment.objects.values_list("thread_id", flat=True).get(subject=subject)
    there = [int(code) for code in codes if code.isdecimal() and code.isascii()]
    list(Thread.objects.select_for_update(of=("self",)).filter(pk__in=[here, *there]).order_by("pk"))


def context_of(subject: Subject, card: Card) -> Mapping[str, object]:
    """The replies before it, for one that is a reply; what it answers is on its card."""
    comment = card.context["comment"]
    if not comment.parent_id:
        return {}
    around = Comment.objects.filter(parent=comment.parent).listed()
    before = around.filter(posted_at__lt=comment.posted_at).for_page().order_by("-published_at", "-pk")[:CONTEXT]
    return {"before": list(before)[::-1]}


def locked(subject: Subject) -> Comment:
    """The comment, locked; an act reads its subject anew (Case.locked), and so locks and reads this once."""
    if "locked_comment" not in vars(subject):
        vars(subject)["locked_comment"] = Comment.objects.get(subject=subject).locked()
    return vars(subject)["locked_comment"]


CONTEXT = 3
KIND = SubjectKind(
    name="comment",
    label=_("Comment"),
    describe=describe,
    author_of=author_of,
    revision_of=revision_of,
    apply=apply,
    revert=revert,
    conceal=conceal,
    reveal=reveal,
    destinations=destinations,
    lock_places=lock_places,
    where=where,
    context_of=context_of,
    actions=(PUBLISH, REFUSE, KEEP, HIDE, MASK, MOVE, RESTORE, UNMASK),
    template="comments/_moderation_card.html",
    # A conversation goes on meanwhile: a comment that is read a week later was not heard.
    target=timedelta(days=1),
)

"""A comment or a reply: its text, the dated facts of its life, and what may be done to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Role, User
from civic.comments import errors
from civic.comments.models.facts import Position
from civic.comments.models.moderated import Moderated
from civic.comments.models.support import Support
from civic.comments.models.thread import Thread
from civic.kernel.text import clean_text, without_control
from civic.moderation.models import Sanction, Subject, Trigger
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.screening import Verdict, screen

if TYPE_CHECKING:
    from civic.territory.models import Space

EDIT_TIME = timedelta(minutes=5)
# Who answers for the city; moderators' names are not public (moderation.md), so neither is that they are some.
OFFICES = {"elected": {Role.ELECTED}, "city": {Role.SERVICE, Role.CLERK}}


class Comment(Moderated):
    """What somebody says in a thread, or replies to it."""

    # What a page shows below it, and what its reader may do or has done (reading.py).
    first_replies: Sequence[Comment] = ()
    is_own = is_editable = is_supported = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="comments_comment_one_per_form"),
            models.UniqueConstraint(fields=["id", "thread", "level"], name="comments_comment_can_be_a_parent"),
            models.CheckConstraint(
                condition=Q(position__in=["", *Position.values]), name="comments_comment_position_is_known"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(position=""), name="comments_comment_reply_has_no_position"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(text="", masked_text="", html=""),
                name="comments_comment_deleted_has_no_text",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False) | Q(held_at__isnull=False),
                name="comments_comment_published_or_held",
            ),
            models.CheckConstraint(
                condition=Q(release_at=None) | Q(held_at__isnull=False, hidden_at=None, deleted_at=None),
                name="comments_comment_only_what_waits_is_released",
            ),
            models.CheckConstraint(
                condition=Q(is_official=False) | Q(parent__isnull=False) & ~Q(office=""),
                name="comments_comment_official_is_a_reply_of_an_office",
            ),
            models.CheckConstraint(
                condition=Q(spoken_at=None) | Q(spoken_at__lte=F("posted_at")),
                name="comments_comment_speaks_of_what_was_seen",
            ),
            models.CheckConstraint(
                condition=Q(is_question=False) | Q(parent=None), name="comments_comment_question_is_no_reply"
            ),
        ]
        # One for each order of a thread's comments, and one for the replies of one.
        indexes = [
            models.Index(
                fields=["thread", "-published_at", "-id"],
                condition=Q(parent=None, published_at__isnull=False),
                name="comments_comment_recent",
            ),
            models.Index(
                fields=["thread", "-supports", "-id"],
                condition=Q(parent=None, published_at__isnull=False),
                name="comments_comment_supported",
            ),
            models.Index(
                fields=["thread", "-replies", "-id"],
                condition=Q(parent=None, published_at__isnull=False),
                name="comments_comment_discussed",
            ),
            models.Index(
                fields=["parent", "published_at", "id"],
                condition=Q(parent__isnull=False),
                name="comments_comment_replies",
            ),
            models.Index(fields=["parent"], condition=Q(is_official=True), name="comments_comment_official"),
            models.Index(
                fields=["release_at", "id"], condition=Q(release_at__isnull=False), name="comments_comment_due"
            ),
        ]

    def __str__(self):
        return f"{self.pk} in {self.thread_id}"

    def get_absolute_url(self) -> str:
        return reverse("comments:comment", args=[self.pk])

    # --- Writing (called by Thread.post, which holds the thread's row) ---------------------

    @classmethod
    def write(cls, thread: Thread, author: User, text: str, *, key: UUID, at: datetime, position: str, parent):
        """A comment of this text, not saved yet. Raises EmptyText."""
        comment = cls(thread=thread, parent=parent, author=author, position=position, key=key, posted_at=at)
        comment.office = office_of(author, thread.space)
        comment.is_question = thread.asks_questions and parent is None
        comment.text = _cleaned(text)
        comment.html = clean_text(comment.text)
        comment.subject = Subject.objects.create(kind="comment", space=thread.space)
        return comment

    def make_official(self) -> None:
        """An answer in the name of its author's office. Raises NotOfficial."""
        if not (self.office and self.parent_id):
            raise errors.NotOfficial(typed=self.text)
        self.is_official = True

    def enter(self, *, at: datetime) -> None:
        """Take its place in the thread, or wait: for a moderator, or until moderators had the time to see it."""
        verdict = self.screened(at=at)
        self.change(**self._held(verdict, at=at) or {"published_at": at})
        self._bring_to_desk(verdict, at=at)

    def _held(self, verdict: Verdict, *, at: datetime) -> dict[str, datetime | None]:
        """The dates that this verdict or the thread's delay give it; none where it goes on as it stands."""
        if verdict.holds:
            return {"held_at": at, "release_at": None}
        is_for_a_person = self.is_waiting and self.release_at is None
        if is_for_a_person or not self.thread.delay_seconds or self.thread.can_be_closed_by(self.author):
            return {}
        return {"held_at": at, "release_at": at + timedelta(seconds=self.thread.delay_seconds)}

    def _bring_to_desk(self, verdict: Verdict, *, at: datetime) -> None:
        if self.release_at:
            self.subject.open_case(verdict.trigger, at=at, weight=verdict.weight, due_at=self.release_at)
        else:
            verdict.open_case(self.subject, at=at)

    def screened(self, *, at: datetime) -> Verdict:
        """What a machine notices about the text as it is now, and whether a moderator reads it first."""
        place = f"thread:{self.thread_id}"
        return screen(self.subject, author=self.author, text=self.text, mode=self.thread.mode, at=at, place=place)

    def lock_as_parent(self, thread: Thread, *, typed: str) -> Comment:
        """This comment as it is now, to be replied to. Raises NotAnswerable."""
        current = Comment.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if current.thread_id != thread.pk or current.parent_id or not current.is_shown:
            raise errors.NotAnswerable(typed=typed)
        return current

    # --- What moderators saw first ----------------------------------------------------------

    @transaction.atomic
    def release(self, *, at: datetime) -> bool:
        """Show it when its delay has passed; returns whether it is shown now.

        It waits on while a moderator has its case open, and for a person where it was set apart, handed on,
        or its author was silenced meanwhile.
        """
        case = self.subject.lock_case()
        current = self.locked()
        if current.release_at is None or current.release_at > at or (case and case.holder()):
            return False
        if (case and (case.is_apart or case.escalated_to_id)) or current._is_silenced(at=at):
            current.change(release_at=None)
            return False
        current.publish(at=at)
        if case and case.trigger == Trigger.NEW and not case.weight:
            case.lapse(at=at)
        return True

    def _is_silenced(self, *, at: datetime) -> bool:
        return Sanction.objects.active(at=at).silencing(space=self.thread.space).filter(user=self.author_id).exists()

    # --- The author's own acts --------------------------------------------------------------

    @transaction.atomic
    def edit(self, by: User, text: str, *, at: datetime) -> None:
        """Correct the text, within five minutes. Raises NotYours, NotEditable or EmptyText."""
        # The case before the thread and the comment, as everywhere (moderation/registry.py).
        self.subject.lock_case()
        current, text = self.locked(), _cleaned(text)
        current._check_author(by)
        if not current.can_be_edited_by(by, at=at):
            raise errors.NotEditable(typed=text)
        check_may_write(by, space=current.thread.space, at=at)
        if text == current.text:
            return
        current.text, current.html, current.revision = text, clean_text(text), current.revision + 1
        verdict = current.screened(at=at)
        current.change(edited_at=at, **current._held(verdict, at=at))
        current._bring_to_desk(verdict, at=at)

    def can_be_edited_by(self, user: Any, *, at: datetime) -> bool:
        is_own = user.is_authenticated and self.author_id == user.pk
        is_whole = not (self.deleted_at or self.hidden_at or self.masked_text)
        return is_own and is_whole and at < self.posted_at + EDIT_TIME

    @transaction.atomic
    def withdraw(self, by: User, *, at: datetime) -> None:
        """Destroy the text; a placeholder and the replies stay. Twice changes nothing. Raises NotYours."""
        self._check_author(by)
        self.subject.lock_case()
        current = self.locked()
        if not current.deleted_at:
            current.text = current.masked_text = current.html = ""
            current.change(deleted_at=at, release_at=None)
            current.subject.withdraw_case(at=at)
            current.subject.forget_texts()

    def support(self, by: User, *, at: datetime) -> None:
        """Count this person's support, once. Raises NotSupportable."""
        if self.author_id == by.pk or not self.is_shown:
            raise errors.NotSupportable(next_url=self.get_absolute_url(), next_label=_("See this comment"))
        Support.give(self.pk, by, at=at)

    def stop_supporting(self, by: User) -> None:
        Support.take_back(self.pk, by)

    def has_support_of(self, user: User) -> bool:
        return self.given_supports.filter(user=user, counts=True).exists()

    def _check_author(self, by: User) -> None:
        if self.author_id != by.pk:
            raise errors.NotYours

    # --- Reading ----------------------------------------------------------------------------

    def can_be_read_by(self, user: Any) -> bool:
        """Whether it is there for this person: what has been public once, and one's own."""
        return self.published_at is not None or (user.is_authenticated and self.author_id == user.pk)

    def locked(self) -> Comment:
        """This comment as it is now, its thread (the new one, if it moves meanwhile) and then itself locked."""
        rows = Comment.objects.select_for_update(of=("self",)).select_related("author", "subject", "hidden_reason")
        comment, thread_id = None, self.thread_id
        while comment is None:
            thread = Thread.objects.select_for_update(of=("self",)).select_related("stream").get(pk=thread_id)
            comment = rows.filter(pk=self.pk, thread=thread).first()
            thread_id = comment.thread_id if comment else Comment.objects.values_list("thread_id").get(pk=self.pk)[0]
        comment.thread = thread
        return comment


def office_of(user: User, space: Space | None) -> str:
    """As whom somebody speaks: an elected member, the city, or themselves (empty)."""
    return next((office for office, roles in OFFICES.items() if user.has_role(*roles, space=space)), "")


def _cleaned(text: str) -> str:
    """The text as it is kept. Raises EmptyText."""
    cleaned = without_control(text).strip()
    if not cleaned:
        raise errors.EmptyText(typed=text)
    return cleaned

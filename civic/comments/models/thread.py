"""A thread: where people speak about one thing, and who may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Role
from civic.audit import journal
from civic.comments import errors, registry
from civic.comments.models.arranged import Arranged
from civic.comments.models.selecting import slots
from civic.comments.registry import Place
from civic.kernel.text import plain_line
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.modes import Mode
from civic.realtime.models import Stream
from civic.territory.models import Space

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.comments.models.comment import Comment

REASON_LENGTH = 300


class Thread(Arranged):
    """Owned one-to-one by its feature (`petition.thread`); `kind` names what the feature registered.

    It speaks on its owner's stream, so that a page with its debate keeps one socket. Every act in a
    thread begins by locking its row, then comments by rising number, then the stream: that one order
    keeps `count`, `Comment.replies` and what is broadcast equal to the rows, and no two acts in each
    other's way.
    """

    kind = models.SlugField(max_length=40)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="threads")
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.AFTER_WITH_HOLDS)
    asks_position = models.BooleanField(default=False)
    # Whether people ask here rather than comment: the city answers.
    asks_questions = models.BooleanField(default=False)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    # Why, as everybody reads it, and by whom, which nobody reads; empty where what it is about has ended.
    closed_reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Comments and replies that anyone can read now.
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            *Arranged.Meta.constraints,
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="comments_thread_mode_is_known"),
            models.CheckConstraint(
                condition=models.Q(closed_reason="") | models.Q(closed_at__isnull=False),
                name="comments_thread_reason_is_of_a_closing",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("comments:thread", args=[self.pk])

    # --- Reading --------------------------------------------------------------------------

    def can_be_read_by(self, user: Any) -> bool:
        return registry.kind_of(self.kind).can_read(user, self)

    def place(self, *, at: datetime) -> Place:
        return registry.places([self], at)[self.pk]

    def is_open_at(self, at: datetime, *, place: Place | None = None) -> bool:
        """Whether it takes comments: neither the thread nor what it is about has closed."""
        is_over = self.closed_at is not None and self.closed_at <= at
        return not is_over and (place or self.place(at=at)).is_open

    # --- Writing --------------------------------------------------------------------------

    @transaction.atomic
    def post(
        self,
        author: User,
        text: str,
        *,
        key: UUID,
        at: datetime,
        position: str = "",
        parent: Comment | None = None,
        is_official: bool = False,
        behind: int = 0,
    ) -> Comment:
        """Add a comment, or a reply to `parent`; the same `key` again gives the first one.

        It is shown and broadcast at once, or held where the thread or a signal asks for a moderator first.
        `is_official`: a reply in the name of the city or of an office, by who speaks for one.
        `behind`: by how many seconds the picture that the person watches is late; kept where there is one.
        Raises ThreadClosed, AddressNotConfirmed, Silenced, TooSoon, EmptyText, PositionMissing, NotAnswerable or
        NotOfficial.
        """
        thread = self.locked()
        if earlier := self.comments.model.objects.filter(author=author, key=key).first():
            return earlier
        place = thread.check_may_write(author, at=at, typed=text)
        thread.check_pace(author, at=at)
        if parent is not None:
            parent = parent.lock_as_parent(thread, typed=text)
        elif thread.asks_position and not position:
            raise errors.PositionMissing(typed=text)
        comment = self.comments.model.write(
            thread, author, text, key=key, at=at, position="" if parent else position, parent=parent
        )
        if place.is_filmed:
            comment.spoken_at = at - timedelta(seconds=behind)
        if is_official:
            comment.make_official()
        comment.enter(at=at)
        return comment

    def check_may_write(self, user: User, *, at: datetime, typed: str = "") -> Place:
        """Where they write. Raises ThreadClosed, AddressNotConfirmed or Silenced; `typed` is given back to them."""
        place = self.place(at=at)
        if not self.is_open_at(at, place=place):
            raise errors.ThreadClosed(typed=typed, next_url=place.url, next_label=_("See the page of this debate"))
        if not EmailAddress.objects.filter(user=user, verified=True).exists():
            raise errors.AddressNotConfirmed(typed=typed)
        check_may_write(user, space=self.space, at=at)
        return place

    def check_pace(self, author: User, *, at: datetime) -> None:
        """Raises TooSoon in slow mode; moderators are exempt.

        The thread is locked: of two texts sent at once, the second sees the first.
        """
        if not self.slow_seconds or author.has_role(Role.MODERATOR, space=self.space):
            return
        # What was deleted since counts too: else one would write as fast as one deletes.
        latest = self.comments.filter(author=author).aggregate(models.Max("posted_at"))["posted_at__max"]
        passed = (at - latest).total_seconds() if latest else self.slow_seconds
        if passed < self.slow_seconds:
            raise errors.TooSoon(pause=self.slow_seconds, left=ceil(self.slow_seconds - max(passed, 0)))

    def close(self, *, at: datetime) -> None:
        """Take no more comments from `at` on, for what it is about has ended; what is there stays readable."""
        Thread.objects.filter(pk=self.pk, closed_at=None).update(closed_at=at)
        self.refresh_from_db(fields=["closed_at"])

    # --- Its moderators ---------------------------------------------------------------------

    def can_be_closed_by(self, user: Any) -> bool:
        """Whether this person closes it, opens it again and sets how it goes: a moderator of its place."""
        return user.is_authenticated and user.has_role(Role.MODERATOR, space=self.space)

    @transaction.atomic
    def arrange(self, by: User, **facts: int | str) -> None:
        """Set how it goes from now on: `slow_seconds`, `delay_seconds`, `pinned`. Raises NotArranger."""
        thread = self.locked()
        if not thread.can_be_closed_by(by):
            raise errors.NotArranger
        changed = {name: value for name, value in facts.items() if getattr(thread, name) != value}
        if changed:
            thread._turn("thread.arranged", by, **changed)
        if "delay_seconds" in changed:
            # What waits already follows, so that texts come out in the order of writing.
            written_at = Coalesce("edited_at", "posted_at")
            thread.comments.exclude(release_at=None).update(
                release_at=written_at + timedelta(seconds=thread.delay_seconds)
            )

    @transaction.atomic
    def close_early(self, by: User, reason: str, *, at: datetime) -> None:
        """Take no more comments, for a reason that everybody reads. Raises NotCloser, ReasonMissing or ThreadClosed."""
        thread, reason = self.locked(), plain_line(reason)[:REASON_LENGTH]
        if not thread.can_be_closed_by(by):
            raise errors.NotCloser
        if not reason:
            raise errors.ReasonMissing
        if not thread.is_open_at(at):
            raise errors.ThreadClosed
        thread._turn("thread.closed", by, closed_at=at, closed_reason=reason, closed_by=by)

    @transaction.atomic
    def reopen(self, by: User, *, at: datetime) -> None:
        """Take comments again, where a moderator had closed it. Raises NotCloser or NotClosedEarly."""
        thread = self.locked()
        if not thread.can_be_closed_by(by):
            raise errors.NotCloser
        if not thread.closed_reason:
            raise errors.NotClosedEarly
        thread._turn("thread.reopened", by, closed_at=None, closed_reason="", closed_by=None)

    def _turn(self, action: str, by: User, **facts: Any) -> None:
        """Write, journal, and tell open pages."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))
        numbers = {name: value for name, value in facts.items() if isinstance(value, int)}
        journal.record(action, actor=by, target=("thread", self.pk), space=self.space, kind=self.kind, **numbers)
        self.tell_state()

    def tell_state(self) -> None:
        """Have open pages show how it goes and whether one can write now; its owner calls it, too."""
        at = timezone.now()
        place = self.place(at=at)
        context = {"thread": self, "is_open": self.is_open_at(at, place=place), "is_to_come": place.is_to_come}
        self.stream.publish("thread", "comments/_arranged.html", context, slot=f"thread-{self.pk}")

    # --- Kept by the acts of its comments (telling.py), on a locked row ----------------------

    def add_shown(self, number: int) -> None:
        """Count comments that appeared, or (below 0) went."""
        self.count += number
        self.save(update_fields=["count"])

    def forget(self, comments: Iterable[int]) -> None:
        """Take comments that went elsewhere, by number, out of the stream's history."""
        gone = [slot for pk in comments for slot in slots(pk)]
        self.stream.events.filter(slot__in=gone).delete()

    def locked(self) -> Thread:
        return Thread.objects.select_for_update(of=("self",)).select_related("stream", "space").get(pk=self.pk)

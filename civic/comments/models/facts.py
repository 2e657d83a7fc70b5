"""A comment's columns: its text, the dated facts of its life, and what they say together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Value, When
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from civic.comments.models.selecting import CommentQuerySet
from civic.comments.models.thread import Thread
from civic.moderation.models import Reason, Subject

TEXT_LENGTH = 2000


class Position(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    NEUTRAL = "neutral", _("Neither")


class Facts(models.Model):
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments", db_index=False)
    parent = models.ForeignKey("comments.Comment", models.PROTECT, null=True, related_name="answers", db_index=False)
    # Null once the account is erased.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    # As whom it was said ("elected", "city"): a fact of that day, whatever the author became since.
    office = models.CharField(max_length=10, blank=True)
    # An answer given by virtue of that office, and not only by somebody who holds one.
    is_official = models.BooleanField(default=False)
    is_question = models.BooleanField(default=False)
    position = models.CharField(_("position"), max_length=10, choices=Position.choices, blank=True)
    text = models.TextField(_("comment"), max_length=TEXT_LENGTH, blank=True)
    masked_text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    # What pages show, made once when the text is written, edited or masked.
    html = models.TextField(blank=True, editable=False)
    # The form's own: the same form sent twice makes one comment.
    key = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="comment")
    supports = models.PositiveIntegerField(default=0)
    # Replies that anyone can read now.
    replies = models.PositiveIntegerField(default=0)
    # Those of them that are official.
    official_replies = models.PositiveIntegerField(default=0)

    posted_at = models.DateTimeField()
    # The moment of the picture that its author saw: where it comes again in the replay.
    spoken_at = models.DateTimeField(null=True)
    # When it first took its place in the thread; what was held gets it when a moderator publishes it.
    published_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    # When it is shown by itself, where moderators see it first; null where it waits for a person.
    release_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)

    # For the foreign key (parent, thread, parent_level) → (id, thread, level) of migration 0002: a parent
    # is a comment of the same thread and no reply itself.
    level = models.GeneratedField(
        expression=Case(When(parent=None, then=Value(0)), default=Value(1)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    parent_level = models.GeneratedField(
        expression=Case(When(parent=None, then=Value(None)), default=Value(0)),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_shown(self) -> bool:
        """Whether anyone can read it now."""
        return self.published_at is not None and not (self.held_at or self.hidden_at or self.deleted_at)

    @property
    def is_waiting(self) -> bool:
        return self.held_at is not None and not (self.hidden_at or self.deleted_at)

    @property
    def notice(self) -> str:
        """What stands in the place of a text that is not shown; for a hidden one, on which ground."""
        if self.deleted_at:
            return str(_("Comment deleted by its author."))
        if self.hidden_at and self.hidden_reason:
            return str(_("Comment hidden by a moderator: %(reason)s.")) % {"reason": self.hidden_reason.label}
        return str(_("Comment hidden by a moderator.") if self.hidden_at else _("This comment waits for a moderator."))

    @property
    def order(self) -> int:
        """Its place among its neighbours, for pages that put it there live: microseconds."""
        return int((self.published_at or self.posted_at).timestamp() * 1_000_000)

    @property
    def author_name(self) -> str:
        return self.author.name if self.author else str(_("Deleted account"))

    @property
    def safe_html(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308 # nosec B308 B703 - clean_text made it, when it was written

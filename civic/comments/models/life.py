"""The dated facts of a comment's life, and what they say together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.moderation.models import Reason


class Life(models.Model):
    posted_at = models.DateTimeField()
    # When it first took its place in the thread; what was held gets it when a moderator publishes it.
    published_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)

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
        return int(self.published_at.timestamp() * 1_000_000) if self.published_at else 0

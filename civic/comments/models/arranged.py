"""What the moderators of a thread set about how it goes."""

from __future__ import annotations

from django.db import models

from civic.comments.wording import lasting

LONGEST_PAUSE = 3600


class Arranged(models.Model):
    # Slow mode: seconds between two texts of one person; 0 where they write as they like.
    slow_seconds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slow_seconds__lte=LONGEST_PAUSE), name="comments_thread_pause_is_short"
            ),
        ]

    @property
    def pause(self) -> str:
        """The time between two texts of one person, in words; empty without slow mode."""
        return lasting(self.slow_seconds) if self.slow_seconds else ""

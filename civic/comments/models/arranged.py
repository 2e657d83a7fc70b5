"""What the moderators of a thread set about how it goes."""

from __future__ import annotations

from django.db import models

from civic.comments.wording import lasting

LONGEST_PAUSE, LONGEST_DELAY = 3600, 600
PINNED_LENGTH = 300


class Arranged(models.Model):
    # Slow mode: seconds between two texts of one person; 0 where they write as they like.
    slow_seconds = models.PositiveSmallIntegerField(default=0)
    # For how many seconds moderators alone see what is written.
    delay_seconds = models.PositiveSmallIntegerField(default=0)
    # What its moderators say to everybody, above what people write.
    pinned = models.CharField(max_length=PINNED_LENGTH, blank=True, default="")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slow_seconds__lte=LONGEST_PAUSE), name="comments_thread_pause_is_short"
            ),
            models.CheckConstraint(
                condition=models.Q(delay_seconds__lte=LONGEST_DELAY), name="comments_thread_delay_is_short"
            ),
        ]

    @property
    def pause(self) -> str:
        """The time between two texts of one person, in words; empty without slow mode."""
        return lasting(self.slow_seconds) if self.slow_seconds else ""

    @property
    def delay(self) -> str:
        """The time during which moderators alone see a text, in words; empty where everybody sees it at once."""
        return lasting(self.delay_seconds) if self.delay_seconds else ""

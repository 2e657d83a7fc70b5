"""Who speaks and for how long: kept for the minutes."""

from django.db import models
from django.db.models import F, Q

from livestream.models.council import Councillor
from livestream.models.periods import never_two_at_once


class Speech(models.Model):
    """A member who has the floor, from `begins_at` until `ends_at`."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="speeches")
    councillor = models.ForeignKey(Councillor, models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")),
                name="livestream_speech_ends_after_beginning",
            ),
            models.UniqueConstraint(fields=["sitting"], condition=Q(ends_at=None), name="livestream_speech_one_open"),
            never_two_at_once("sitting", name="livestream_speech_one_at_a_time"),
        ]

    def __str__(self):
        return f"{self.councillor_id} {self.begins_at:%Y-%m-%d %H:%M}"

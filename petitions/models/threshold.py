"""Numbers of signatures at which the city owes something."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ThresholdKind(models.TextChoices):
    """What the city does at a threshold; the mayor *is asked*, the council decides (petitions.md)."""

    MEETING = "meeting", _("a meeting with the department concerned")
    ANSWER = "answer", _("a written answer")
    COUNCIL = "council", _("a request to the mayor to put it on the council’s agenda")


class ThresholdRule(models.Model):
    """The city's present thresholds; a change concerns only petitions published after it."""

    kind = models.CharField(max_length=20, choices=ThresholdKind.choices, unique=True)
    count = models.PositiveIntegerField(unique=True)

    class Meta:
        ordering = ["count"]


class ThresholdQuerySet(models.QuerySet):
    def reached_lately(self) -> "ThresholdQuerySet":
        """Latest first, of petitions that anyone may read."""
        reached = self.filter(reached_at__isnull=False, petition__hidden_at=None, petition__removed_at=None)
        return reached.select_related("petition__counter").order_by("-reached_at")


class Threshold(models.Model):
    """A threshold of one petition, copied when it is published, with the moment it was reached."""

    petition = models.ForeignKey("petitions.Petition", models.CASCADE, related_name="thresholds")
    kind = models.CharField(max_length=20, choices=ThresholdKind.choices)
    count = models.PositiveIntegerField()
    reached_at = models.DateTimeField(null=True)

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        ordering = ["count"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "kind"], name="petitions_threshold_one_per_kind"),
            models.UniqueConstraint(fields=["petition", "count"], name="petitions_threshold_one_per_count"),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="petitions_threshold_is_positive"),
        ]
        indexes = [models.Index(fields=["-reached_at"], name="petitions_threshold_reached")]

    @property
    def label(self) -> str:
        return self.get_kind_display()

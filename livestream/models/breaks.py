"""Suspensions, and the time behind closed doors: nothing is shown of either."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from livestream.models.periods import never_two_at_once


class BreakKind(models.TextChoices):
    SUSPENSION = "suspension", _("Suspended")
    # CGCT L2121-18: decided without debate, at the request of three members or of the mayor.
    CLOSED_DOORS = "closed_doors", _("Behind closed doors")


class Break(models.Model):
    """One of them, from `begins_at` until `ends_at`; open while it lasts."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="breaks")
    kind = models.CharField(max_length=12, choices=BreakKind.choices)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BreakKind.values), name="livestream_break_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")),
                name="livestream_break_ends_after_beginning",
            ),
            models.UniqueConstraint(fields=["sitting"], condition=Q(ends_at=None), name="livestream_break_one_open"),
            never_two_at_once("sitting", name="livestream_break_one_at_a_time"),
        ]

    def __str__(self):
        return f"{self.kind} {self.begins_at:%Y-%m-%d %H:%M}"

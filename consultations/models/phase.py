"""The timeline: what is open when. Dates of a published one are moved later only, in public."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

REASON_LENGTH = 1000


class PhaseKind(models.TextChoices):
    INFORM = "inform", _("Getting informed")
    DEBATE = "debate", _("Debate")
    VOTE = "vote", _("Vote")
    RESULTS = "results", _("Results")
    DECISION = "decision", _("Decision")
    FOLLOW_UP = "follow_up", _("Follow-up")


# What follows the vote may last without a date of its end.
WITHOUT_END = (PhaseKind.RESULTS, PhaseKind.DECISION, PhaseKind.FOLLOW_UP)
ORDER = {kind: rank for rank, kind in enumerate(PhaseKind.values)}


class Phase(models.Model):
    """One phase of one consultation, from `opens_at` until `closes_at`, which is no longer part of it."""

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=10, choices=PhaseKind.choices)
    opens_at = models.DateTimeField(_("opens on"))
    closes_at = models.DateTimeField(_("closes on"), null=True, blank=True)

    class Meta:
        ordering = ["opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "kind"], name="consultations_phase_one_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=PhaseKind.values), name="consultations_phase_kind_is_known"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=False, closes_at__gt=F("opens_at"))
                | Q(closes_at=None, kind__in=WITHOUT_END),
                name="consultations_phase_closes_after_opening",
            ),
        ]
        indexes = [models.Index(fields=["kind", "closes_at"], name="consultations_phase_ending")]

    def __str__(self):
        return f"{self.kind} {self.opens_at:%Y-%m-%d %H:%M}"

    def has_opened_at(self, at: datetime) -> bool:
        return self.opens_at <= at

    def has_closed_at(self, at: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= at

    def is_open_at(self, at: datetime) -> bool:
        return self.has_opened_at(at) and not self.has_closed_at(at)


class Extension(models.Model):
    """A date that was moved later, with the reason, for everyone to read."""

    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="extensions")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="extensions")
    old_opens_at = models.DateTimeField()
    old_closes_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__gte=F("old_opens_at"))
                & (Q(closes_at=None) | Q(closes_at__gte=F("old_closes_at"))),
                name="consultations_extension_only_later",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="consultations_extension_has_reason"),
        ]

    def __str__(self):
        return f"{self.phase_id} {self.opens_at} {self.closes_at}"

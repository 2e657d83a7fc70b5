"""The published texts, dated: the first, and one for each correction."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

EXPLANATION_LENGTH = 1000


class Version(models.Model):
    """All that was published, as it read from `at` on; `content` holds text, questions, options and documents."""

    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    explanation = models.CharField(_("what was corrected, and why"), max_length=EXPLANATION_LENGTH, blank=True)
    content = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="consultations_version_one_per_number"),
            models.CheckConstraint(
                condition=Q(number=1) | Q(number__gt=1) & ~Q(explanation=""),
                name="consultations_version_correction_is_explained",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id} v{self.number}"

    def announce(self) -> None:
        """Have the people told who had voted on the version before, by a job of this transaction."""
        app.configure_task("consultations.tell_corrected").defer(version_id=self.pk)


class VotedBefore(models.Model):
    """Keys of the roll at the moment of a correction, until those people are told; then the rows go."""

    pk = models.CompositePrimaryKey("version_id", "key")
    version = models.ForeignKey(Version, models.CASCADE, related_name="voted_before", db_index=False)
    key = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.version_id}"

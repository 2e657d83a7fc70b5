"""Documents of a sitting or of one of its items, each with its versions: what was shown once stays to be read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TITLE_LENGTH = 120
LARGEST = 10 * 1024 * 1024


class Paper(models.Model):
    sitting = models.ForeignKey("livestream.Sitting", models.CASCADE, related_name="papers")
    # None: of the sitting as a whole. That it is an item of this sitting is held by the database (migration 0001).
    item = models.ForeignKey("livestream.Item", models.CASCADE, null=True, blank=True, related_name="papers")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="livestream_paper_has_title")]

    def __str__(self):
        return self.title


class PaperVersionManager(models.Manager["PaperVersion"]):
    """The files themselves are read only where one is served."""

    def get_queryset(self):
        return super().get_queryset().defer("content")


class PaperVersion(models.Model):
    """A PDF as it was from `added_at` until the next one; it lies in the database, and is saved with the rest."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = PaperVersionManager()

    class Meta:
        ordering = ["number"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="livestream_paperversion_one_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="livestream_paperversion_counts_from_one"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=LARGEST), name="livestream_paperversion_size"),
        ]

    def __str__(self):
        return f"{self.paper_id} v{self.number}"

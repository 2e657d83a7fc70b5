"""Documents of a consultation, as PDF."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

TITLE_LENGTH = 120
LARGEST = 10 * 1024 * 1024


class DocumentManager(models.Manager["Document"]):
    """The files themselves are read only where one is served."""

    def get_queryset(self):
        return super().get_queryset().defer("content")


class Document(models.Model):
    """A PDF. It lies in the database, so that it is published, frozen, saved and restored with the text."""

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(db_default=Now())

    objects = DocumentManager()

    class Meta:
        ordering = ["added_at", "pk"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "sha256"], name="consultations_document_once"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=LARGEST), name="consultations_document_size"),
        ]

    def __str__(self):
        return self.title

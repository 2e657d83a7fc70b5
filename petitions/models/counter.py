"""The published number of signatures of each petition."""

from django.db import models
from django.db.models.functions import Now


class Counter(models.Model):
    """Kept apart from the petition: it changes every second while people sign, and its row stays small.

    Only `petitions.counting` writes it.
    """

    petition = models.OneToOneField("petitions.Petition", models.CASCADE, primary_key=True)
    confirmed = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["-confirmed", "-petition"], name="petitions_counter_most_signed")]

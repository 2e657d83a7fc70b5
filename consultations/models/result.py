"""What a count found. Nobody reads it before the proclamation."""

from django.db import models


class Result(models.Model):
    """`outcomes`: by question, the tally's outcome; `channels`: voters by channel; `digest`: of the ballots.

    `record` holds the figures of the official record: entries in the roll, envelopes found, unreadable and repeated
    ones, ballots counted.
    """

    consultation = models.OneToOneField("consultations.Consultation", models.PROTECT, primary_key=True)
    outcomes = models.JSONField()
    ballots = models.PositiveIntegerField()
    blank = models.JSONField(default=dict)
    channels = models.JSONField(default=dict)
    record = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    counted_at = models.DateTimeField()

    def __str__(self):
        return f"{self.consultation_id}"

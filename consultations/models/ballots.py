"""Ballots: sealed while a secret vote is open, one's own while another is, plain and in no order once counted."""

import uuid

from django.conf import settings
from django.db import models


class Envelope(models.Model):
    """The ballot box of a secret vote: a random identifier and a sealed envelope of one fixed size."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, related_name="envelopes", db_index=False
    )
    content = models.BinaryField()

    def __str__(self):
        return f"{self.consultation_id}"


class OpenBallot(models.Model):
    """A named or confidential vote, which its voter can change until the close. `user` only where it is named."""

    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, related_name="open_ballots", db_index=False
    )
    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=40)
    answers = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="consultations_openballot_one_per_person"),
            models.UniqueConstraint(fields=["consultation", "code"], name="consultations_openballot_one_per_code"),
        ]

    def __str__(self):
        return f"{self.consultation_id}"


class Ballot(models.Model):
    """A counted ballot: the code of its receipt and the answers, by question. Public once proclaimed.

    `pabulib` holds what else an imported file says of it.
    """

    pk = models.CompositePrimaryKey("consultation_id", "code")
    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, related_name="ballots", db_index=False
    )
    code = models.CharField(max_length=40)
    answers = models.JSONField()
    pabulib = models.JSONField(null=True, editable=False)

    def __str__(self):
        return f"{self.consultation_id} {self.code}"

"""The voter roll: who has voted in which consultation, and nothing of when or what."""

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# Votes hold this lock together while they write; a count and a correction hold it alone, each for a moment.
GATE = 0x75726E65


def hold_gate(consultation_id: int) -> None:
    """Wait for the votes under way and keep others out until the transaction ends: who voted is then on the roll."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [GATE, consultation_id])


class Channel(models.TextChoices):
    ONLINE = "online", _("online")
    PAPER = "paper", _("on paper")
    COUNTER = "counter", _("at a counter")
    POST = "post", _("with a code by post")


class RollEntry(models.Model):
    """One person of one consultation (`eligibility.roll_key`): no time, no account, no number.

    A secret vote writes this row and the envelope, in one transaction and nothing else (`box.cast`).
    """

    pk = models.CompositePrimaryKey("consultation_id", "key")
    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="roll", db_index=False)
    key = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    # Whether the published number of voters includes this row: the mark of the loop (`turnout.py`).
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="consultations_rollentry_channel_is_known"
            )
        ]
        indexes = [
            models.Index(fields=["consultation"], condition=Q(counted=False), name="consultations_rollentry_moved"),
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.channel}"


class Turnout(models.Model):
    """The published number of voters, kept apart: it changes every second while people vote.

    Only `consultations.turnout` writes it.
    """

    consultation = models.OneToOneField("consultations.Consultation", models.CASCADE, primary_key=True)
    voters = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return f"{self.voters}"


class PostalCode(models.Model):
    """A code that went out by post to a listed person; found again by a keyed hash.

    `code` is its plain text until the letters are printed. Whether it was used is read from the roll.
    """

    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="postal_codes")
    code_key = models.CharField(max_length=64, unique=True)
    # The listed person's key (`civic.accounts.residence.person_key`).
    person_key = models.CharField(max_length=64)
    code = models.CharField(max_length=16, blank=True)
    printed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person_key"],
                condition=Q(revoked_at=None),
                name="consultations_postalcode_one_per_person",
            ),
            models.CheckConstraint(
                condition=Q(printed_at=None) | Q(code=""), name="consultations_postalcode_printed_is_erased"
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.pk}"

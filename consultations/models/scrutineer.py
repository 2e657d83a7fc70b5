"""Scrutineers: who keep the keys of a secret vote and read the roll."""

from django.conf import settings
from django.db import models
from django.db.models import Q

FEWEST_NEEDED, MOST = 2, 7


class Scrutineer(models.Model):
    """One holder of a key. The private half never comes here but to be tested and, at the count, to be used."""

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="scrutineers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    rank = models.PositiveSmallIntegerField()
    # Curve25519, 32 bytes in base 64.
    public_key = models.CharField(max_length=44, blank=True)
    key_given_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="consultations_scrutineer_once"),
            models.UniqueConstraint(fields=["consultation", "rank"], name="consultations_scrutineer_one_per_rank"),
            models.UniqueConstraint(
                fields=["consultation", "public_key"],
                condition=~Q(public_key=""),
                name="consultations_scrutineer_key_of_ones_own",
            ),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=MOST), name="consultations_scrutineer_not_more"),
            models.CheckConstraint(
                condition=Q(public_key="", key_given_at=None, tested_at=None)
                | ~Q(public_key="") & Q(key_given_at__isnull=False),
                name="consultations_scrutineer_key_is_dated",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.rank}"

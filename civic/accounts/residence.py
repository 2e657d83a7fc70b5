"""Who lives here: residence as a clerk verified it at the counter, and lists that the city imports.

What was shown (a name, a date of birth) is never stored: only a keyed hash of it, equal for one person.
"""

import hashlib
import hmac
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.kernel.text import fold
from civic.territory.models import Quarter

LABEL_LENGTH = 300


def person_key(name: str, birth_date: date) -> str:
    """HMAC-SHA256 (64 hex digits) of a person's name and date of birth, unreadable without the key.

    The order of the names, accents, case and hyphens don't count: lists write them in many ways.
    """
    names = " ".join(sorted(fold(name).split()))
    return hmac.new(
        settings.PERSON_KEY.encode(), f"person:{names}:{birth_date:%Y-%m-%d}".encode(), hashlib.sha256
    ).hexdigest()


class Residence(models.Model):
    """That the holder of an account lives here, verified until a date; one account for each person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="residence")
    person_key = models.CharField(max_length=64, unique=True)
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, verbose_name=_("quarter"))
    postal_code = models.CharField(_("postal code"), max_length=5)
    verified_at = models.DateTimeField()
    until = models.DateTimeField(_("until"))
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("verified_at")), name="accounts_residence_until_later")
        ]

    def __str__(self):
        return f"{self.user_id}"

    def is_valid_at(self, at: datetime) -> bool:
        return self.verified_at <= at < self.until


class ResidentList(models.Model):
    """A list of people who may take part in something, as the city imported it."""

    name = models.CharField(_("name of the list"), max_length=120)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-imported_at", "-pk"]

    def __str__(self):
        return self.name


class ListedPerson(models.Model):
    """One person of a list. `label` (name and address) is kept until the letters are printed."""

    list = models.ForeignKey(ResidentList, models.CASCADE, related_name="people")
    person_key = models.CharField(max_length=64)
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, verbose_name=_("quarter"))
    label = models.CharField(max_length=LABEL_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "person_key"], name="accounts_listedperson_once"),
        ]

    def __str__(self):
        return f"{self.list_id} {self.pk}"

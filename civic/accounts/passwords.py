"""Passwords that many choose, and therefore everyone tries first."""

import re

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from civic.kernel.text import fold

# What Django's list of 20,000 lacks, being English: what people here type first.
FRENCH = {
    "azerty", "azertyuiop", "motdepasse", "monmotdepasse", "bonjour", "coucou", "soleil", "marseille", "jetaime",
    "doudou", "loulou", "chouchou", "chocolat", "camille", "nicolas", "isere", "grenoble", "citoyen", "mairie",
}  # fmt: skip
RUNS = ("12345678901234567890", "01234567890123456789", "azertyuiopqsdfghjklmwxcvbn", "abcdefghijklmnopqrstuvwxyz")
FEWEST_DIFFERENT = 5


class LeakedPasswordValidator(CommonPasswordValidator):
    """Refuses passwords of the offline list, and what is only one of them repeated or padded with digits.

    Of the list, few reach 12 characters: people who must lengthen "password" write "password2026".
    """

    def validate(self, password, user=None):
        if len(set(password)) < FEWEST_DIFFERENT or not cores(password).isdisjoint(self.known()) or is_run(password):
            raise ValidationError(
                _("This password is among those that are tried first. Several words in a row make a better one."),
                code="password_too_common",
            )

    def known(self) -> set[str]:
        city = {fold(settings.CITY["name"]), fold(settings.CITY["product"]).replace(" ", "")}
        return self.passwords | FRENCH | city

    def get_help_text(self):
        return _("Your password must not be one that many people use.")


def cores(password: str) -> set[str]:
    """The password as the lists know it: in lower case, without what pads it, once where it is repeated."""
    plain = password.lower().strip()
    unpadded = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    found = {plain, unpadded, fold(unpadded).replace(" ", "")}
    return found | {match[1] for core in found if (match := re.fullmatch(r"(.+?)\1+", core))}


def is_run(password: str) -> bool:
    """Whether it is a way along the keyboard or the alphabet, in either direction."""
    return any(password.lower() in text for run in RUNS for text in (run, run[::-1]))

"""Passwords that many choose, and therefore everyone tries first."""

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
# A megabyte would be hashed and looked at for nothing (ASVS 5.0, 6.2.9 asks for 64 at least).
LONGEST = 1000


class LeakedPasswordValidator(CommonPasswordValidator):
    """Refuses passwords of the offline list, and what is only one of them repeated or padded with digits.

    Of the list, few reach 12 characters: people who must lengthen "password" write "password2026".
    """

    def validate(self, password, user=None):
        if len(password) > LONGEST:
            raise ValidationError(
                _("A password has %(count)d characters at most.") % {"count": LONGEST}, code="password_too_long"
            )
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
    letters = [place for place, character in enumerate(plain) if character.isalpha()]
    unpadded = plain[letters[0] : letters[-1] + 1] if letters else ""
    found = {plain, unpadded, fold(unpadded).replace(" ", "")}
    return found | {once(core) for core in found}


def once(text: str) -> str:
    """The part that the text repeats from end to end, or all of it."""
    return text[: (text + text).find(text, 1)] if text else ""


def is_run(password: str) -> bool:
    """Whether it is a way along the keyboard or the alphabet, in either direction."""
    return any(password.lower() in text for run in RUNS for text in (run, run[::-1]))

"""The names of a named vote: a public stance, agreed to before voting, taken off the page whenever its voter asks.

Names stand beside answers from the proclamation on. They are the accounts' of now: whoever corrects a name, takes it
off or closes the account is not held to what the page said before. The ballots stay as counted, without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Collate, Lower
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from consultations.models import Consultation, OpenBallot, Secrecy

if TYPE_CHECKING:
    from civic.accounts.models import User

# How long names stand: after the decision and, where none comes, after the proclamation.
AFTER_DECISION, LONGEST = timedelta(days=183), timedelta(days=365)
# The database sorts letters by their bytes, so those with accents are sorted as the ones beneath; no name comes last.
ACCENTED, PLAIN = "àâäáãåçéèêëîïíìñôöóòõûüùúÿý", "aaaaaaceeeeiiiinooooouuuuyy"
NAMELESS = "~"
ORDER = ("folded", "code")


class NoName(DomainError):
    title = _("Your name is not there")
    sentence = _("No vote in this consultation stands under your name: you did not vote here, or took it off before.")


def is_named(consultation: Consultation) -> bool:
    """Whether names belong to its result; an imported one has none, whatever it was."""
    return consultation.secrecy == Secrecy.NAMED and not consultation.source


def named_ballots(consultation: Consultation) -> QuerySet:
    """Codes with the name of their voter in `name`, empty where it is not to be shown; for `ORDER`, in `folded`."""
    name = Case(When(user__is_active=True, then=F("user__name")), default=Value(""))
    plain = Func(Lower("name"), Value(ACCENTED + ACCENTED.upper()), Value(2 * PLAIN), function="translate")
    folded = Case(When(name="", then=Value(NAMELESS)), default=plain)
    return (
        OpenBallot.objects.filter(consultation=consultation).annotate(name=name).annotate(folded=Collate(folded, "C"))
    )


def has_name(consultation: Consultation, user: Any) -> bool:
    """Whether a vote of theirs bears their name, or will when the result is proclaimed."""
    return OpenBallot.objects.filter(consultation=consultation, user=user).exists()


def take_off(consultation: Consultation, user: User) -> None:
    """Separate a person from the vote they gave under their name; the vote counts as before. Raises NoName."""
    if not OpenBallot.objects.filter(consultation=consultation, user=user).update(user=None):
        raise NoName


def due(at: datetime) -> QuerySet[Consultation]:
    """Named votes whose names have stood for as long as was said before people voted."""
    over = Q(decided_at__lte=at - AFTER_DECISION) | Q(proclaimed_at__lte=at - LONGEST)
    named = OpenBallot.objects.values("consultation")
    return Consultation.objects.filter(over, secrecy=Secrecy.NAMED, pk__in=named).order_by("pk")

"""Who one can be in the demo, and the other authors of its petitions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from civic.accounts.models import Right, Role, User
from civic.demo.texts import load
from civic.kernel.text import fold
from civic.territory.models import Quarter

# Staff work here for longer than the oldest petition is old.
IN_OFFICE = timedelta(days=720)


@dataclass(frozen=True)
class Member:
    """One of the cast: whoever visits the demo becomes one of them by pressing a button."""

    key: str
    name: str
    can: Promise
    quarter: str
    # The name of the page that one lands on.
    begins_at: str
    # French says a role of a woman and of a man in two words.
    role: Promise
    office: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


CAST = (
    Member(
        "amina",
        "Amina Belkacem",
        _("Writes petitions: one is open, one has closed, one is in review and one is still a draft."),
        "surieux",
        "petitions:mine",
        pgettext_lazy("she", "resident"),
    ),
    Member(
        "bruno",
        "Bruno Ferrero",
        _("Signs with an account, in one step."),
        "villeneuve-essarts",
        "petitions:list",
        pgettext_lazy("he", "resident"),
    ),
    Member(
        "camille",
        "Camille Roux",
        _("Signs too, takes a signature back, or writes a first petition."),
        "centre",
        "petitions:list",
        pgettext_lazy("she", "resident"),
    ),
    Member(
        "mireille",
        "Mireille Aubert",
        _("Reads the petitions that wait, publishes them or refuses them with a reason."),
        "ponatiere",
        "moderation:queue",
        pgettext_lazy("she", "moderator"),
        Role.MODERATOR,
    ),
    Member(
        "malik",
        "Malik Saïdi",
        _("Shares that desk: in a second browser, he sees which cases Mireille holds."),
        "village-2",
        "moderation:queue",
        pgettext_lazy("he", "moderator"),
        Role.MODERATOR,
    ),
    Member(
        "colette",
        "Colette Jourdan",
        _("Writes consultations, publishes them, verifies residences at the counter and proclaims results."),
        "bourg",
        "clerk:list",
        pgettext_lazy("she", "clerk"),
        Role.CLERK,
    ),
    Member(
        "solange",
        "Solange Perret",
        _("Keeps one of the three keys without which the ballots of a secret vote stay sealed."),
        "bourg",
        "demo:keys",
        pgettext_lazy("she", "scrutineer"),
    ),
    Member(
        "nadege",
        "Nadège Vial",
        _("Answers for the site; her account, like all staff’s, has a second factor."),
        "granges",
        "accounts:home",
        pgettext_lazy("she", "administrator"),
        Role.ADMINISTRATOR,
    ),
)


def open_accounts(*, now: datetime) -> list[User]:
    """An account with a confirmed address for each author (in the order of people.json) and each of the cast.

    Returns the authors.
    """
    quarters = {quarter.slug: quarter for quarter in Quarter.objects.all()}
    cast = {member.name: open_account(member.name, member.email, quarters[member.quarter], now=now) for member in CAST}
    for member in CAST:
        if member.office:
            appoint(cast[member.name], member.office, now=now)
    return [
        cast.get(author["name"])
        or open_account(author["name"], address(author["name"]), quarters[author["quarter"]], now=now)
        for author in load("people")["authors"]
    ]


def open_account(name: str, email: str, quarter: Quarter, *, now: datetime) -> User:
    user = User.objects.create_user(email, name=name, postal_code="38130", quarter=quarter, joined_at=now - IN_OFFICE)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def appoint(user: User, role: str, *, now: datetime) -> None:
    """Give a role, and the second factor without which it sleeps."""
    Right.objects.give(user, role, at=now - IN_OFFICE)
    TOTP.activate(user, generate_totp_secret())


def address(name: str) -> str:
    """An address that leads nowhere (RFC 2606): « Yanis Ferrand » → yanis.ferrand@example.org."""
    return f"{fold(name).replace(' ', '.')}@example.org"

"""`manage.py grant EMAIL ROLE [--until DAY]`: the city's way to its first administrator."""

from datetime import date, datetime, time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from civic.accounts.models import Right, RightAlreadyGiven, Role, User


def account(email: str) -> User:
    """The account with that address. Raises CommandError."""
    try:
        return User.objects.get(email=email.strip().lower())
    except User.DoesNotExist:
        raise CommandError(f"No account has the address {email}: sign up on the site first.") from None


class Command(BaseCommand):
    help = "Give an account a role everywhere; it opens once its owner has shown a second factor."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--until", type=date.fromisoformat, help="the last day, like 2027-03-31", metavar="DAY")

    def handle(self, *, email, role, until, **options):
        user, now = account(email), timezone.now()
        if until and until < timezone.localdate(now):
            raise CommandError(f"{until} has passed.")
        end = timezone.make_aware(datetime.combine(until, time.max)) if until else None
        try:
            # Nobody gives it: the journal says that it was done at the machine.
            Right.objects.give(user, role, at=now, until=end)
        except RightAlreadyGiven:
            raise CommandError(f"{email} holds the role {role} already.") from None
        self.stdout.write(f"{email} holds the role {role}{f' until {until}' if until else ''}.")

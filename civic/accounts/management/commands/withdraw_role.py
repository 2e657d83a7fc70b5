"""`manage.py withdraw_role EMAIL ROLE`: take back a role that is held everywhere."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from civic.accounts.management.commands.grant import account
from civic.accounts.models import Right, Role


class Command(BaseCommand):
    help = "Withdraw a role that an account holds everywhere; open pages know within two seconds."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *, email, role, **options):
        user, now = account(email), timezone.now()
        right = Right.objects.not_ended(at=now).filter(user=user, role=role, space=None).first()
        if right is None:
            raise CommandError(f"{email} does not hold the role {role}.")
        right.withdraw(at=now)
        self.stdout.write(f"{email} no longer holds the role {role}.")

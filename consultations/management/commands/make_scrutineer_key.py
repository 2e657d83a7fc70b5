"""`manage.py make_scrutineer_key`: a scrutineer's key pair on a machine of one's own, without a browser.

With `--open SAMPLE` it reads the private key that was kept and says what is in the sample of the test page.
"""

from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from civic.kernel.errors import DomainError
from consultations import keys


class Command(BaseCommand):
    help = "Make a scrutineer’s key pair, or open the sample of the test page with it. No database is needed."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--open", metavar="SAMPLE", help="the sealed sample that the test page shows")

    def handle(self, *args, **options):
        if options["open"]:
            # Typed without an echo, and not an argument: those stand in the shell's history.
            private = getpass("Private key: ")
            try:
                self.stdout.write(keys.answer_to(options["open"], private))
            except DomainError as error:
                raise CommandError(str(error)) from error
            return
        pair = keys.make_pair()
        self.stdout.write(f"Public key, to be given on the page “my key”:\n  {pair.public}\n")
        self.stdout.write(f"Private key, to be kept on paper and brought to the count:\n  {pair.private}\n")

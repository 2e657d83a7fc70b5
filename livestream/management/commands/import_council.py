from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from civic.kernel.tabular import Unreadable, decoded
from livestream.importing import import_council


class Command(BaseCommand):
    """Keeps the members of the council as a table says, or nothing of it."""

    help = "Import the members of the council from a CSV file (nom, prénom, groupe, sigle, fonction, depuis, jusqu'au)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("fr"):
            try:
                count = import_council(decoded(options["file"].read_bytes()), today=timezone.localdate())
            except (OSError, Unreadable) as fault:
                raise CommandError(str(fault)) from fault
        self.stdout.write(f"{count} members.")

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consultations.importing import ImportedAlready, import_pabulib
from consultations.pabulib import BrokenFile


class Command(BaseCommand):
    """Stores a participatory budget of another city as a proclaimed consultation, or nothing of it."""

    help = "Import a Pabulib file (.pb) as a proclaimed consultation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--title", default="", help="instead of the description in the file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with translation.override("fr"):
            try:
                consultation = import_pabulib(
                    path.read_bytes(), filename=path.name, title=options["title"], at=timezone.now()
                )
            except (BrokenFile, ImportedAlready) as fault:
                raise CommandError(str(fault)) from fault
            except OSError as fault:
                raise CommandError(_("The file %(path)s can't be read.") % {"path": path}) from fault
            for notice in (consultation.pabulib or {}).get("notices", []):
                self.stderr.write(_("Line %(line)s: %(sentence)s") % notice)
            self.stdout.write(
                _("Consultation %(pk)s: %(title)s, %(ballots)s ballots.")
                % {"pk": consultation.pk, "title": consultation.title, "ballots": consultation.result.ballots}
            )

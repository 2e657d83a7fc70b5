from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from consultations.exporting import NoBudget, export_pabulib
from consultations.models import Consultation


class Command(BaseCommand):
    """Writes the bytes of a .pb file to standard output: an imported one as it came."""

    help = "Write a proclaimed participatory budget as a Pabulib file (.pb)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("consultation", type=int, help="its number")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("fr"):
            try:
                consultation = Consultation.objects.get(pk=options["consultation"])
                content = export_pabulib(consultation)
            except Consultation.DoesNotExist as fault:
                raise CommandError(_("There is no consultation with this number.")) from fault
            except NoBudget as fault:
                raise CommandError(str(fault.sentence)) from fault
        # Text would pass through the console's own line ends and encoding.
        out: Any = getattr(self.stdout, "_out", self.stdout)
        out = out.buffer
        out.write(content)
        out.flush()

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from livestream.models import Sitting
from livestream.models.caption import NothingFilmed, replace_captions
from livestream.video import webvtt


class Command(BaseCommand):
    """Keeps the captions of a session as a file says, in place of those that are there."""

    help = "Import the captions of a session from a WebVTT file, whose times are those of the replay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sitting", type=int, help="the number in the address of the session")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cues = webvtt.read(options["file"].read_text(encoding="utf-8"))
            count = replace_captions(Sitting.objects.select_related("space", "stream").get(pk=options["sitting"]), cues)
        except (OSError, UnicodeDecodeError, webvtt.NotWebVtt) as fault:
            raise CommandError(str(fault)) from fault
        except (Sitting.DoesNotExist, NothingFilmed) as fault:
            raise CommandError("No such session was filmed.") from fault
        self.stdout.write(f"{count} captions.")

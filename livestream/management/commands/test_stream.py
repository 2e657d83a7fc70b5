import subprocess  # nosec B404
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from livestream.management.commands.ingest import HOST, PORT
from livestream.video.encoding import NoFfmpeg, ffmpeg

PICTURE, SOUND = "testsrc2=size=1280x720:rate=25", "sine=frequency=440:sample_rate=48000,volume=0.1"
SIGNAL = [
    *("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND),
    *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "50"),
    *("-b:v", "1500k", "-maxrate", "1500k", "-bufsize", "3000k", "-c:a", "aac", "-b:a", "96k"),
]


class Command(BaseCommand):
    """Plays the encoder of a session: a moving test picture and a tone, until Ctrl-C."""

    help = "Send a test picture to `ingest`, with a stream key."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the stream key of a session")
        parser.add_argument("--address", default=f"rtmp://{HOST}:{PORT}/live")
        parser.add_argument("--seconds", type=int, default=0, help="how long; without, until Ctrl-C")

    def handle(self, *args: Any, **options: Any) -> None:
        lasting = ["-t", str(options["seconds"])] if options["seconds"] else []
        try:
            command = [ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin", "-re", *SIGNAL, *lasting]
            command += ["-f", "flv", f"{options['address']}/{options['key']}"]
        except NoFfmpeg as fault:
            raise CommandError(_("ffmpeg is missing. On Debian: apt install ffmpeg")) from fault
        with translation.override("fr"):
            try:
                code = subprocess.run(command, check=False).returncode  # noqa: S603 # nosec B603
            except KeyboardInterrupt:
                return
            if code:
                raise CommandError(_("The picture was not taken: is `ingest` running, and is the key valid now?"))

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from livestream.video.door import Door
from livestream.video.encoding import NoFfmpeg, ffmpeg
from livestream.video.house import TownHall

HOST, PORT = "127.0.0.1", 1935


class Command(BaseCommand):
    """Lets an encoder in and keeps what it sends, until SIGTERM or SIGINT."""

    help = "Receive the picture of a session (RTMP) and make of it what browsers play (HLS)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=HOST, help="the address to listen on; this machine alone by default")
        parser.add_argument("--port", type=int, default=PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("fr"):
            try:
                ffmpeg()
                asyncio.run(self.receive(options["host"], options["port"]))
            except NoFfmpeg as fault:
                raise CommandError(_("ffmpeg is missing. On Debian: apt install ffmpeg")) from fault
            except OSError as fault:
                sentence = _("Nothing can be received at %(host)s:%(port)s: %(why)s")
                raise CommandError(sentence % (options | {"why": fault.strerror})) from fault

    async def receive(self, host: str, port: int) -> None:
        asked = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Works for SIGINT too where a parent shell had it ignored.
            asyncio.get_running_loop().add_signal_handler(number, asked.set)
        async with Door(TownHall()).open(host, port):
            address = f"rtmp://{host}:{port}/live"
            self.stdout.write(_("Encoders may send to %(address)s, with their stream key.") % {"address": address})
            self.stdout.flush()
            await asked.wait()

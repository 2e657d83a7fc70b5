"""Publishes events on a stream of the database of DATABASE_URL, as the product does.

Prints the stream's number; then each line `FIRST LAST BYTES` of its input has it publish these messages, one
transaction each, in frames of about so many bytes.
"""

import sys
import time
from pathlib import Path

from bench.stand import content  # sets Django up

from django.conf import settings  # isort: skip

from civic.realtime.models import Stream  # isort: skip

FILLER = "Le conseil devrait elargir la piste cyclable du moulin avant la rentree. " * 1000
# What a frame holds around the text: stream, number, kind, and the mark with its time.
FRAME = 75


def open_stream() -> Stream:
    return content.open_petition("Une petition tres suivie").stream


def say(stream: Stream, number: int, size: int) -> None:
    # A mark of fan's, of characters that neither HTML nor JSON escapes. The clock is the same for all processes.
    mark = f"{number}.{time.monotonic_ns()}"
    stream.publish("line", "bench/_line.html", {"mark": mark, "text": FILLER[: max(0, size - FRAME)]})


def main() -> None:
    settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
    stream = open_stream()
    print(stream.pk, flush=True)
    for line in sys.stdin:
        first, last, size = map(int, line.split())
        for number in range(first, last + 1):
            say(stream, number, size)


if __name__ == "__main__":
    main()

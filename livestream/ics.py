"""Sittings as calendars read them (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet, Sum

from livestream.models import Sitting, State

# Without planned minutes: what a calendar keeps free for it.
USUAL = timedelta(hours=2)
OCTETS = 75


def with_length(sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    return sittings.annotate(planned=Sum("items__planned_minutes"))


def calendar(sittings: Iterable[Sitting], *, name: str) -> str:
    """One calendar with an event for each sitting, which must come `with_length`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fabrique citoyenne//FR", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for sitting in sittings:
        lines += event(sitting)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def event(sitting: Sitting) -> Iterator[str]:
    site = settings.SITE_URL.rstrip("/")
    length = timedelta(minutes=getattr(sitting, "planned", None) or 0) or USUAL
    ends_at = sitting.adjourned_at or sitting.starts_at + length
    yield "BEGIN:VEVENT"
    # The same for as long as the sitting exists, whatever is changed of it.
    yield f"UID:seance-{sitting.pk}@{urlsplit(site).hostname}"
    yield f"SEQUENCE:{sitting.sequence}"
    yield f"DTSTAMP:{moment(sitting.changed_at)}"
    yield f"LAST-MODIFIED:{moment(sitting.changed_at)}"
    yield f"DTSTART:{moment(sitting.starts_at)}"
    yield f"DTEND:{moment(max(ends_at, sitting.starts_at))}"
    yield f"STATUS:{'CANCELLED' if sitting.state == State.CANCELLED else 'CONFIRMED'}"
    yield f"SUMMARY:{escaped(sitting.title)}"
    if sitting.place:
        yield f"LOCATION:{escaped(sitting.place)}"
    if sitting.summary or sitting.cancellation_reason:
        yield f"DESCRIPTION:{escaped(sitting.cancellation_reason or sitting.summary)}"
    yield f"URL:{site}{sitting.get_absolute_url()}"
    yield "END:VEVENT"


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A text as a value: what has a meaning in the format loses it (3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Lines of 75 octets at most, no letter cut in two; a space begins each that goes on (3.1)."""
    part, room = "", OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield part
            part, room = " ", OCTETS - 1
        part += letter
        room -= size
    yield part

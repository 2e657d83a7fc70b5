"""Sittings as calendars read them (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet, Sum
from icalendar import STATUS, Calendar, Event

from livestream.models import Sitting, State

# Without planned minutes: what a calendar keeps free for it.
USUAL = timedelta(hours=2)


def with_length(sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    return sittings.annotate(planned=Sum("items__planned_minutes"))


def calendar(sittings: Iterable[Sitting], *, name: str) -> bytes:
    """One calendar with an event for each sitting, which must come `with_length`."""
    made = Calendar()
    for key, value in {"VERSION": "2.0", "PRODID": "-//Fabrique citoyenne//FR", "METHOD": "PUBLISH"}.items():
        made.add(key, value)
    made.calendar_name = name
    for sitting in sittings:
        made.add_component(event(sitting))
    return made.to_ical()


def event(sitting: Sitting) -> Event:
    site = settings.SITE_URL.rstrip("/")
    length = timedelta(minutes=getattr(sitting, "planned", None) or 0) or USUAL
    ends_at = sitting.adjourned_at or sitting.starts_at + length
    return Event.new(
        # The same for as long as the sitting exists, whatever is changed of it.
        uid=f"seance-{sitting.pk}@{urlsplit(site).hostname}",
        sequence=sitting.sequence,
        stamp=moment(sitting.changed_at),
        last_modified=moment(sitting.changed_at),
        start=moment(sitting.starts_at),
        end=moment(max(ends_at, sitting.starts_at)),
        status=STATUS.CANCELLED if sitting.state == State.CANCELLED else STATUS.CONFIRMED,
        summary=sitting.title,
        location=sitting.place or None,
        description=sitting.cancellation_reason or sitting.summary or None,
        url=f"{site}{sitting.get_absolute_url()}",
    )


def moment(at: datetime) -> datetime:
    """In UTC, which needs no definition of a time zone beside it."""
    return at.astimezone(UTC).replace(microsecond=0)

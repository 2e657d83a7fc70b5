"""Streams of events with a cursor: what open pages are told, in the order in which it was committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.template import loader
from django.utils import translation

from civic.realtime import registry, wakeups

# One answer of catch-up; a client that is further behind asks again from where it then stands.
PAGE = 200
# Kinds of frame that the stream itself speaks; no event may take them.
HEARTBEAT, RESET = "heartbeat", "reset"


@dataclass(frozen=True)
class Page:
    """What a reader at a cursor has missed. `is_reset`: some of it is gone, load the page again."""

    head: int
    events: "Sequence[StreamEvent]"
    is_reset: bool


class Stream(models.Model):
    """A sequence of events; the feature that speaks on it owns it one-to-one, `kind` names the feature."""

    kind = models.CharField(max_length=40)
    # The newest event. Events take their number by UPDATE … RETURNING: the row lock makes
    # later numbers commit later, so that no reader's cursor can pass over a slow transaction.
    seq = models.BigIntegerField(default=0, editable=False)
    # The newest event that pruning removed: a cursor below it has lost something for good.
    floor = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(floor__gte=0, seq__gte=models.F("floor")), name="realtime_stream_floor_below_seq"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk} at {self.seq}"

    def publish(
        self, kind: str, template: str, context: Mapping[str, Any], slot: str = "", *, is_news: bool = True
    ) -> int:
        """Add an event in the caller's transaction and return its number; pages learn of it at the commit.

        The fragment is rendered once per language and is the same for every reader, so `context`
        holds nothing of one person. With a `slot`, earlier events of that slot are replaced
        (of a count, only the newest matters). `is_news=False`: it may say what its slot says already, and is
        then left out; the caller holds a lock that others who publish there wait for.
        """
        if kind in {HEARTBEAT, RESET}:
            raise ValueError(f"“{kind}” is a frame of the stream itself")
        html = _render(template, context)  # before the row lock, which others wait for
        if not is_news and self.events.filter(slot=slot, html=html).exists():
            return self.seq
        with transaction.atomic(savepoint=False):
            seq = self._take_number()
            if slot:
                self.events.filter(slot=slot).delete()
            self.events.create(seq=seq, kind=kind, slot=slot, html=html)
            wakeups.send(wakeups.Wakeup("event", self.pk, seq))
        self.seq = seq
        return seq

    def close(self) -> None:
        """Close every socket of this stream at the commit; those who still may read come back in."""
        wakeups.send(wakeups.Wakeup("close", self.pk))

    def since(self, cursor: int) -> Page:
        """Up to PAGE events after `cursor`, oldest first, with the head as it is now."""
        # Head and floor come with the events, as of one moment: read apart, an event committed
        # in between would be below the head and yet missing.
        found = list(
            self.events.filter(seq__gt=cursor)
            .annotate(head=models.F("stream__seq"), floor=models.F("stream__floor"))
            .order_by("seq")[:PAGE]
        )
        if found:
            return Page(found[0].head, found, is_reset=cursor < found[0].floor)
        self.refresh_from_db(fields=["seq", "floor"])
        is_reset = not self.floor <= cursor <= self.seq
        return Page(self.seq if is_reset else cursor, [], is_reset)

    def is_public(self) -> bool:
        return registry.can_read(AnonymousUser(), self)

    def _take_number(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE realtime_stream SET seq = seq + 1 WHERE id = %s RETURNING seq", [self.pk])
            return cursor.fetchone()[0]


class StreamEventQuerySet(models.QuerySet):
    def prune(self, *, before: datetime) -> int:
        """Remove what was published before that moment and raise each stream's floor; returns how many."""
        with connection.cursor() as cursor:
            # One statement, one moment: a reader sees the events, or the floor that says they are gone.
            cursor.execute(
                """
                WITH gone AS (
                    DELETE FROM realtime_streamevent WHERE created_at < %s RETURNING stream_id, seq
                ), floors AS (
                    UPDATE realtime_stream AS stream SET floor = GREATEST(stream.floor, last.seq)
                    FROM (SELECT stream_id, max(seq) AS seq FROM gone GROUP BY stream_id) AS last
                    WHERE stream.id = last.stream_id
                )
                SELECT count(*) FROM gone
                """,
                [before],
            )
            return cursor.fetchone()[0]


class StreamEvent(models.Model):
    """One event: a fragment of a page, ready in each language."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="events")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    slot = models.CharField(max_length=40, blank=True)
    html = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    objects = StreamEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="realtime_streamevent_one_per_seq"),
            models.UniqueConstraint(
                fields=["stream", "slot"], condition=~models.Q(slot=""), name="realtime_streamevent_one_per_slot"
            ),
            models.CheckConstraint(condition=models.Q(seq__gt=0), name="realtime_streamevent_seq_positive"),
            models.CheckConstraint(
                condition=models.Q(html__has_keys=["fr", "en"]), name="realtime_streamevent_each_language"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="realtime_streamevent_created")]

    def __str__(self):
        return f"{self.kind} {self.stream_id}/{self.seq}"

    def frame(self, language: str) -> dict[str, Any]:
        """What a browser is given, by socket and by HTTP alike."""
        html = self.html.get(language, self.html[settings.LANGUAGE_CODE])
        return {"stream": self.stream_id, "seq": self.seq, "kind": self.kind, "html": html}


def _render(template: str, context: Mapping[str, Any]) -> dict[str, str]:
    html: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            html[language] = loader.render_to_string(template, dict(context))
    return html

"""What is said, line by line: captions of the picture, and a transcript in which one can search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.kernel.errors import Unprocessable
from civic.kernel.text import fold
from livestream.models.recording import Recording, tell_players, with_picture
from livestream.models.sitting import Sitting
from livestream.video import playlists, webvtt
from livestream.video.playlists import Span

TEXT_LENGTH, SPEAKER_LENGTH = 500, 120


class NothingFilmed(Unprocessable):
    title = _("Nothing was filmed")
    sentence = _("This session has no recording in which captions have a place.")


class CaptionQuerySet(models.QuerySet):
    def outside(self, hidden: Iterable[Span]) -> CaptionQuerySet:
        """Those of which nothing was said in a time that is hidden."""
        rows = self
        for span in hidden:
            touches = Q()
            if span.begins_at:
                touches &= Q(ends_at__gt=span.begins_at)
            if span.ends_at:
                touches &= Q(begins_at__lt=span.ends_at)
            rows = rows.exclude(touches) if touches else rows.none()
        return rows

    def search(self, query: str) -> CaptionQuerySet:
        """French full-text search that ignores accents: text and query are folded, then stemmed."""
        words = SearchQuery(fold(query), config="french", search_type="websearch")
        return self.alias(words=SearchVector("folded", config="french")).filter(words=words)


class Caption(models.Model):
    """A line, by the clock of the sitting: what is cut out of the recording later moves none."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="captions")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    speaker = models.CharField(max_length=SPEAKER_LENGTH, blank=True)
    text = models.CharField(max_length=TEXT_LENGTH)
    # What is searched: speaker and text in lower case without accents.
    folded = models.TextField(editable=False)

    objects = CaptionQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "pk"]
        indexes = [models.Index(fields=["recording", "begins_at", "id"], name="livestream_caption_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="livestream_caption_ends_after_beginning"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="livestream_caption_says_something"),
        ]

    def __str__(self):
        return self.text


@transaction.atomic
def replace_captions(sitting: Sitting, cues: Sequence[webvtt.Cue], *, by: Any = None) -> int:
    """Keep these cues in place of those that are there; how many were kept.

    Their times are of the replay as it is shown now. `by` is None where somebody at the server does it
    (`manage.py import_captions`). Raises NotAllowed or NothingFilmed.
    """
    current = sitting.locked_for(by) if by else sitting
    filmed = with_picture(Sitting.objects.filter(recording__isnull=False)).filter(pk=sitting.pk).first()
    if filmed is None or not (segments := filmed.recording.shown()):
        raise NothingFilmed
    recording = filmed.recording
    recording.captions.all().delete()
    made = Caption.objects.bulk_create(_caption(recording, cue, playlists.moment(segments, cue.begins)) for cue in cues)
    counted = {"captions": len(made)}
    journal.record("recording.captions", actor=by, target=("sitting", sitting.pk), space=current.space, **counted)
    tell_players(current)
    return len(made)


def shown_captions(recording: Recording) -> list[webvtt.Cue]:
    """As the players of what is shown now have to be told; of a recording whose sitting came `with_picture`."""
    segments = recording.shown()
    cues = []
    for caption in recording.captions.outside(recording.hidden):
        begins = playlists.position(segments, caption.begins_at)
        lasting = (caption.ends_at - caption.begins_at).total_seconds()
        cues.append(webvtt.Cue(begins, begins + lasting, caption.text, caption.speaker))
    return cues


def _caption(recording: Recording, cue: webvtt.Cue, begins_at: datetime) -> Caption:
    text, speaker = cue.text[:TEXT_LENGTH], cue.speaker[:SPEAKER_LENGTH]
    ends_at = begins_at + timedelta(seconds=cue.ends - cue.begins)
    said = {"text": text, "speaker": speaker, "folded": fold(f"{speaker} {text}")}
    return Caption(recording=recording, begins_at=begins_at, ends_at=ends_at, **said)

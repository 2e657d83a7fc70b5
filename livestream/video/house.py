"""What the door asks the database: who may come in, and whether what comes is for the public."""

from __future__ import annotations

import structlog
from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from livestream.models import Recording, Sitting, StreamKey
from livestream.models.recording import tell_desk, with_picture
from livestream.video.door import Feed, Word

log = structlog.get_logger(__name__)


class TownHall:
    """The house of the product."""

    def __init__(self) -> None:
        self.keys: dict[int, int] = {}
        self.words: dict[int, Word] = {}
        # What desks were last told of each.
        self.fed: dict[int, bool] = {}

    async def admit(self, key: str) -> Feed | None:
        """Nobody, while the database can't be asked: the encoder tries again."""
        try:
            return await database_sync_to_async(self.admit_at_once)(key)
        except DatabaseError as error:
            log.warning("database away", error=type(error).__name__)
            return None

    async def word(self, feed: Feed) -> Word:
        """The last word, while the database can't be asked: nobody can have closed the doors meanwhile."""
        try:
            self.words[feed.number] = await database_sync_to_async(self.word_on)(feed)
        except DatabaseError as error:
            log.warning("database away", error=type(error).__name__)
        return self.words.get(feed.number, Word(is_kept=False))

    async def gone(self, feed: Feed) -> None:
        try:
            await database_sync_to_async(self.gone_at_once)(feed)
        except DatabaseError as error:
            log.warning("database away", error=type(error).__name__)

    def gone_at_once(self, feed: Feed) -> None:
        self.tell_desk(Recording.objects.select_related("sitting__stream").get(pk=feed.number))

    def tell_desk(self, recording: Recording) -> None:
        """Once each time that a picture begins to come, or comes no more."""
        is_fed = recording.is_fed(at=timezone.now())
        if self.fed.get(recording.pk, False) != is_fed:
            self.fed[recording.pk] = is_fed
            tell_desk(recording.sitting)

    def admit_at_once(self, secret: str) -> Feed | None:
        key = StreamKey.opening(secret, at=timezone.now())
        if key is None:
            return None
        recording = key.sitting.recording
        recording.path.mkdir(parents=True, exist_ok=True)
        self.keys[recording.pk] = key.pk
        return Feed(recording.pk, recording.path)

    def word_on(self, feed: Feed) -> Word:
        recording = with_picture(Sitting.objects.with_life()).get(recording=feed.number).recording
        self.tell_desk(recording)
        is_welcome = StreamKey.objects.filter(pk=self.keys[feed.number], revoked_at=None).exists()
        return Word(is_welcome=is_welcome and not recording.is_over, is_kept=recording.is_kept, hidden=recording.hidden)

"""The picture of a sitting: the keys by which an encoder comes in, what is kept, and what is cut out of it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.kernel.errors import Unprocessable
from civic.kernel.text import plain_line
from livestream.models.breaks import Break
from livestream.models.periods import lasting
from livestream.models.sitting import Sitting
from livestream.models.states import SittingQuerySet, State
from livestream.video import playlists
from livestream.video.playlists import Segment, Span

REASON_LENGTH = 300
# As hexadecimal digits, which no form and no command line takes for something else.
KEY_BYTES = 24


class NothingToCut(Unprocessable):
    title = _("This passage is not in the recording")
    sentence = _("A passage begins before it ends, and both are while the session lasted.")


class Recording(models.Model):
    """What was filmed of a sitting, in a folder whose name tells nothing; live as long as the sitting is."""

    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="recording")
    folder = models.CharField(max_length=32, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(folder__regex=r"^[0-9a-f]{32}$"), name="livestream_recording_folder_is_random"
            )
        ]

    def __str__(self):
        return f"{self.sitting_id}"

    @property
    def path(self) -> Path:
        return settings.VIDEO_DIR / self.folder

    @property
    def is_over(self) -> bool:
        return self.sitting.adjourned_at is not None

    @property
    def is_kept(self) -> bool:
        """Whether what comes in now is for the public: a sitting that is open, and not interrupted."""
        return self.sitting.state == State.LIVE

    @property
    def hidden(self) -> list[Span]:
        """What nobody sees: what is never shown, and what was cut. Of a sitting that came `with_picture`."""
        return [*self.never_shown, *self.cut_out]

    @property
    def never_shown(self) -> list[Span]:
        """Before the sitting was opened and after it ended, and its breaks."""
        sitting = self.sitting
        spans = [Span(None, sitting.opened_at)]
        if sitting.adjourned_at:
            spans.append(Span(sitting.adjourned_at, None))
        return spans + [Span(time.lower, time.upper) for time in vars(sitting)["interrupted"]]

    @property
    def cut_out(self) -> list[Span]:
        return [Span(time.lower, time.upper) for time in vars(self.sitting)["cut_out"]]

    def is_fed(self, *, at: datetime) -> bool:
        """Whether a picture comes in, as far as the files tell."""
        return playlists.is_fed(self.path, at=at)

    def shown(self, rendition: str = playlists.NAMES[0]) -> list[Segment]:
        """What a player's time counts, piece by piece; live, what was cut is still counted, as a gap."""
        return playlists.shown(self.path, rendition, self.hidden if self.is_over else self.never_shown)

    @property
    def thumbnail(self) -> Path | None:
        return playlists.thumbnail(self.path, self.hidden)

    @transaction.atomic
    def cut(self, by: Any, *, begins_at: datetime, ends_at: datetime, reason: str, at: datetime) -> Cut:
        """Show this passage to nobody any more; its files stay until `destroy`. Raises NothingToCut or NotAllowed."""
        sitting = self.sitting.locked_for(by)
        if not (sitting.opened_at and sitting.opened_at <= begins_at < ends_at <= (sitting.adjourned_at or at)):
            raise NothingToCut
        made = Cut.objects.create(
            recording=self, begins_at=begins_at, ends_at=ends_at, reason=plain_line(reason), made_by=by, made_at=at
        )
        sitting.record("recording.cut", by, cut=made.pk)
        tell_players(sitting)
        return made


class Cut(models.Model):
    """A passage that was said behind closed doors after all, or must not be shown: since when, by whom and why."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="cuts")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="livestream_cut_ends_after_beginning"),
            models.CheckConstraint(condition=~Q(reason=""), name="livestream_cut_has_reason"),
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(destroyed_at__gte=F("made_at")),
                name="livestream_cut_destroyed_later",
            ),
        ]

    def __str__(self):
        return f"{self.begins_at:%Y-%m-%d %H:%M}"

    @transaction.atomic
    def take_back(self, by: Any, *, at: datetime) -> None:
        """Show it again, as long as its files are there. Raises NothingToCut or NotAllowed."""
        sitting = self.recording.sitting.locked_for(by)
        if not Cut.objects.filter(pk=self.pk, destroyed_at=None).delete()[0]:
            raise NothingToCut
        sitting.record("recording.cut_undone", by)
        tell_players(sitting)

    def destroy(self, by: Any, *, at: datetime) -> None:
        """Take what was cut from the disk, for good. Raises NotAllowed."""
        with transaction.atomic():
            sitting = self.recording.sitting.locked_for(by)
            Cut.objects.filter(pk=self.pk, destroyed_at=None).update(destroyed_at=at)
            sitting.record("recording.cut_destroyed", by)
        playlists.remove_hidden(self.recording.path, [Span(self.begins_at, self.ends_at)])


def tell_players(sitting: Sitting) -> None:
    """Have open players ask again for what is shown, and drop what they hold. In the caller's transaction."""
    sitting.stream.publish("picture", "livestream/_picture.html", {}, slot="picture")


def tell_desk(sitting: Sitting) -> None:
    """Have the desks of clerks look again whether a picture comes in."""
    sitting.stream.publish("feed", "livestream/_picture.html", {}, slot="feed")


def with_picture(sittings: SittingQuerySet) -> SittingQuerySet:
    """With the recording, where there is one, what is hidden of it, and whether it has captions: in the same query."""
    breaks = Break.objects.filter(sitting=OuterRef("pk"))
    cuts = Cut.objects.filter(recording__sitting=OuterRef("pk"))
    return sittings.select_related("recording").annotate(
        interrupted=ArraySubquery(breaks.values_list(lasting())),
        cut_out=ArraySubquery(cuts.values_list(lasting())),
        has_captions=Exists(Recording.objects.filter(sitting=OuterRef("pk"), captions__isnull=False)),
    )


class StreamKeyQuerySet(models.QuerySet):
    def valid(self, *, at: datetime) -> StreamKeyQuerySet:
        return self.filter(from_at__lte=at, until_at__gt=at).filter(Q(revoked_at=None) | Q(revoked_at__gt=at))


class StreamKey(models.Model):
    """What an encoder shows to come in, between two dates. Kept as a digest: it is seen once, when it is made."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="stream_keys")
    # SHA-256 without salt or slowness: of 192 random bits nobody tries them all.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = StreamKeyQuerySet.as_manager()

    class Meta:
        ordering = ["from_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="livestream_key_ends_after_beginning"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="livestream_key_is_digest"),
        ]

    def __str__(self):
        return f"{self.sitting_id} {self.from_at:%Y-%m-%d %H:%M}"

    @classmethod
    @transaction.atomic
    def give(cls, sitting: Sitting, by: Any, *, from_at: datetime, until_at: datetime, at: datetime) -> str:
        """A new key, in the only moment in which it can be read. Raises NotAllowed."""
        sitting = sitting.locked_for(by)
        Recording.objects.get_or_create(sitting=sitting, defaults={"folder": token_hex(16)})
        secret = token_hex(KEY_BYTES)
        digest = digest_of(secret)
        key = cls.objects.create(
            sitting=sitting, digest=digest, from_at=from_at, until_at=until_at, given_by=by, given_at=at
        )
        sitting.record("stream_key.given", by, key=key.pk)
        return secret

    @classmethod
    def opening(cls, secret: str, *, at: datetime) -> StreamKey | None:
        """The key that this is, if it opens at this moment; a refusal is journalled, without what was tried."""
        key = cls.objects.valid(at=at).select_related("sitting__recording").filter(digest=digest_of(secret)).first()
        if key is None:
            journal.record("stream_key.refused", target=("stream_key", None))
        return key

    @transaction.atomic
    def revoke(self, by: Any, *, at: datetime) -> None:
        """Let nobody in by it any more; who is inside leaves within seconds. Raises NotAllowed."""
        sitting = self.sitting.locked_for(by)
        if StreamKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=at):
            sitting.record("stream_key.revoked", by)
        self.refresh_from_db(fields=["revoked_at"])


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()

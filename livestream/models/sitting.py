"""A sitting of the council (a *séance*): what is announced of it, and the dated facts of its life."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.comments.models import Thread
from civic.kernel.errors import NotAllowed
from civic.kernel.text import plain_line
from civic.realtime.models import Stream
from civic.territory.models import Space, Theme
from livestream.models import attendance, conduct, frames, passage
from livestream.models.breaks import Break
from livestream.models.council import Councillor
from livestream.models.states import CLERKS, UNDER_WAY, SittingQuerySet, State, state_of

if TYPE_CHECKING:
    from livestream.models.attendance import Quorum
    from livestream.models.item import Item
    from livestream.models.passage import Passage
    from livestream.models.speech import Speech

TITLE_LENGTH, PLACE_LENGTH, SUMMARY_LENGTH, REASON_LENGTH = 120, 200, 600, 1000


class SittingKind(models.TextChoices):
    COUNCIL = "council", _("Council session")
    MEETING = "meeting", _("Public meeting")
    EVENT = "event", _("City event")


class Sitting(models.Model):
    """Named so that nobody takes it for a web session; pages and addresses say *séance*."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=SittingKind.choices, default=SittingKind.COUNCIL)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    place = models.CharField(_("place"), max_length=PLACE_LENGTH, blank=True)
    # As announced; what happened is in the dated facts.
    starts_at = models.DateTimeField(_("starts on"))
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, verbose_name=_("theme"))
    chair = models.ForeignKey(
        Councillor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    secretary = models.ForeignKey(
        Councillor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("secretary of the session")
    )
    # Convened again after one without a quorum: it then deliberates whoever is there (CGCT L2121-17).
    is_second_call = models.BooleanField(_("convened again after a session without a quorum"), default=False)
    # Seconds during which moderators see a comment before everybody does.
    delay_seconds = models.PositiveSmallIntegerField(_("delay of comments, in seconds"), default=0)
    # Raised by each edit, so that two clerks don't undo each other's work.
    revision = models.PositiveIntegerField(default=1)
    # Raised by each change of what calendars hold (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    convened_at = models.DateTimeField(null=True)
    # When its hour or its place was last changed, once it was convened.
    moved_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancellation_reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    opened_at = models.DateTimeField(null=True)
    adjourned_at = models.DateTimeField(null=True)
    minutes_adopted_at = models.DateTimeField(null=True)

    space = models.OneToOneField(Space, models.PROTECT, related_name="sitting")
    stream = models.OneToOneField(Stream, models.PROTECT, related_name="sitting")
    # The debate about it as a whole, from the convocation on.
    thread = models.OneToOneField(Thread, models.PROTECT, null=True, related_name="sitting")

    objects = SittingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SittingKind.values), name="livestream_sitting_kind_is_known"),
            models.CheckConstraint(condition=Q(delay_seconds__lte=600), name="livestream_sitting_delay_is_short"),
            models.CheckConstraint(
                condition=Q(convened_at=None) | ~Q(title="") & ~Q(place=""),
                name="livestream_sitting_convened_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(convened_at__isnull=False), name="livestream_sitting_opened_is_convened"
            ),
            models.CheckConstraint(
                condition=Q(adjourned_at=None) | Q(opened_at__isnull=False, adjourned_at__gte=F("opened_at")),
                name="livestream_sitting_adjourned_is_opened",
            ),
            models.CheckConstraint(
                condition=Q(minutes_adopted_at=None)
                | Q(adjourned_at__isnull=False, minutes_adopted_at__gte=F("adjourned_at")),
                name="livestream_sitting_adopted_is_adjourned",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancellation_reason="")
                | Q(cancelled_at__isnull=False, convened_at__isnull=False, opened_at=None) & ~Q(cancellation_reason=""),
                name="livestream_sitting_cancelled_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["-starts_at", "-id"], name="livestream_recent")]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("council:detail", args=[self.pk, self.slug])

    # --- Reading --------------------------------------------------------------------------

    @property
    def slug(self) -> str:
        return slugify(self.title) or "seance"

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)

    @property
    def open_break(self) -> Break | None:
        return self.breaks.filter(ends_at=None).first()

    @property
    def break_kind(self) -> str | None:
        """Of the break that lasts (one query where `with_life` did not bring it)."""
        if "lasting_break" in vars(self):
            return vars(self)["lasting_break"]
        pause = self.open_break
        return pause.kind if pause else None

    @property
    def state(self) -> State:
        return state_of(self)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_council(self) -> bool:
        """Whether it deliberates: quorum and votes are of councils alone."""
        return self.kind == SittingKind.COUNCIL

    @property
    def open_passage(self) -> Passage | None:
        return self.passages.select_related("item").filter(ends_at=None).first()

    @property
    def current_item(self) -> Item | None:
        passage = self.open_passage
        return passage.item if passage else None

    @property
    def open_speech(self) -> Speech | None:
        return self.speeches.select_related("councillor").filter(ends_at=None).first()

    @property
    def speaker_name(self) -> str | None:
        """Who has the floor (one query where `with_life` did not bring it)."""
        if "lasting_speaker" in vars(self):
            return vars(self)["lasting_speaker"]
        speech = self.open_speech
        return speech.councillor.name if speech else None

    @property
    def lacks(self) -> list[str]:
        """What a draft needs before it is convened."""
        needed = [(_("a place"), bool(self.place)), (_("at least one item on the agenda"), self.items.exists())]
        return [str(name) for name, is_there in needed if not is_there]

    def quorum(self, *, at: datetime) -> Quorum:
        return attendance.quorum(self, at=at)

    def can_be_run_by(self, user: Any) -> bool:
        return user.is_authenticated and user.has_role(*CLERKS, space=self.space)

    @staticmethod
    def stream_is_readable(user: Any, stream: Stream) -> bool:
        return Sitting.objects.visible_to(user).filter(stream=stream).exists()

    # --- Writing --------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def draft(cls, author: Any, *, title: str, starts_at: datetime, **fields: Any) -> Sitting:
        """Begin a sitting with what it owns: its space and its stream."""
        title = plain_line(title)
        space = Space.objects.create(kind="sitting", name=title)
        stream = Stream.objects.create(kind="sitting")
        return cls.objects.create(author=author, title=title, starts_at=starts_at, space=space, stream=stream, **fields)

    def locked_for(self, by: Any) -> Sitting:
        """Its row, locked for an act of this person's. Raises NotAllowed."""
        rows = Sitting.objects.select_for_update(of=("self",), no_key=True).select_related("space", "stream")
        current = rows.get(pk=self.pk)
        if not current.can_be_run_by(by):
            raise NotAllowed
        return current

    def record(self, action: str, by: Any, **codes: Any) -> None:
        """Journal an act on it, in the transaction of that act."""
        journal.record(action, actor=by, target=("sitting", self.pk), space=self.space, **codes)

    def edit(self, by: Any, *, revision: int, at: datetime, **fields: Any) -> None:
        """Keep new texts and dates; what calendars hold raises `sequence` once convened. Raises ChangedMeanwhile."""
        conduct.edit(self, by, revision=revision, at=at, **fields)
        self.refresh_from_db()

    def convene(self, by: Any, *, at: datetime, revision: int | None = None) -> None:
        """Make it and its agenda public, as it was read at `revision`. Raises ChangedMeanwhile, NotReady or NotNow."""
        conduct.convene(self, by, at=at, revision=revision)
        self.refresh_from_db()

    def cancel(self, by: Any, *, reason: str, at: datetime) -> None:
        """Say, with a public reason, that it does not take place. Raises NotNow or ReasonMissing."""
        conduct.cancel(self, by, reason=reason, at=at)
        self.refresh_from_db()

    def open(self, by: Any, *, at: datetime) -> None:
        conduct.open_sitting(self, by, at=at)
        self.refresh_from_db()

    def go_to(self, item: Item, by: Any, *, seen: int | None, at: datetime) -> Passage:
        """Examine this item from now on; one click moves pages, chapters and subscribers (`passage.go_to`)."""
        made = passage.go_to(self, item, by, seen=seen, at=at)
        self.refresh_from_db()
        return made

    def undo(self, by: Any, *, seen: int, at: datetime) -> Passage | None:
        """Take a wrong click back: it leaves no chapter (`passage.undo`)."""
        former = passage.undo(self, by, seen=seen, at=at)
        self.refresh_from_db()
        return former

    def suspend(self, by: Any, *, at: datetime, saw: str | None = None) -> Break:
        """`saw`, here and below: the state that the clerk's page showed. Raises StateChanged where it is another."""
        made = conduct.begin_break(self, by, kind="suspension", at=at, saw=saw)
        self.refresh_from_db()
        return made

    def close_doors(self, by: Any, *, at: datetime) -> Break:
        made = conduct.begin_break(self, by, kind="closed_doors", at=at)
        self.refresh_from_db()
        return made

    def resume(self, by: Any, *, at: datetime, saw: str | None = None) -> None:
        """End the suspension or the time behind closed doors. Raises StateChanged or NotNow."""
        conduct.resume(self, by, at=at, saw=saw)
        self.refresh_from_db()

    def adjourn(self, by: Any, *, at: datetime, saw: str | None = None) -> None:
        """End it: the item, the break, who is there and who speaks end with it. Raises StateChanged or NotNow."""
        conduct.adjourn(self, by, at=at, saw=saw)
        self.refresh_from_db()

    def adopt_minutes(self, by: Any, *, at: datetime) -> None:
        conduct.adopt_minutes(self, by, at=at)
        self.refresh_from_db()

    def tell_page(self, *items: int) -> None:
        """Have open pages show where the sitting is, and those items (by id) as they are now."""
        frames.tell(self, items)

    def tell_announcement(self) -> None:
        """Have open pages show what is announced as it is now."""
        frames.announce(self)

    def tell_changed(self) -> None:
        """Say on open pages that the agenda itself is another."""
        self.stream.publish("changed", "livestream/_changed.html", {}, slot="changed")

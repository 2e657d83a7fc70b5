"""A petition: its text, the dated facts of its life, and what may be done to it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.audit import journal
from civic.comments.models import Thread
from civic.kernel.errors import DomainError, NotAllowed
from civic.kernel.text import clean_text, fold, plain_line
from civic.moderation import screening
from civic.moderation.models import Reason, Subject, Trigger
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.modes import Mode
from civic.realtime.models import Stream
from civic.territory.models import Quarter, Theme
from petitions.models.counter import Counter
from petitions.models.signature import Signature, Signer
from petitions.models.states import PetitionQuerySet, PetitionState, state_of
from petitions.models.threshold import Threshold, ThresholdRule

TITLE_LENGTH, REQUEST_LENGTH, DETAILS_LENGTH, SUGGESTION_LENGTH = 80, 300, 3000, 1000
# "Six months by default" (petitions.md).
COLLECTION = timedelta(days=183)
ONE_LINE = {"title", "request"}
EDITABLE = {PetitionState.DRAFT, PetitionState.IN_REVIEW, PetitionState.REFUSED}


class PetitionClosed(DomainError):
    title = _("Signatures are closed")
    sentence = _("This petition no longer collects signatures. Your signature was not recorded.")


class NotOpenYet(PetitionClosed):
    title = _("Signatures are not open yet")
    sentence = _("This petition is accepted and opens on the day that its page says. Your signature was not recorded.")


class SignedSince(DomainError):
    title = _("This petition has signatures")
    sentence = _("People have signed since it was published: it can be hidden, with a reason, but no longer undone.")


class PetitionIncomplete(DomainError):
    status = 422
    title = _("The petition is not complete")
    sentence = _("A title, what you ask and a theme are needed before it can be sent for review.")


class Petition(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="petitions")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    request = models.CharField(_("what is asked"), max_length=REQUEST_LENGTH, blank=True)
    details = models.CharField(_("details"), max_length=DETAILS_LENGTH, blank=True)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, verbose_name=_("theme"))
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, verbose_name=_("quarter"))
    folded = models.TextField(default="", editable=False)
    # Raised by each edit, so that a decision on a text that has changed since is refused.
    revision = models.PositiveIntegerField(default=1)

    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal_reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
    refusal_suggestion = models.CharField(max_length=SUGGESTION_LENGTH, blank=True)
    # A refusal is public, but for a text that would harm somebody: that one only its author still reads.
    withheld_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    # What lists are ordered by: when the public could first read it.
    listed_at = models.GeneratedField(
        expression=Coalesce("opens_at", "refused_at"), output_field=models.DateTimeField(null=True), db_persist=True
    )

    stream = models.OneToOneField(Stream, models.PROTECT, related_name="petition")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="petition")
    thread = models.OneToOneField(Thread, models.PROTECT, related_name="petition")

    objects = PetitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, opens_at=None, closes_at=None)
                | Q(published_at__isnull=False, opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="petitions_petition_published_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, published_at=None, refused_at=None)
                | Q(submitted_at__isnull=False, theme__isnull=False) & ~Q(title="") & ~Q(request=""),
                name="petitions_petition_submitted_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(refused_at=None), name="petitions_petition_published_or_refused"
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(refusal_reason__isnull=False),
                name="petitions_petition_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(withheld_at=None) | Q(refused_at__isnull=False),
                name="petitions_petition_withheld_is_refused",
            ),
        ]
        indexes = [
            models.Index(fields=["-listed_at", "-id"], name="petitions_petition_recent"),
            models.Index(fields=["closes_at", "id"], name="petitions_petition_ending"),
            GinIndex(SearchVector("folded", config="french"), name="petitions_petition_search"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("petitions:detail", args=[self.pk, self.slug])

    # --- Writing ------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def draft(cls, author, *, title: str) -> "Petition":
        """Begin a petition with what it owns: its stream, its place in moderation, its thread, its counter.

        The same title again, while nothing was added, is the same draft: a form sent twice (a double
        click, an answer that got lost) begins one petition. The author's row orders the two.
        """
        title = plain_line(title)
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        begun = cls.objects.filter(author=author, title=title, revision=1, submitted_at=None, removed_at=None).first()
        if begun:
            return begun
        stream = Stream.objects.create(kind="petition")
        subject = Subject.objects.create(kind="petition")
        thread = Thread.objects.create(kind="petition", stream=stream, asks_position=True)
        petition = cls(author=author, title=title, stream=stream, subject=subject, thread=thread)
        petition.folded = petition._folded()
        petition.save()
        Counter.objects.create(petition=petition)
        return petition

    @transaction.atomic
    def edit(self, by, *, at: datetime, **text) -> None:
        """Change parts of the text (title, request, details, theme, quarter). Raises NotAllowed.

        The row is locked, so that an edit and a decision about the text come one after the other.
        """
        current = Petition.objects.select_for_update().get(pk=self.pk)
        if not current.can_be_edited_by(by, at=at):
            raise NotAllowed(_("This petition can no longer be edited."))
        text = {name: plain_line(value) if name in ONE_LINE else value for name, value in text.items()}
        changed = [name for name, value in text.items() if getattr(current, name) != value]
        if changed:
            current._change(text)
            if current.state_at(at) == PetitionState.IN_REVIEW:
                current._screen(at=at)
        self.refresh_from_db()

    def _change(self, text: dict) -> None:
        for name, value in text.items():
            setattr(self, name, value)
        if self.refused_at:
            # What is refused is public: rewritten, it is a draft again until somebody has read it.
            self.submitted_at = self.refused_at = self.withheld_at = None
        self.folded = self._folded()
        self.revision += 1
        self.save(update_fields=[*text, "folded", "revision", "submitted_at", "refused_at", "withheld_at"])

    def can_be_edited_by(self, user, *, at: datetime) -> bool:
        return user.is_authenticated and self.author_id == user.pk and self.state_at(at) in EDITABLE

    @transaction.atomic
    def submit(self, by, *, at: datetime) -> None:
        """Send for review, for the first time or after a refusal. Raises NotAllowed, PetitionIncomplete or Silenced."""
        current = Petition.objects.select_for_update().get(pk=self.pk)
        if not current.can_be_edited_by(by, at=at):
            raise NotAllowed(_("This petition can no longer be sent for review."))
        if current.state_at(at) == PetitionState.IN_REVIEW:
            return
        if not (current.title and current.request and current.theme_id):
            raise PetitionIncomplete
        # The draft stays: who is silenced for a time can send it afterwards.
        check_may_write(by, at=at)
        trigger = Trigger.RESUBMITTED if current.refusal_reason_id else Trigger.NEW
        current.submitted_at, current.refused_at, current.withheld_at = at, None, None
        current.save(update_fields=["submitted_at", "refused_at", "withheld_at"])
        current.subject.open_case(trigger, at=at, weight=current._screen(at=at))
        journal.record("petition.submitted", actor=by, target=("petition", self.pk), revision=current.revision)

    def _screen(self, *, at: datetime) -> int:
        """Note what a machine finds in the text, for who reads it; returns how much sooner that should be."""
        text = screening.join_parts([self.title, self.request, self.details])
        return screening.screen(self.subject, author=self.author, text=text, mode=Mode.BEFORE, at=at).weight

    def _folded(self) -> str:
        return fold(f"{self.title} {self.request} {self.details}")

    # --- Review (called by the decision, in its transaction, on a locked row) -----------------

    def publish(self, *, at: datetime, opens_at: datetime | None = None) -> None:
        """Open for signature now or at `opens_at`, for six months, under the city's present thresholds."""
        self.published_at, self.opens_at = at, opens_at or at
        self.closes_at = self.opens_at + COLLECTION
        self.refused_at = self.withheld_at = None
        self.save(update_fields=["published_at", "opens_at", "closes_at", "refused_at", "withheld_at"])
        Threshold.objects.bulk_create(
            Threshold(petition=self, kind=rule.kind, count=rule.count) for rule in ThresholdRule.objects.all()
        )

    def refuse(self, reason: Reason, *, suggestion: str, at: datetime) -> None:
        """Refuse, with the reason, in public where the text harms nobody; the author may edit and send it again."""
        self.refused_at, self.refusal_reason = at, reason
        self.withheld_at = at if reason.withholds_text else None
        self.refusal_suggestion = suggestion
        self.save(update_fields=["refused_at", "refusal_reason", "withheld_at", "refusal_suggestion"])

    def hide(self, *, at: datetime) -> None:
        """Take it out of public sight, open pages included; nothing of it is lost."""
        self.hidden_at = at
        self.save(update_fields=["hidden_at"])
        self.stream.close()

    def restore(self) -> None:
        """Show it again, in its place: its dates, its signatures and its address never changed."""
        self.hidden_at = None
        self.save(update_fields=["hidden_at"])
        self.stream.close()

    def unpublish(self) -> None:
        """Undo a publication that nobody has signed yet: it waits for review again. Raises SignedSince."""
        if self.signatures.exists():
            raise SignedSince
        self.thresholds.all().delete()
        self.published_at = self.opens_at = self.closes_at = None
        self.save(update_fields=["published_at", "opens_at", "closes_at"])
        self.stream.close()

    def unrefuse(self) -> None:
        """Undo a refusal: it waits for review again."""
        self.refused_at = self.withheld_at = self.refusal_reason = None
        self.refusal_suggestion = ""
        self.save(update_fields=["refused_at", "withheld_at", "refusal_reason", "refusal_suggestion"])
        self.stream.close()

    # --- Signing ----------------------------------------------------------------------------

    def sign(self, signer: Signer, *, at: datetime) -> int:
        """Add a name, once, and return the signature's id.

        Raises PetitionClosed, AlreadySigned, MailboxFull or SignatureSetAside.
        """
        self.check_open(at=at)
        return Signature.add(self.pk, signer, at=at)

    def check_open(self, *, at: datetime) -> None:
        """Raises PetitionClosed, or NotOpenYet, where it can't be signed."""
        state = self.state_at(at)
        if state != PetitionState.OPEN:
            error = NotOpenYet if state == PetitionState.SCHEDULED else PetitionClosed
            raise error(next_url=self.get_absolute_url(), next_label=_("See the petition"))

    def signature_of(self, user) -> Signature | None:
        """The signature that this person gave, with the account or before by mail."""
        if not user.is_authenticated:
            return None
        return Signature.objects.of_account(self.pk, user).select_related("petition").first()

    @classmethod
    def stream_is_readable(cls, user, stream: Stream) -> bool:
        """Who may follow the count: whoever may read the petition."""
        return cls.objects.visible_to(user).filter(stream=stream).exists()

    # --- Reading ------------------------------------------------------------------------

    def state_at(self, at: datetime) -> PetitionState:
        return state_of(self, at=at)

    @property
    def state(self) -> PetitionState:
        return self.state_at(timezone.now())

    @property
    def is_open(self) -> bool:
        return self.state == PetitionState.OPEN

    @property
    def is_shown(self) -> bool:
        """Whether anyone may read it: the queryset `shown`, on one row."""
        is_public = self.published_at is not None or (self.refused_at is not None and self.withheld_at is None)
        return is_public and self.hidden_at is None and self.removed_at is None

    def is_open_at(self, at: datetime) -> bool:
        return self.state_at(at) == PetitionState.OPEN

    @property
    def slug(self) -> str:
        return slugify(self.title)[:60].strip("-") or "petition"

    @property
    def awaits_rewriting(self) -> bool:
        """Whether it was refused and has not been sent again since."""
        return self.refusal_reason_id is not None and self.state in {PetitionState.REFUSED, PetitionState.DRAFT}

    @property
    def author_name(self) -> str:
        return self.author.name if self.author else ""

    @property
    def details_html(self) -> str:
        return clean_text(self.details)

    @property
    def days_left(self) -> int | None:
        """Whole days until the closing, the last day counted as 1; None where nothing is open."""
        if not self.is_open or self.closes_at is None:
            return None
        return (self.closes_at - timezone.now()).days + 1

    @property
    def count(self) -> int:
        return self.counter.confirmed

    @cached_property
    def all_thresholds(self) -> list[Threshold]:
        return list(self.thresholds.all())

    @property
    def next_threshold(self) -> Threshold | None:
        return next((t for t in self.all_thresholds if t.count > self.count), None)

    @property
    def remaining(self) -> int:
        return self.next_threshold.count - self.count if self.next_threshold else 0

    @property
    def progress(self) -> int:
        """Percent of the way to the next threshold; 100 beyond the last."""
        return self.count * 100 // self.next_threshold.count if self.next_threshold else 100

    @property
    def signature_url(self) -> str:
        return reverse("petitions:sign", args=[self.pk])

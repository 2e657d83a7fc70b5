"""A petition: writing it, sending it for review, signing it, and how far it has come."""

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.audit import journal
from civic.comments.models import Thread
from civic.kernel.errors import DomainError, NotAllowed
from civic.kernel.text import fold, plain_line
from civic.moderation import screening
from civic.moderation.models import Subject, Trigger
from civic.moderation.models.sanctions import check_may_write
from civic.moderation.modes import Mode
from civic.realtime.models import Stream
from petitions.models.counter import Counter
from petitions.models.moderated import Moderated
from petitions.models.signature import Signature, Signer
from petitions.models.states import PetitionQuerySet, PetitionState
from petitions.models.threshold import Threshold

ONE_LINE = {"title", "request"}
EDITABLE = {PetitionState.DRAFT, PetitionState.IN_REVIEW, PetitionState.REFUSED}


class PetitionClosed(DomainError):
    title = _("Signatures are closed")
    sentence = _("This petition no longer collects signatures. Your signature was not recorded.")


class NotOpenYet(PetitionClosed):
    title = _("Signatures are not open yet")
    sentence = _("This petition is accepted and opens on the day that its page says. Your signature was not recorded.")


class PetitionIncomplete(DomainError):
    status = 422
    title = _("The petition is not complete")
    sentence = _("A title, what you ask and a theme are needed before it can be sent for review.")


class Petition(Moderated):
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

    # --- Its count (rows of its own, which the loop of counting.py moves) ---------------------

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

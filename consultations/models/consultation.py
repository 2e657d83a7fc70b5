"""A consultation: its text, who may take part, and the dated facts of its life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import ResidentList, Role
from civic.kernel.errors import NotAllowed
from civic.kernel.text import plain_line
from civic.realtime.models import Stream
from civic.territory.models import Quarter, Space, Theme
from consultations.models import correcting, publishing, readiness, timeline
from consultations.models.phase import Extension, Phase, PhaseKind
from consultations.models.roll import Turnout
from consultations.models.scrutineer import FEWEST_NEEDED, MOST
from consultations.models.states import CLERKS, ConsultationQuerySet, State, state_of

TITLE_LENGTH, SUMMARY_LENGTH, DESCRIPTION_LENGTH, EASY_READ_LENGTH = 120, 300, 5000, 3000
REASON_LENGTH, DECISION_LENGTH = 1000, 5000
# How long after the proclamation scrutineers read the roll, and somebody may say "I have not voted".
APPEALS = timedelta(days=15)


class Secrecy(models.TextChoices):
    NAMED = "named", _("named")
    CONFIDENTIAL = "confidential", _("confidential")
    SECRET = "secret", _("secret")


class Residence(models.TextChoices):
    """How it is known that a person may take part."""

    ANYONE = "anyone", _("anyone with an account")
    DECLARED = "declared", _("people who declare that they live here")
    VERIFIED = "verified", _("residents, verified at a counter")
    LISTED = "listed", _("people on a list of the city")


class Follows(models.TextChoices):
    """Whether what the city decided follows the vote."""

    YES = "yes", _("The decision follows the vote")
    PARTLY = "partly", _("The decision follows the vote in part")
    NO = "no", _("The decision does not follow the vote")


class Consultation(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    easy_read = models.CharField(_("easy-to-read version"), max_length=EASY_READ_LENGTH, blank=True)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, verbose_name=_("theme"))
    # None: the whole city.
    quarters = models.ManyToManyField(Quarter, blank=True, verbose_name=_("quarters"))

    secrecy = models.CharField(_("secrecy"), max_length=12, choices=Secrecy.choices, default=Secrecy.SECRET)
    residence = models.CharField(
        _("who may take part"), max_length=10, choices=Residence.choices, default=Residence.DECLARED
    )
    resident_list = models.ForeignKey(
        ResidentList, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name=_("list")
    )
    only_quarters = models.BooleanField(_("only people who live in these quarters"), default=False)
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), default=16)
    quorum = models.PositiveIntegerField(_("quorum (number of voters)"), null=True, blank=True)
    # k of n: as many of the scrutineers' keys open the ballot box.
    scrutineers_needed = models.PositiveSmallIntegerField(_("scrutineers needed to count"), default=FEWEST_NEEDED)
    # Bytes that every choice is padded to before it is sealed.
    envelope_size = models.PositiveIntegerField(null=True, editable=False)
    # Raised by each edit of a draft, so that two clerks don't undo each other's work.
    revision = models.PositiveIntegerField(default=1)
    # Where an imported one comes from, and what its file said, to write the same file again.
    source = models.CharField(max_length=300, blank=True)
    pabulib = models.JSONField(null=True, editable=False)

    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    counted_at = models.DateTimeField(null=True)
    proclaimed_at = models.DateTimeField(null=True)
    # When what linked people with this vote was destroyed (`retention.py`).
    roll_destroyed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(_("decision"), max_length=DECISION_LENGTH, blank=True)
    follows = models.CharField(_("follows the vote"), max_length=6, choices=Follows.choices, blank=True)

    space = models.OneToOneField(Space, models.PROTECT, related_name="consultation")
    stream = models.OneToOneField(Stream, models.PROTECT, related_name="consultation")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(secrecy__in=Secrecy.values), name="consultations_consultation_secrecy_is_known"
            ),
            models.CheckConstraint(
                condition=Q(residence__in=Residence.values), name="consultations_consultation_residence_is_known"
            ),
            models.CheckConstraint(
                condition=Q(minimum_age__lte=120), name="consultations_consultation_minimum_age_is_human"
            ),
            models.CheckConstraint(
                condition=Q(scrutineers_needed__gte=FEWEST_NEEDED, scrutineers_needed__lte=MOST),
                name="consultations_consultation_scrutineers_needed",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(title="") & ~Q(summary=""),
                name="consultations_consultation_published_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(residence="listed") | Q(resident_list__isnull=False),
                name="consultations_consultation_listed_has_list",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(secrecy="secret") | Q(envelope_size__isnull=False) | ~Q(source=""),
                name="consultations_consultation_secret_has_envelope_size",
            ),
            models.CheckConstraint(
                condition=Q(counted_at=None) | Q(published_at__isnull=False),
                name="consultations_consultation_counted_is_published",
            ),
            models.CheckConstraint(
                condition=Q(proclaimed_at=None) | Q(counted_at__isnull=False),
                name="consultations_consultation_proclaimed_is_counted",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="", follows="")
                | Q(decided_at__isnull=False, proclaimed_at__isnull=False, follows__in=Follows.values)
                & ~Q(decision=""),
                name="consultations_consultation_decided_is_proclaimed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, published_at__isnull=False, proclaimed_at=None)
                & ~Q(withdrawal_reason=""),
                name="consultations_consultation_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(roll_destroyed_at=None) | Q(proclaimed_at__isnull=False) | Q(withdrawn_at__isnull=False),
                name="consultations_consultation_roll_outlives_its_vote",
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="consultations_recent")]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:detail", args=[self.pk, self.slug])

    # --- Reading --------------------------------------------------------------------------

    @property
    def slug(self) -> str:
        return slugify(self.title) or "consultation"

    @property
    def state(self) -> State:
        return self.state_at(timezone.now())

    def state_at(self, at: datetime) -> State:
        return state_of(self, at=at)

    def phase(self, kind: str) -> Phase | None:
        """That phase, out of `phases` (one query, none where they were prefetched)."""
        return next((phase for phase in self.phases.all() if phase.kind == kind), None)

    @property
    def vote(self) -> Phase | None:
        return self.phase(PhaseKind.VOTE)

    def is_voting_at(self, at: datetime) -> bool:
        return self.state_at(at) == State.VOTING

    @property
    def is_secret(self) -> bool:
        return self.secrecy == Secrecy.SECRET

    @property
    def takes_codes(self) -> bool:
        """Whether letters with codes open it. A code holds no name to publish, and none that could be taken off."""
        return self.resident_list_id is not None and self.secrecy != Secrecy.NAMED

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_proclaimed(self) -> bool:
        """Whether the result is anybody's to read: nobody's before, a clerk's neither."""
        return self.proclaimed_at is not None

    @property
    def appeals_end_at(self) -> datetime | None:
        """None as long as the vote is neither proclaimed nor withdrawn."""
        over_at = self.proclaimed_at or self.withdrawn_at
        return over_at + APPEALS if over_at else None

    @property
    def voters(self) -> int:
        """The published number of voters, at most a second or two behind the roll."""
        return self.turnout.voters

    def can_be_run_by(self, user: Any) -> bool:
        return user.is_authenticated and user.has_role(*CLERKS, space=self.space)

    def can_change_rules_at(self, at: datetime) -> bool:
        """Whether limits and costs may still be corrected in public: until people vote on them."""
        return self.withdrawn_at is None and self.vote is not None and not self.vote.has_opened_at(at)

    def can_read_roll(self, user: Any, *, at: datetime) -> bool:
        """Scrutineers, once it is published and until the time for appeals is over."""
        if not self.is_published or (self.appeals_end_at is not None and at >= self.appeals_end_at):
            return False
        return user.is_authenticated and user.has_role(Role.SCRUTINEER, space=self.space)

    @staticmethod
    def stream_is_readable(user: Any, stream: Stream) -> bool:
        return Consultation.objects.visible_to(user).filter(stream=stream).exists()

    # --- Writing --------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def draft(cls, author: Any, *, title: str, **fields: Any) -> Consultation:
        """Begin a consultation with what it owns: its space, its stream, its number of voters."""
        title = plain_line(title)
        space = Space.objects.create(kind="consultation", name=title)
        stream = Stream.objects.create(kind="consultation")
        consultation = cls.objects.create(author=author, title=title, space=space, stream=stream, **fields)
        Turnout.objects.create(consultation=consultation)
        return consultation

    def locked_for(self, by: Any) -> Consultation:
        """Its row, locked for an act of this person's; votes don't wait for it. Raises NotAllowed."""
        rows = Consultation.objects.select_for_update(of=("self",), no_key=True).select_related("space", "stream")
        current = rows.get(pk=self.pk)
        if not current.can_be_run_by(by):
            raise NotAllowed
        return current

    def missing(self, *, at: datetime) -> list[str]:
        """What a draft lacks before it can be published, as sentences."""
        return [str(sentence) for sentence in readiness.missing(self, at=at)]

    def publish(self, by: Any, *, at: datetime, revision: int | None = None) -> None:
        """Check, draw the order that breaks ties, keep version 1, freeze. Raises NotReady or AlreadyPublished."""
        publishing.publish(self, by, at=at, revision=revision)

    def correct(self, by: Any, *, explanation: str, at: datetime, **changes: Any) -> None:
        """Correct published texts as a new public version; who had voted is told (`correcting.correct`)."""
        correcting.correct(self, by, explanation=explanation, at=at, **changes)

    def extend(self, by: Any, *, kind: str, reason: str, at: datetime, **dates: datetime) -> Extension:
        """Move `opens_at` or `closes_at` of a phase later, with a public reason. Raises OnlyLater or NotNow."""
        made = timeline.extend(self, by, kind=kind, reason=reason, at=at, **dates)
        self.refresh_from_db()
        return made

    def withdraw(self, by: Any, *, reason: str, at: datetime) -> None:
        """Take it back for good, with a public reason; nothing is counted. Raises NotNow or ReasonMissing."""
        timeline.withdraw(self, by, reason=reason, at=at)
        self.refresh_from_db()

    def decide(self, by: Any, *, text: str, follows: str, at: datetime) -> None:
        """Publish what the city decided after the proclamation. Raises NotNow or ReasonMissing."""
        timeline.decide(self, by, text=text, follows=follows, at=at)
        self.refresh_from_db()

    def tell_page(self) -> None:
        """Say on open pages that something on them has changed."""
        self.stream.publish("changed", "consultations/_changed.html", {}, slot="changed")

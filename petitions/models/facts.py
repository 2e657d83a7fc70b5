"""A petition's columns: its text, the dated facts of its life, and what they say together."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from civic.comments.models import Thread
from civic.kernel.text import clean_text
from civic.moderation.models import Reason, Subject
from civic.realtime.models import Stream
from civic.territory.models import Quarter, Theme
from petitions.models.states import PetitionState, state_of

TITLE_LENGTH, REQUEST_LENGTH, DETAILS_LENGTH, SUGGESTION_LENGTH = 80, 300, 3000, 1000


class Facts(models.Model):
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

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("petitions:detail", args=[self.pk, self.slug])

    @property
    def signature_url(self) -> str:
        return reverse("petitions:sign", args=[self.pk])

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

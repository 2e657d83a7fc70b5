"""What was decided, on which ground, and how its author was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.moderation.measures import Measure
from civic.moderation.models.kept import Kept
from civic.moderation.registry import Action, Card, Part

if TYPE_CHECKING:
    from civic.moderation.models.appeals import Appeal


class Reason(Kept):
    """A ground that the charter gives, kept by staff. One that was used is retired, never deleted."""

    journal_name = "reason"
    journal_codes = ("code", "withholds_text", "is_for_reports")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("short name"), max_length=80)
    article = models.CharField(_("article of the charter"), max_length=60)
    wording = models.CharField(_("wording"), max_length=300)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    # A text that attacks, names or exposes somebody is not made public by its refusal.
    withholds_text = models.BooleanField(_("the text is not shown"), default=False)

    # A ground that a reader can see for themselves, on a text that is public.
    is_for_reports = models.BooleanField(_("offered to those who report"), default=True)

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self):
        return self.wording


class Decision(models.Model):
    """One decision on a case. `key` is the form's own: the same form sent twice decides once."""

    SUGGESTION_LENGTH = 1000

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="decisions")
    # The version of the case that this decision made, and the revision of the text it is about.
    version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    action = models.SlugField(max_length=40)
    is_restriction = models.BooleanField()
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
    suggestion = models.TextField(_("suggestion"), max_length=SUGGESTION_LENGTH, blank=True)
    # The text that is public instead: the author's own with words taken out, never with words put in.
    masked_text = models.TextField(blank=True, default="")
    # Codes of the kind's own (registry.Place): from where to where the content was moved.
    origin = models.CharField(max_length=80, blank=True, default="")
    destination = models.CharField(max_length=80, blank=True, default="")
    key = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undo_key = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="moderation_decision_one_per_version"),
            models.UniqueConstraint(fields=["case", "key"], name="moderation_decision_one_per_form"),
            models.CheckConstraint(
                condition=Q(is_restriction=False) | Q(reason__isnull=False),
                name="moderation_decision_restriction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_key=None)
                | Q(undone_at__isnull=False, undo_key__isnull=False),
                name="moderation_decision_undone_has_key",
            ),
            models.CheckConstraint(
                condition=~Q(action="mask") | ~Q(masked_text=""), name="moderation_decision_mask_has_text"
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.case_id}"

    @property
    def kind_of_action(self) -> Action | None:
        return self.case.subject.kind_of.action(self.action)

    @property
    def measure(self):
        """How the decision reads: "refused"."""
        return self.kind_of_action.measure if self.kind_of_action else self.action


class StatementManager(models.Manager["Statement"]):
    def write(
        self,
        decision: Decision,
        reason: Reason,
        *,
        facts: str,
        texts: Sequence[str],
        recipient: User | None,
        machine_took_part: bool,
        measures: Sequence[Measure] = (),
    ) -> Statement:
        """Put the decision into words, as they are now: a reason reworded later changes no statement."""
        return self.create(
            decision=decision,
            recipient=recipient,
            measure=decision.action,
            facts=facts,
            texts=texts,
            # The wording says why a text is not public: of one that stays, it would not be true.
            ground=reason.wording if decision.is_restriction else reason.label,
            article=reason.article,
            machine_took_part=machine_took_part,
            measures=[measure.as_json() for measure in measures],
            appeal_until=decision.at + Statement.APPEAL_WITHIN,
        )


class Statement(models.Model):
    """The statement of reasons that the author of restricted content gets (DSA, article 17).

    What was decided about the author besides is in the same statement: `measures`.
    """

    # Article 20(1) of the DSA: at least six months, of which the longest six in a row have 184 days.
    APPEAL_WITHIN = timedelta(days=184)

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="statement")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    measure = models.SlugField(max_length=40)
    facts = models.TextField()
    # The card's parts as they were decided upon, for as long as the text itself is kept (Subject.forget_texts).
    texts = models.JSONField(default=list)
    ground = models.CharField(max_length=300)
    article = models.CharField(max_length=60)
    machine_took_part = models.BooleanField()
    measures = models.JSONField(default=list)
    appeal_until = models.DateTimeField()

    objects = StatementManager()

    def __str__(self):
        return self.facts

    def can_be_appealed(self, *, at: datetime) -> bool:
        return at < self.appeal_until and self.decision.undone_at is None

    def appeal(self, by: User, *, text: str, at: datetime) -> Appeal:
        """Ask, once, for another person to look again. Raises what `AppealManager.make` says."""
        return self.decision.case.appeals.model.objects.make(self, by, text=text, at=at)

    def parts_of(self, card: Card) -> Sequence[Part]:
        """The text as it was decided upon, under the labels that it has today; none where it was destroyed."""
        labelled = zip(card.parts, self.texts, strict=False)
        return [replace(part, text=text) for part, text in labelled]

    @property
    def measures_said(self) -> list[str]:
        """Each measure as a sentence, in the reader's language."""
        measures = [Measure.from_json(measure) for measure in self.measures]
        return [measure.said(is_alone=len(measures) == 1) for measure in measures]

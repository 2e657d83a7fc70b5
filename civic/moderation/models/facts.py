"""The facts of a case, and what follows from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Role, User
from civic.moderation import errors, registry
from civic.moderation.difference import Change, changes
from civic.moderation.models.decisions import Decision
from civic.moderation.models.desks import Desk
from civic.moderation.models.queue import CaseQuerySet
from civic.moderation.models.subjects import Subject, Trigger
from civic.moderation.registry import Action, Card, Standing

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from civic.moderation.models.appeals import Appeal


class ApartKind(models.TextChoices):
    """Why a case leaves the open queue."""

    CRIMINAL = "criminal", _("may be a crime")
    DANGER = "danger", _("someone is in danger")


class CaseFacts(models.Model):
    """What is known of a case, and who may touch it. `cases.py` puts the acts together."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="cases")
    trigger = models.CharField(max_length=20, choices=Trigger.choices, default=Trigger.NEW)
    opened_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    # What signals and reports add up to; `due_at` follows from it.
    weight = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    # The texts of the card's parts when the case was taken, to show what the author changed since.
    shown = models.JSONField(null=True)
    escalated_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # The author took the content back, or the content went its way by its own date, before anyone decided.
    withdrawn_at = models.DateTimeField(null=True)
    apart_at = models.DateTimeField(null=True)
    apart_kind = models.CharField(max_length=20, choices=ApartKind.choices, blank=True, default="")
    # Where the content stood when the case was set apart: a public one was hidden at once.
    apart_standing = models.CharField(max_length=10, blank=True, default="")

    objects = CaseQuerySet.as_manager()

    if TYPE_CHECKING:
        decisions: RelatedManager[Decision]
        # Of a queryset `with_holder`.
        is_leased: bool
        # Of a row that is `locked`.
        locked_holder: User | None
        appeals: RelatedManager[Appeal]

    class Meta:
        abstract = True

    # --- Reading

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def is_apart(self) -> bool:
        return self.apart_at is not None

    @property
    def last_decision(self) -> Decision | None:
        return self.decisions.select_related("by", "reason").order_by("version").last()

    def card(self) -> Card:
        return registry.describe([self.subject])[self.subject.pk]

    def actions(self, card: Card) -> list[Action]:
        """What can be decided: of what the kind knows, what fits where the content stands. An appeal is answered."""
        standing = self.apart_standing or card.standing
        known = self.subject.kind_of.actions if self.trigger != Trigger.APPEAL else ()
        return [action for action in known if standing in action.on]

    def changes(self, card: Card) -> list[Change]:
        """What the author changed since the case was taken."""
        return changes(self.shown, card.parts) if self.shown else []

    def is_overdue(self, *, at: datetime) -> bool:
        return self.is_open and self.due_at < at

    # --- Who may

    def is_visible_to(self, user: User) -> bool:
        """What `visible_to` says of this row."""
        spaces = user.spaces_with(Role.MODERATOR)
        return None in spaces or (not self.is_apart and self.subject.space_id in spaces)

    def is_written_by(self, user: User) -> bool:
        return self.subject.author == user

    def is_appeal_against(self, user: User) -> bool:
        """Whether every appeal that waits here is against what they decided: it is for another person."""
        if self.trigger != Trigger.APPEAL:
            return False
        waiting = self.appeals.filter(decided_at=None).values_list("first_decider", flat=True)
        return set(waiting) == {user.pk}

    def is_barred_to(self, user: User) -> bool:
        """Whether somebody else has to decide."""
        return self.is_written_by(user) or self.is_appeal_against(user)

    def can_be_decided_by(self, user: User, *, holder: User | None) -> bool:
        """Whether the buttons are shown: an open case that they hold (`holder()`, asked once a page)."""
        return self.is_open and holder == user and not self.is_barred_to(user)

    def check_moderator(self, user: User) -> None:
        """Raises NotModerator, or OwnContent or OwnDecision where somebody else has to decide."""
        if not self.is_visible_to(user):
            raise errors.NotModerator
        if self.is_written_by(user):
            raise errors.OwnContent
        if self.is_appeal_against(user):
            raise errors.OwnDecision

    def check_whole_city(self, user: User) -> None:
        if not user.has_role(Role.MODERATOR):
            raise errors.WholeCityOnly

    # --- What its acts have in common

    @classmethod
    def due(cls, subject: Subject, *, opened_at: datetime, weight: int) -> datetime:
        """When the city wants to have decided: its target, the sooner the more weighs on the case."""
        here = Desk.objects.filter(space=subject.space_id).values_list("target", flat=True) if subject.space_id else []
        target: timedelta = next(iter(here), None) or subject.kind_of.target
        return opened_at + target / (1 + weight)

    def weigh(self, weight: int) -> None:
        """Add to what brings the case forward."""
        if weight:
            with transaction.atomic():
                case = self.locked()
                self.weight = case.weight + weight
                self.due_at = self.due(case.subject, opened_at=case.opened_at, weight=self.weight)
                self.save(update_fields=["weight", "due_at"])

    def conceal(self, *, at: datetime) -> None:
        """Hide a content that was public when the case was set apart. The owner is locked."""
        if self.is_apart and self.apart_standing == Standing.PUBLIC and self.subject.kind_of.conceal:
            self.subject.kind_of.conceal(self.subject, at)

    def reveal(self, *, at: datetime) -> None:
        """Give it its standing back. The owner is locked."""
        if self.is_apart and self.apart_standing == Standing.PUBLIC and self.subject.kind_of.reveal:
            self.subject.kind_of.reveal(self.subject, at)

    def locked(self) -> Self:
        """The row as it is now, locked. The case first, the owner's row second (registry.py), always."""
        case = cast(Self, type(self).objects.with_holder().select_for_update(of=("self",)).get(pk=self.pk))
        case.locked_holder = case.claimed_by if case.is_leased else None
        return case

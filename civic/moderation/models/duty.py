"""Who is on duty, and for which cases they were alerted."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Right, Role, User
from civic.audit import journal
from civic.kernel.errors import DomainError


class DutyOver(DomainError):
    sentence = _("This duty is over already. Nothing was changed.")


class DutyQuerySet(models.QuerySet["Duty"]):
    def current(self, *, at: datetime) -> DutyQuerySet:
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def coming(self, *, at: datetime) -> DutyQuerySet:
        """Now and later, the next one first."""
        return self.filter(ends_at__gt=at).select_related("user").order_by("starts_at", "pk")

    def give(self, by: User, *, user: User, starts_at: datetime, ends_at: datetime) -> Duty:
        """Put somebody on duty from one moment to another."""
        with transaction.atomic():
            duty = self.create(user=user, starts_at=starts_at, ends_at=ends_at, given_by=by)
            duty.record("duty.given", by)
        return duty


class Duty(models.Model):
    """That somebody is on duty, wherever they moderate."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="moderation_duty_ends_after_start")
        ]

    def __str__(self):
        return f"{self.user_id} {self.starts_at:%Y-%m-%d %H:%M}"

    def is_current(self, *, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at

    def end(self, by: User, *, at: datetime) -> None:
        """End it now; one that has not begun never does. Raises DutyOver."""
        with transaction.atomic():
            duty = Duty.objects.select_for_update().filter(pk=self.pk, ends_at__gt=at).first()
            if duty is None:
                raise DutyOver
            duty.record("duty.ended", by)
            if duty.starts_at < at:
                duty.ends_at = at
                duty.save(update_fields=["ends_at"])
            else:
                duty.delete()

    def record(self, action: str, by: User) -> None:
        journal.record(
            action,
            actor=by,
            target=("duty", self.pk),
            holder=str(self.user.journal_id),
            since=self.starts_at.isoformat(),
            until=self.ends_at.isoformat(),
        )


class Alert(models.Model):
    """That those on duty were told of a case which nobody had decided in time. Once for each case."""

    case = models.OneToOneField("moderation.Case", models.CASCADE, related_name="alert")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.case_id}"


def to_alert(space_id: int | None, *, at: datetime) -> models.QuerySet[User]:
    """Who is written to about a case of that space: those of its moderators who are on duty, or all of them."""
    rights = Right.objects.current(at=at).filter(user=OuterRef("pk"), role=Role.MODERATOR)
    here = User.objects.filter(Exists(rights.filter(Q(space=None) | Q(space_id=space_id))), is_active=True)
    on_duty = here.filter(Exists(Duty.objects.current(at=at).filter(user=OuterRef("pk"))))
    return on_duty if on_duty.exists() else here

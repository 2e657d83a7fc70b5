"""What is moderated, as far as moderation knows it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.moderation import registry
from civic.moderation.models.decisions import Decision
from civic.territory.models import Space

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case


class Trigger(models.TextChoices):
    """Why a case was opened."""

    NEW = "new", _("new")
    RESUBMITTED = "resubmitted", _("resubmitted")
    REPORT = "report", _("reported")
    SIGNAL = "signal", _("flagged")
    APPEAL = "appeal", _("appeal")


class Subject(models.Model):
    """A piece of content, owned one-to-one by its feature; `kind` names what the feature registered."""

    kind = models.SlugField(max_length=40)
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    @property
    def kind_of(self) -> registry.SubjectKind:
        return registry.kind_of(self.kind)

    def decisions(self) -> models.QuerySet[Decision]:
        """What was decided about this content, the latest first."""
        found = Decision.objects.filter(case__subject=self).select_related("by", "reason", "case__subject")
        return found.order_by("-at", "-pk")

    def open_case(self, trigger: str = Trigger.NEW, *, at: datetime) -> Case:
        """The open case of this content, opened now if there is none."""
        case = self.cases.model(subject=self, trigger=trigger, opened_at=at)
        self.cases.bulk_create([case], ignore_conflicts=True)
        return self.cases.open().get()

    def lock_case(self) -> Case | None:
        """Lock the open case, if any. Call it *before* locking the owner's row."""
        return self.cases.open().select_for_update().first()

    def withdraw_case(self, *, at: datetime) -> None:
        """The author took the content back: its open case, locked by `lock_case`, needs no decision."""
        for case in self.cases.open().select_for_update():
            case.withdrawn_at, case.claimed_by, case.claimed_until, case.shown = at, None, None, None
            case.save(update_fields=["withdrawn_at", "claimed_by", "claimed_until", "shown"])
            journal.record("case.withdrawn", target=("case", case.pk), space=self.space, kind=self.kind)

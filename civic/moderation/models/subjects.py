"""What is moderated, as far as moderation knows it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Role, User
from civic.moderation import registry
from civic.moderation.masking import MARK
from civic.moderation.models.decisions import Decision, Reason, Statement
from civic.territory.models import Space

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.moderation.models.cases import Case
    from civic.moderation.models.reports import Report


class Trigger(models.TextChoices):
    """Why a case was opened."""

    NEW = "new", _("new")
    RESUBMITTED = "resubmitted", _("resubmitted")
    REPORT = "report", _("reported")
    SIGNAL = "signal", _("flagged")
    APPEAL = "appeal", _("appeal")
    STAFF = "staff", _("own initiative")


class SubjectQuerySet(models.QuerySet["Subject"]):
    def moderated_by(self, user: User) -> SubjectQuerySet:
        """What stands in the spaces in which the user moderates."""
        spaces = user.spaces_with(Role.MODERATOR)
        return self.all() if None in spaces else self.filter(space__in=spaces)


class Subject(models.Model):
    """A piece of content, owned one-to-one by its feature; `kind` names what the feature registered."""

    kind = models.SlugField(max_length=40)
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = SubjectQuerySet.as_manager()

    @property
    def kind_of(self) -> registry.SubjectKind:
        return registry.kind_of(self.kind)

    @cached_property
    def author(self) -> User | None:
        """The account that wrote it, asked once for each time the row is read."""
        return self.kind_of.author_of(self)

    def decisions(self) -> models.QuerySet[Decision]:
        """What was decided about this content, the latest first."""
        found = Decision.objects.filter(case__subject=self).select_related("by", "reason", "case__subject")
        return found.order_by("-at", "-pk")

    def open_case(
        self, trigger: str = Trigger.NEW, *, at: datetime, weight: int = 0, due_at: datetime | None = None
    ) -> Case:
        """The open case of this content, opened now if there is none; `weight` adds to what brings it forward.

        `due_at`: when the content is shown anyway, where that is sooner than the city's target.
        An appeal's case stands beside the others. With a weight, call it *before* locking the owner's row.
        """
        return self.cases.all().open_one(self, trigger, at=at, weight=weight, due_at=due_at)

    def lock_case(self) -> Case | None:
        """Lock the open cases, and give the ordinary one, if any. Call it *before* locking the owner's row."""
        cases = list(self.cases.open().select_for_update().order_by("pk"))
        return next((case for case in cases if case.trigger != Trigger.APPEAL), None)

    def masked_text(self, *, before: Decision | None = None) -> str:
        """What is public (or was, before that decision) of the first part where words were masked; else ""."""
        masks = self.decisions().filter(undone_at=None, action__in=registry.MASKS)
        last = (masks.filter(pk__lt=before.pk) if before else masks).first()
        return last.masked_text if last else ""

    def forget_texts(self) -> None:
        """Its author destroyed it: so go the copies that decisions kept of it; sealed evidence stays for its year."""
        Statement.objects.filter(decision__case__subject=self).update(texts=[])
        Decision.objects.filter(case__subject=self, action=registry.MASK.name).update(masked_text=MARK)
        self.cases.filter(shown__isnull=False).update(shown=None)
        self.matches.exclude(excerpt="").update(excerpt="")

    def report(self, by: User, *, reason: Reason, sentence: str = "", at: datetime) -> Report:
        """Bring this content to the moderators' eyes, once each. Raises what `ReportManager.make` says."""
        return self.reports.model.objects.make(self, by, reason=reason, sentence=sentence, at=at)

    def withdraw_case(self, *, at: datetime) -> None:
        """The author took the content back: its open cases, locked by `lock_case`, need no decision.

        What was set apart stays: whoever wrote a threat can't close its case. So does an appeal: it gets its answer.
        """
        self.cases.exclude(trigger=Trigger.APPEAL).withdraw(at=at)

"""Silences: who may not write, where and until when. Signing, voting, appealing and exporting stay everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.audit import journal
from civic.moderation import errors
from civic.moderation.measures import TIMED, Measure, SanctionKind
from civic.moderation.models.decisions import Decision, Reason
from civic.realtime.access import access_changed
from civic.territory.models import Space


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def active(self, *, at: datetime) -> SanctionQuerySet:
        """In force at that moment; what is for a time ends by its date, without anybody's doing."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, lifted_at=None)

    def silencing(self, *, space: Space | None) -> SanctionQuerySet:
        """Those that keep from writing in that space (None: in what belongs to the whole city)."""
        return self.filter(Q(space=None) | Q(space=space)).exclude(kind=SanctionKind.WARNING)

    def impose(self, decision: Decision, measures: Sequence[Measure], *, user: User, at: datetime) -> None:
        """Begin each measure, in the decision's transaction; open pages learn of it at the commit."""
        space = decision.case.subject.space
        Sanction.objects.bulk_create(
            Sanction(
                user=user,
                kind=measure.kind,
                space=None if measure.is_for_whole_city else space,
                starts_at=at,
                ends_at=measure.until,
                decision=decision,
                reason=decision.reason,
            )
            for measure in measures
        )
        if any(measure.kind != SanctionKind.WARNING for measure in measures):
            access_changed(user=user)

    def lift(self, decision: Decision, *, by: User, at: datetime) -> int:
        """End what came with a decision that is undone, or that an appeal overturns; returns how many."""
        sanctions = (
            self.filter(decision=decision, lifted_at=None)
            .select_related("user", "space")
            .select_for_update(of=("self",))
        )
        for sanction in sanctions:
            sanction.lifted_at, sanction.lifted_by = at, by
            sanction.save(update_fields=["lifted_at", "lifted_by"])
            journal.record(
                "sanction.lifted", actor=by, target=("sanction", sanction.pk), space=sanction.space, kind=sanction.kind
            )
            if sanction.kind != SanctionKind.WARNING:
                access_changed(user=sanction.user)
        return len(sanctions)


class Sanction(models.Model):
    """One measure about one person, with the decision that it came with and its ground."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sanctions")
    kind = models.CharField(max_length=20, choices=SanctionKind.choices)
    space = models.ForeignKey(Space, models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="sanctions")
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind"], name="moderation_sanction_one_per_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=TIMED, ends_at__isnull=False, ends_at__gt=F("starts_at"))
                | ~Q(kind__in=TIMED) & Q(ends_at=None),
                name="moderation_sanction_ends_if_timed",
            ),
            models.CheckConstraint(condition=Q(kind__in=SanctionKind.values), name="moderation_sanction_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def sentence(self) -> str:
        return Measure(self.kind, self.ends_at).sentence


def check_may_write(user: User, *, space: Space | None = None, at: datetime) -> None:
    """Raises Silenced for somebody who may not speak there now: comment, send a petition, report."""
    found = Sanction.objects.filter(user=user).active(at=at).silencing(space=space)
    # The one that lasts longest says when there is an end.
    longest = found.order_by(F("ends_at").desc(nulls_first=True))
    if sanction := longest.select_related("decision__statement").first():
        statement = sanction.decision.statement
        raise errors.Silenced(
            f"{sanction.sentence} {gettext('Reason:')} {statement.ground}",
            sanction=sanction,
            next_url=reverse("my_moderation:decision", args=[statement.pk]),
            next_label=_("Read the decision and how to appeal"),
        )

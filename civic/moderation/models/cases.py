"""Cases: what waits for a person, who is looking at it, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from civic.moderation.models.apart import ApartCase
from civic.moderation.models.facts import ApartKind
from civic.moderation.models.subjects import Trigger

IS_OPEN = Q(decided_at=None, withdrawn_at=None)


class Case(ApartCase):
    """Something that waits for a human, then was decided. One open case for each subject, and one for its appeal.

    `version` counts decisions (a lease leaves it alone); the author's edits are the owner's `revision`.
    Its acts are in files of their own, each a layer on the one before: `facts`, `leasing`, `deciding`,
    `undoing`, `colleagues`, `apart`.
    """

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=IS_OPEN & ~Q(trigger=Trigger.APPEAL),
                name="moderation_case_one_open_per_subject",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=IS_OPEN & Q(trigger=Trigger.APPEAL),
                name="moderation_case_one_open_appeal_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(withdrawn_at=None), name="moderation_case_decided_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | Q(claimed_until__isnull=False, decided_at=None, withdrawn_at=None),
                name="moderation_case_lease_ends",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("opened_at")), name="moderation_case_due_after_opening"),
            models.CheckConstraint(
                condition=Q(apart_at=None, apart_kind="", apart_standing="")
                | Q(apart_at__isnull=False, apart_kind__in=ApartKind.values) & ~Q(apart_standing=""),
                name="moderation_case_apart_has_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=IS_OPEN, name="moderation_case_queue"),
        ]

    def __str__(self):
        return f"{self.subject.kind} {self.pk}"

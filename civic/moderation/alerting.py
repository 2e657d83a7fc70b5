"""The alert to those on duty: once for each case that passes its time, all those of one look in one mail."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from civic.accounts.models import User
from civic.moderation.models import Alert, Case
from civic.moderation.models.duty import to_alert
from civic.notifications import outbox

# Any number, the same in every worker.
LOCK = 4_803_118_203
AT_ONCE = 500


def alert(*, at: datetime) -> int:
    """Write to those on duty about the cases that passed their time since; returns how many cases."""
    with transaction.atomic():
        if not _is_alone():
            return 0
        late = Case.objects.waiting().filter(due_at__lt=at, alert=None).select_related("subject")
        cases = list(late.order_by("due_at", "pk")[:AT_ONCE])
        if cases:
            Alert.objects.bulk_create(Alert(case=case, at=at) for case in cases)
            _write(cases, at=at)
    return len(cases)


def _is_alone() -> bool:
    """Whether no other worker looks now. Held until the commit: whoever comes next sees what was told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _write(cases: list[Case], *, at: datetime) -> None:
    by_space: dict[int | None, list[Case]] = defaultdict(list)
    for case in cases:
        by_space[case.subject.space_id].append(case)
    by_person: dict[User, list[Case]] = defaultdict(list)
    for space_id, found in by_space.items():
        for person in to_alert(space_id, at=at):
            by_person[person] += found
    for person, found in by_person.items():
        found.sort(key=lambda case: (case.due_at, case.pk))
        context = {"person": person, "cases": found, "url": f"{settings.SITE_URL}/moderation/"}
        # The first case of a mail is in no other one to the same person.
        outbox.post(f"moderation:alert:{found[0].pk}:{person.pk}", person.email, "moderation_alert", context)

"""What is kept of a content that may be a crime or a danger, as it stood when it was set apart."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from civic.audit import journal


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def forget(self, *, at: datetime) -> int:
        """Destroy what was kept until now, and say so in the journal; returns how many."""
        with transaction.atomic():
            expired = list(self.filter(kept_until__lte=at).select_for_update())
            for evidence in expired:
                journal.record("evidence.destroyed", target=("case", evidence.case_id), evidence=evidence.sha256)
                evidence.delete()
        return len(expired)


class Evidence(models.Model):
    """The content of one case, sealed by its SHA-256: whoever receives it can tell that nothing changed since."""

    # As long as hosts keep what identifies an author (décret n° 2021-1362 of 20 October 2021).
    KEPT_FOR = timedelta(days=365)

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="evidence")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    kept_until = models.DateTimeField(db_index=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self):
        return self.sha256

    @classmethod
    def seal(cls, case_id: int, content: dict[str, Any], *, at: datetime) -> Evidence:
        return cls.objects.create(
            case_id=case_id, content=content, sha256=fingerprint(content), at=at, kept_until=at + cls.KEPT_FOR
        )

    def is_intact(self) -> bool:
        return fingerprint(self.content) == self.sha256


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the content as JSON in UTF-8: keys sorted, no space."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

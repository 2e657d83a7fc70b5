"""What can be decided about an author, besides what happens to the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.kernel.templatetags.typography import spoken_hour
from civic.moderation import errors


class SanctionKind(models.TextChoices):
    """From a word of caution to the end of speaking; signing and voting are never touched."""

    WARNING = "warning", _("warning")
    MUTE = "mute", _("silence here for a time")
    SUSPENSION = "suspension", _("silence everywhere for a time")
    BAN = "ban", _("silence everywhere for good")


TIMED = (SanctionKind.MUTE, SanctionKind.SUSPENSION)


@dataclass(frozen=True)
class Measure:
    """A sanction as it is asked for: its kind and, for those that end, the moment."""

    kind: str
    until: datetime | None = None

    @property
    def is_for_whole_city(self) -> bool:
        """A mute silences where the text was; a suspension and a ban silence everywhere."""
        return self.kind in (SanctionKind.SUSPENSION, SanctionKind.BAN)

    def check(self, *, at: datetime) -> None:
        """Raises MeasureUnfit."""
        ends = self.until is not None and self.until > at
        if self.kind not in SanctionKind.values or ends is not (self.kind in TIMED):
            raise errors.MeasureUnfit

    @property
    def sentence(self) -> str:
        """How its person reads it, in the language of the moment."""
        until = spoken_hour(timezone.localtime(self.until)) if self.until else ""
        sentences = {
            SanctionKind.WARNING: gettext("This is a warning: your account stays as it is."),
            SanctionKind.MUTE: gettext("You can’t write here until %(until)s."),
            SanctionKind.SUSPENSION: gettext("You can’t write anywhere on this site until %(until)s."),
            SanctionKind.BAN: gettext("You can no longer write on this site."),
        }
        return sentences[SanctionKind(self.kind)] % {"until": until}

    def said(self, *, is_alone: bool) -> str:
        """Its sentence among others: a warning beside a silence doesn't leave the account as it is."""
        is_mild = self.kind == SanctionKind.WARNING and not is_alone
        return gettext("This is also a warning.") if is_mild else self.sentence

    def as_json(self) -> dict[str, str | None]:
        return {"kind": self.kind, "until": self.until.isoformat() if self.until else None}

    @classmethod
    def from_json(cls, found: dict[str, str | None]) -> Measure:
        until = found["until"]
        return cls(kind=found["kind"] or "", until=datetime.fromisoformat(until) if until else None)

"""What decisions do to a petition, and take back; each in the decision's transaction, on a locked row (review.py)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from civic.moderation.models import Reason
from petitions.models.facts import Facts
from petitions.models.signature import Signature
from petitions.models.threshold import Threshold, ThresholdRule

# "Six months by default" (petitions.md).
COLLECTION = timedelta(days=183)


class SignedSince(DomainError):
    title = _("This petition has signatures")
    sentence = _("People have signed since it was published: it can be hidden, with a reason, but no longer undone.")


class Moderated(Facts):
    class Meta:
        abstract = True

    def publish(self, *, at: datetime, opens_at: datetime | None = None) -> None:
        """Open for signature now or at `opens_at`, for six months, under the city's present thresholds."""
        self.published_at, self.opens_at = at, opens_at or at
        self.closes_at = self.opens_at + COLLECTION
        self.refused_at = self.withheld_at = None
        self.save(update_fields=["published_at", "opens_at", "closes_at", "refused_at", "withheld_at"])
        Threshold.objects.bulk_create(
            Threshold(petition_id=self.pk, kind=rule.kind, count=rule.count) for rule in ThresholdRule.objects.all()
        )

    def refuse(self, reason: Reason, *, suggestion: str, at: datetime) -> None:
        """Refuse, with the reason, in public where the text harms nobody; the author may edit and send it again."""
        self.refused_at, self.refusal_reason = at, reason
        self.withheld_at = at if reason.withholds_text else None
        self.refusal_suggestion = suggestion
        self.save(update_fields=["refused_at", "refusal_reason", "withheld_at", "refusal_suggestion"])

    def hide(self, *, at: datetime) -> None:
        """Take it out of public sight, open pages included; nothing of it is lost."""
        self.hidden_at = at
        self.save(update_fields=["hidden_at"])
        self.stream.close()

    def restore(self) -> None:
        """Show it again, in its place: its dates, its signatures and its address never changed."""
        self.hidden_at = None
        self.save(update_fields=["hidden_at"])
        self.stream.close()

    def unpublish(self) -> None:
        """Undo a publication that nobody has signed yet: it waits for review again. Raises SignedSince."""
        if Signature.objects.filter(petition_id=self.pk).exists():
            raise SignedSince
        Threshold.objects.filter(petition_id=self.pk).delete()
        self.published_at = self.opens_at = self.closes_at = None
        self.save(update_fields=["published_at", "opens_at", "closes_at"])
        self.stream.close()

    def unrefuse(self) -> None:
        """Undo a refusal: it waits for review again."""
        self.refused_at = self.withheld_at = self.refusal_reason = None
        self.refusal_suggestion = ""
        self.save(update_fields=["refused_at", "withheld_at", "refusal_reason", "refusal_suggestion"])
        self.stream.close()

"""The mails with which the demo's mailbox begins: those of the last weeks, dated as of then."""

from datetime import datetime, timedelta

from civic.demo.residents import Resident
from civic.moderation import letters
from civic.moderation.models import Decision
from civic.notifications import outbox
from civic.notifications.models import OutgoingMail
from petitions import review
from petitions.models import Petition, SignatureRequest, Signer, Threshold

# Longer ago, nobody would look; a mailbox of thousands would only be slow to fill.
REMEMBERED = timedelta(days=65)


class Postbag:
    """Posts what was due, and dates it: the worker finds those mails sent."""

    def __init__(self, *, now: datetime):
        self.now = now

    def tell_decision(self, petition: Petition, decision: Decision) -> None:
        if self._is_recent(decision.at) and petition.author:
            letters.tell_author(decision, author=petition.author, card=review.card(petition))
            self._date(decision.at, key=f"moderation:decision:{decision.pk}")

    def tell_reached(self, petition: Petition, threshold: Threshold) -> None:
        if threshold.reached_at and self._is_recent(threshold.reached_at) and petition.author:
            key, context = f"petitions.threshold:{threshold.pk}", {"petition": petition, "threshold": threshold}
            outbox.post(key, petition.author.email, "threshold_reached", context)
            self._date(threshold.reached_at, key=key)

    def ask_to_confirm(self, petition: Petition, resident: Resident) -> None:
        """Somebody typed a name an hour ago and has not opened the mail yet: its link works."""
        signer = Signer(
            email=resident.email,
            name=resident.name,
            postal_code=resident.postal_code,
            quarter_id=resident.quarter_id,
        )
        asked_at = self.now - timedelta(hours=1)
        SignatureRequest.ask(petition, signer, at=asked_at)
        self._date(asked_at, to=resident.email)

    def _is_recent(self, at: datetime) -> bool:
        return at > self.now - REMEMBERED

    def _date(self, at: datetime, **mail: str) -> None:
        OutgoingMail.objects.filter(**mail).update(created_at=at, sent_at=at + timedelta(seconds=2), tries=1)

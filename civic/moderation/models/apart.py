"""The path apart: what may be a crime or puts somebody in danger is not argued in the open queue."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from civic.accounts.models import User
from civic.moderation import errors
from civic.moderation.models import consequences
from civic.moderation.models.colleagues import SharedCase
from civic.moderation.models.evidence import Evidence
from civic.moderation.models.facts import ApartKind
from civic.moderation.registry import Card, Standing


class ApartCase(SharedCase):
    """Setting apart and bringing back.

    A decision on a case that is set apart ends it too: the content gets its standing back first, in
    the same transaction, so that the decision and its letter are those of any other case.
    """

    class Meta:
        abstract = True

    @transaction.atomic
    def set_apart(self, by: User, kind: str, note: str, *, at: datetime) -> Evidence:
        """Hide the content at once, seal what it said, and show the case to the whole city's moderators only.

        Nobody is written to: a letter could warn whoever is sought, or hurt whoever is in danger.
        Raises UnknownAction, NotOffered or TextMissing (422), NotModerator or OwnContent (403),
        AlreadyDecided, HeldByAnother or AlreadyApart (409).
        """
        case = self.locked()
        case.check_moderator(by)
        case.check_free(by)
        if kind not in ApartKind.values:
            raise errors.UnknownAction
        if case.is_apart:
            raise errors.AlreadyApart(case=case)
        subject = case.subject
        revision, card = subject.kind_of.revision_of(subject), case.card()
        if card.standing == Standing.PUBLIC and subject.kind_of.conceal is None:
            raise errors.NotOffered
        case._write_note(by, note, at=at)
        evidence = Evidence.seal(case.pk, case._as_evidence(card, revision), at=at)
        case.leave(apart_at=at, apart_kind=kind, apart_standing=card.standing.value, due_at=case.opened_at)
        case.conceal(at=at)
        case._record("case.set_apart", by, why=kind, evidence=evidence.sha256)
        consequences.left(case)
        return evidence

    @transaction.atomic
    def bring_back(self, by: User, note: str, *, at: datetime) -> None:
        """It was neither: the content stands as before, and the case waits in the open queue again.

        The evidence stays until its date. Raises TextMissing (422), NotModerator, OwnContent or
        WholeCityOnly (403), AlreadyDecided, HeldByAnother or NotApart (409).
        """
        case = self.locked()
        case.check_moderator(by)
        case.check_whole_city(by)
        case.check_free(by)
        if not case.is_apart:
            raise errors.NotApart(case=case)
        subject = case.subject
        subject.kind_of.revision_of(subject)  # locks the owner
        case._write_note(by, note, at=at)
        case.reveal(at=at)
        due_at = case.due(subject, opened_at=case.opened_at, weight=case.weight)
        case.leave(apart_at=None, apart_kind="", apart_standing="", due_at=due_at)
        case._record("case.brought_back", by)
        consequences.opened(case)

    def _as_evidence(self, card: Card, revision: int) -> dict:
        """What was said, where and by whom: the account by the journal's name for it, its owner by name."""
        author = self.subject.author
        return {
            "kind": self.subject.kind,
            "title": card.title,
            "url": card.url,
            "revision": revision,
            "standing": card.standing.value,
            "parts": [{"label": str(part.label), "text": part.text} for part in card.parts],
            "author": {"journal_id": str(author.journal_id), "name": author.name, "email": author.email}
            if author
            else None,
        }

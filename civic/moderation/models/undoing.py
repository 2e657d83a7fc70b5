"""Taking a decision back, with everything that followed from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from civic.accounts.models import User
from civic.audit import journal
from civic.moderation import errors, letters
from civic.moderation.measures import Measure
from civic.moderation.models import consequences
from civic.moderation.models.deciding import DecidedCase
from civic.moderation.models.decisions import Decision
from civic.moderation.models.sanctions import Sanction
from civic.moderation.models.subjects import Trigger


class UndoableCase(DecidedCase):
    """Undoing: an act like another, journalled, after which the case waits again."""

    class Meta:
        abstract = True

    def undo(self, by: User, *, version: int | None, key: UUID | None, at: datetime) -> Decision:
        """Undo the decision that made `version`: content, measures and reports stand as before it, the case waits.

        The letter stays here where it has not left, else a correction follows it. The same `key` again
        gives the same. Raises VersionMissing or NotOffered (422), NotModerator, OwnContent or, against a
        measure for the whole city, WholeCityOnly (403), NothingToUndo, AnotherCase or ChangedSinceDecision
        (409), and what the kind's `revert` refuses.
        """
        with transaction.atomic():
            case = self.locked()
            case.check_moderator(by)
            if version is None or key is None:
                raise errors.VersionMissing
            decision = case.decisions.select_related("reason", "by").filter(version=version).first()
            if decision and decision.undo_key == key and decision.undone_by == by:
                return decision
            return case._take_back(case._last(decision), by, key=key, at=at)

    def _last(self, decision: Decision | None) -> Decision:
        """The decision, if it is what the text stands by today. Raises AnotherCase or NothingToUndo."""
        others = type(self).objects.filter(subject=self.subject).exclude(pk=self.pk).open()
        if other := others.first():
            raise errors.AnotherCase(case=other)
        last = self.subject.decisions().filter(undone_at=None).first()
        # An answer to an appeal was given in writing, by another person: it stands.
        if decision is None or decision != last or self.trigger == Trigger.APPEAL:
            raise errors.NothingToUndo(case=self, decision=self.last_decision)
        return decision

    def _take_back(self, decision: Decision, by: User, *, key: UUID, at: datetime) -> Decision:
        subject = self.subject
        # The owner's lock comes before the reopening: whoever opens a case holds it too.
        if subject.kind_of.revert is None:
            raise errors.NotOffered
        if decision.origin:
            self.lock_places(decision.origin)
        if subject.kind_of.revision_of(subject) != decision.revision:
            raise errors.ChangedSinceDecision(case=self, decision=decision)
        for sanction in decision.sanctions.all():
            if Measure(sanction.kind).is_for_whole_city:
                self.check_whole_city(by)
        subject.kind_of.revert(subject, decision, at)
        self.conceal(at=at)
        Sanction.objects.lift(decision, by=by, at=at)
        self._reopen()
        decision.undone_at, decision.undone_by, decision.undo_key = at, by, key
        decision.save(update_fields=["undone_at", "undone_by", "undo_key"])
        journal.record(
            "case.undone",
            actor=by,
            target=("case", self.pk),
            space=subject.space,
            kind=subject.kind,
            decision=decision.action,
            reason=decision.reason.code if decision.reason else None,
        )
        consequences.reopened(self, decision)
        if author := subject.author:
            letters.take_back(decision, author=author, card=self.card())
        return decision

    def _reopen(self) -> None:
        self.decided_at = None
        try:
            with transaction.atomic():
                self.save(update_fields=["decided_at"])
        except IntegrityError as error:
            # Opened in this very instant: the constraint saw it before we could.
            raise errors.AnotherCase(case=self) from error

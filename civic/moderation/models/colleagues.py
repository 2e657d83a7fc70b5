"""Working on a case together: notes, and handing it to somebody."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from civic.accounts.models import Right, Role, User
from civic.audit import journal
from civic.moderation import errors
from civic.moderation.models import consequences
from civic.moderation.models.notes import Note
from civic.moderation.models.undoing import UndoableCase


class SharedCase(UndoableCase):
    """What moderators tell each other about a case."""

    class Meta:
        abstract = True

    @transaction.atomic
    def note(self, by: User, text: str, *, at: datetime) -> Note:
        """Leave a note for colleagues, on a decided case too. Raises TextMissing (422) or NotModerator (403)."""
        self.check_moderator(by)
        note = self._write_note(by, text, at=at)
        self._record("case.noted", by)
        return note

    @transaction.atomic
    def escalate(self, by: User, to: User, note: str, *, at: datetime) -> None:
        """Hand the case to a colleague: *next* gives it to nobody else while they moderate here.

        Raises TextMissing or ColleagueUnfit (422), NotModerator or OwnContent (403), AlreadyDecided or
        HeldByAnother (409).
        """
        case = self.locked()
        case.check_moderator(by)
        case.check_free(by)
        if to not in case.colleagues(by, at=at):
            raise errors.ColleagueUnfit
        case._write_note(by, note, at=at)
        case.leave(escalated_to=to)
        case._record("case.escalated", by, to=str(to.journal_id))
        consequences.released(case)

    def colleagues(self, user: User, *, at: datetime) -> models.QuerySet[User]:
        """To whom this moderator can hand the case: others who moderate here, and did not write the text."""
        here = models.Q(space=None) | models.Q(space=self.subject.space)
        rights = Right.objects.current(at=at).filter(here, role=Role.MODERATOR)
        if self.is_apart:
            rights = rights.filter(space=None)
        author = self.subject.author
        others = User.objects.filter(is_active=True, rights__in=rights).exclude(pk=user.pk)
        return (others.exclude(pk=author.pk) if author else others).distinct().order_by("name")

    def _write_note(self, by: User, text: str, *, at: datetime) -> Note:
        text = text.strip()
        if not text or len(text) > Note.LENGTH:
            raise errors.TextMissing
        return Note.objects.create(case_id=self.pk, by=by, text=text, at=at)

    def _record(self, action: str, by: User, **codes) -> None:
        subject = self.subject
        journal.record(action, actor=by, target=("case", self.pk), space=subject.space, kind=subject.kind, **codes)

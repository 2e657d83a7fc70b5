"""The moderators' work of the past months: cases, decisions, statements of reasons, and their trace in the journal."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

from civic.accounts.models import User
from civic.audit.models import Entry
from civic.comments.models import Comment
from civic.moderation.models import Decision, Reason, Statement
from petitions.models import Petition, Threshold


class Desk:
    """Writes what `Case.decide` would have written on the day.

    That method sends mail and dates the journal by the database's clock: right for what happens
    today, wrong for what is told of last year.
    """

    def __init__(self, rng: Random):
        self.rng = rng
        self.moderators: Iterator[User] = iter(())
        self.entries: list[Entry] = []

    def staff_with(self, moderators: Iterable[User]) -> None:
        """These take the cases in turn."""
        self.moderators = cycle(moderators)

    def receive(self, owner: Petition | Comment, trigger: str, *, at: datetime) -> None:
        owner.subject.open_case(trigger, at=at)
        if trigger == "new":
            self.note("petition.submitted", owner, at=at, actor=owner.author, revision=owner.revision)

    def decide(
        self,
        owner: Petition | Comment,
        action: str,
        *,
        at: datetime,
        reason: Reason | None = None,
        suggestion: str = "",
    ) -> Decision:
        moderator = next(self.moderators)
        case = owner.subject.cases.open().get()
        case.version, case.decided_at = 1, at
        case.save(update_fields=["version", "decided_at"])
        decision = Decision.objects.create(
            case=case,
            version=case.version,
            revision=owner.revision,
            by=moderator,
            at=at,
            action=action,
            is_restriction=reason is not None,
            reason=reason,
            suggestion=suggestion,
            key=UUID(int=self.rng.getrandbits(128), version=4),
        )
        if reason:
            card = case.card()
            Statement.objects.write(
                decision,
                reason,
                facts=card.title,
                texts=[part.text for part in card.parts],
                recipient=owner.author,
                machine_took_part=False,
            )
        codes = {"kind": owner.subject.kind, "decision": action, "reason": reason.code if reason else None}
        self.note("case.decided", case, at=at, actor=moderator, revision=owner.revision, **codes)
        return decision

    def note_reached(self, petition: Petition, threshold: Threshold) -> None:
        if threshold.reached_at:
            self.note("petition.threshold_reached", petition, at=threshold.reached_at, threshold=threshold.count)

    def note(self, action: str, target: Any, *, at: datetime, actor: User | None = None, **codes: Any) -> None:
        """Keep an entry of the journal for `write_journal`."""
        entry = Entry(at=at, action=action, target_kind=target._meta.model_name, target_id=target.pk, details=codes)
        entry.actor = actor.journal_id if actor else None
        self.entries.append(entry)

    def write_journal(self) -> None:
        """The oldest first: the journal only grows, and its numbers follow the dates."""
        Entry.objects.bulk_create(sorted(self.entries, key=lambda entry: entry.at))

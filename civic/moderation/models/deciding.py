"""One case, one decision: on the version and the revision that were read, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction

from civic.accounts.models import User
from civic.audit import journal
from civic.moderation import errors, letters
from civic.moderation.masking import is_faithful, tidy
from civic.moderation.models import consequences
from civic.moderation.models.decisions import Decision, Reason, Statement
from civic.moderation.models.leasing import LeasedCase
from civic.moderation.models.sanctions import Measure, Sanction
from civic.moderation.registry import Action, Card

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case


@dataclass(frozen=True)
class Ruling:
    """What a moderator decides about one text and, with it, about its author."""

    action: Action
    reason: Reason | None = None
    suggestion: str = ""
    masked_text: str = ""
    origin: str = ""
    destination: str = ""
    measures: Sequence[Measure] = ()

    @property
    def needs_reason(self) -> bool:
        return self.action.restricts or bool(self.measures)


class DecidedCase(LeasedCase):
    """Deciding, and what follows from it."""

    class Meta:
        abstract = True

    def decide(
        self,
        by: User,
        action: str,
        *,
        version: int | None,
        revision: int | None,
        key: UUID | None,
        at: datetime,
        reason: Reason | None = None,
        suggestion: str = "",
        masked_text: str = "",
        destination: str | None = None,
        measures: Sequence[Measure] = (),
    ) -> Decision:
        """Decide the case, once, on the version and the revision that were read.

        `measures` are about the author, besides. The same `key` again gives the first decision.
        Raises VersionMissing, UnknownAction, ActionUnfit, ReasonMissing, MaskUnfaithful, DestinationMissing
        or MeasureUnfit (422), NotModerator, OwnContent or WholeCityOnly (403), AlreadyDecided, HeldByAnother or
        EditedSince (409); whoever meets one of these has changed and sent nothing.
        """
        with transaction.atomic():
            case = self.locked()
            if key is not None and (earlier := case.decisions.filter(key=key, by=by).first()):
                return earlier
            case.check_moderator(by)
            if version is None or revision is None or key is None:
                raise errors.VersionMissing
            chosen = case.subject.kind_of.action(action)
            if chosen is None:
                raise errors.UnknownAction
            ruling = Ruling(
                action=chosen,
                reason=reason,
                suggestion=suggestion.strip(),
                masked_text=tidy(masked_text),
                destination=destination or "",
                measures=tuple(measures),
            )
            case._check_form(by, ruling, at=at)
            case.check_free(by, version=version)
            if chosen.needs == "destination":
                case.lock_places(ruling.destination)
            card = case._read(revision)
            return case.settle(by, case._fitted(ruling, card), card, revision=revision, key=key, at=at)

    def settle(self, by: User, ruling: Ruling, card: Card, *, revision: int, key: UUID, at: datetime) -> Decision:
        """Carry out a ruling on a case and an owner that are locked and checked, `card` as it was read."""
        subject, author = self.subject, self.subject.author
        self.reveal(at=at)
        decision = self._write(by, ruling, revision=revision, key=key, at=at)
        subject.kind_of.apply(subject, decision)
        if author:
            Sanction.objects.impose(decision, ruling.measures, user=author, at=at)
        journal.record(
            "case.decided",
            actor=by,
            target=("case", self.pk),
            space=subject.space,
            kind=subject.kind,
            decision=decision.action,
            reason=decision.reason.code if decision.reason else None,
            revision=revision,
            **({"measures": [measure.kind for measure in ruling.measures]} if ruling.measures else {}),
        )
        # A text that moved stands elsewhere by now, under another title.
        card = self.card() if ruling.destination else card
        consequences.settled(self, decision, card=card)
        self._tell_author(decision, author, card, ruling.measures)
        return decision

    def _write(self, by: User, ruling: Ruling, *, revision: int, key: UUID, at: datetime) -> Decision:
        self.leave(version=self.version + 1, decided_at=at)
        return Decision.objects.create(
            case=cast("Case", self),
            version=self.version,
            revision=revision,
            by=by,
            at=at,
            action=ruling.action.name,
            is_restriction=ruling.action.restricts,
            reason=ruling.reason if ruling.needs_reason else None,
            suggestion=ruling.suggestion,
            masked_text=ruling.masked_text,
            origin=ruling.origin,
            destination=ruling.destination,
            key=key,
        )

    def _tell_author(self, decision: Decision, author: User | None, card: Card, measures: Sequence[Measure]) -> None:
        if decision.reason:
            Statement.objects.write(
                decision,
                decision.reason,
                facts=card.title,
                texts=[part.text for part in card.parts],
                recipient=author,
                machine_took_part=self.subject.matches.exists(),
                measures=measures,
            )
        if author:
            letters.tell_author(decision, author=author, card=card)

    # --- Checks

    def _check_form(self, by: User, ruling: Ruling, *, at: datetime) -> None:
        if ruling.needs_reason and (ruling.reason is None or not ruling.reason.is_active):
            raise errors.ReasonMissing
        kinds = [measure.kind for measure in ruling.measures]
        has_author = self.subject.author is not None
        if kinds and not (has_author and len(kinds) == len(set(kinds))):
            raise errors.MeasureUnfit
        for measure in ruling.measures:
            measure.check(at=at)
            if measure.is_for_whole_city:
                self.check_whole_city(by)

    def _read(self, revision: int) -> Card:
        """The card as it is now, its owner locked. Raises EditedSince where another revision was read."""
        current = self.subject.kind_of.revision_of(self.subject)
        card = self.card()
        if current != revision:
            raise errors.EditedSince(case=self, card=card, changes=self.changes(card))
        return card

    def _fitted(self, ruling: Ruling, card: Card) -> Ruling:
        """The ruling with only what its action needs, checked against the text as it stands."""
        action = ruling.action
        if action not in self.actions(card):
            raise errors.ActionUnfit
        masked = ruling.masked_text if action.needs == "masked_text" else ""
        if action.needs == "masked_text" and not (card.parts and is_faithful(masked, card.parts[0].text)):
            raise errors.MaskUnfaithful
        origin, destination = self._route(ruling.destination) if action.needs == "destination" else ("", "")
        return replace(ruling, masked_text=masked, origin=origin, destination=destination)

    def lock_places(self, *codes: str) -> None:
        """Before the owner is: where the content stands, and where it goes (registry.py)."""
        if lock := self.subject.kind_of.lock_places:
            lock(self.subject, codes)

    def _route(self, destination: str) -> tuple[str, str]:
        """From where to where the content moves."""
        find = self.subject.kind_of.destinations
        places = find(self.subject) if find else ()
        if destination not in {place.code for place in places if not place.is_current}:
            raise errors.DestinationMissing
        return next((place.code for place in places if place.is_current), ""), destination

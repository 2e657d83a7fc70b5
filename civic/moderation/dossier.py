"""What a case page shows around a text: where it stands, who wrote it, what was decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import cached_property

from civic.accounts.models import Role, User
from civic.moderation import asked
from civic.moderation.models import Case, Decision, Match, Sanction, SanctionKind, Trigger
from civic.moderation.registry import Action, Card, SubjectKind
from civic.moderation.screening.marking import mark

# What is read of an author's past, and of texts like this one: the latest.
REMEMBERED, ALIKE = 8, 5
# For how long the page offers to take the last decision back; the case's own page always does.
UNDO_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Imposed:
    """A measure about somebody, as the desk recalls it."""

    kind: SanctionKind
    starts_at: datetime
    ends_at: datetime | None
    is_lifted: bool

    @classmethod
    def read(cls, kind: str, starts_at: str, ends_at: str | None, is_lifted: bool) -> Imposed:
        until = datetime.fromisoformat(ends_at) if ends_at else None
        return cls(SanctionKind(kind), datetime.fromisoformat(starts_at), until, is_lifted)


def imposed() -> ArraySubquery:
    """The measures that came with a decision, in the decision's own row."""
    is_lifted = ExpressionWrapper(Q(lifted_at__isnull=False), output_field=BooleanField())
    fields = JSONObject(kind="kind", starts_at="starts_at", ends_at="ends_at", is_lifted=is_lifted)
    return ArraySubquery(Sanction.objects.filter(decision=OuterRef("pk")).order_by("pk").values(found=fields))


@dataclass(frozen=True)
class Told:
    """The case that a moderator just left, and what they decided about it, if they did."""

    case: Case
    decision: Decision | None
    undo_key: UUID

    @property
    def can_be_undone(self) -> bool:
        return self.decision is not None and self.decision.undone_at is None and self.case.trigger != Trigger.APPEAL


def told_of(user: User, pk: int | None) -> Told | None:
    """What the status line says after a decision; None where there is nothing to say."""
    if not pk:
        return None
    since = timezone.now() - UNDO_WITHIN
    mine = Decision.objects.filter(case=pk, by=user, at__gt=since).select_related("reason", "case__subject")
    decision = mine.order_by("version").last()
    if decision and decision.case.is_visible_to(user):
        return Told(decision.case, decision, uuid4())
    case = Case.objects.visible_to(user).select_related("subject").filter(pk=pk).first()
    return Told(case, None, uuid4()) if case else None


class Dossier:
    """A case read `with_holder`, for one moderator."""

    def __init__(self, case: Case, user: User):
        self.case, self.user = case, user
        self.holder: User | None = case.claimed_by if case.is_leased else None

    @property
    def kind(self) -> SubjectKind:
        return self.case.subject.kind_of

    @cached_property
    def matches(self) -> list[Match]:
        return list(Match.objects.filter(subject=self.case.subject_id).select_related("term"))

    @cached_property
    def _read(self) -> Card:
        return self.case.card()

    @cached_property
    def card(self) -> Card:
        """The text as its kind describes it, cut where a machine noticed something."""
        card = self._read
        marked = mark([part.text for part in card.parts], self.matches) if self.matches else ()
        cut = {at: pieces for at, pieces in enumerate(marked) if any(piece.match for piece in pieces)}
        parts = [replace(part, pieces=cut.get(at, ())) for at, part in enumerate(card.parts)]
        return replace(card, parts=parts)

    @cached_property
    def actions(self) -> Sequence[Action]:
        return self.case.actions(self.card)

    @cached_property
    def around(self) -> Mapping[str, Any]:
        """What the kind shows beside its text: what it answers, where it stands in a video."""
        return self.kind.context_of(self.case.subject, self._read) if self.kind.context_of else {}

    @property
    def author(self) -> User | None:
        return self._read.author

    @property
    def standing(self) -> Case:
        """The case as `_standing.html` takes it."""
        told = [decision for decision in reversed(self.decisions) if decision.case_id == self.case.pk]
        vars(self.case)["told"] = told
        return self.case

    @property
    def is_own(self) -> bool:
        return self.author is not None and self.author == self.user

    @cached_property
    def is_barred(self) -> bool:
        return self.is_own or self.case.is_appeal_against(self.user)

    @property
    def is_for_whole_city(self) -> bool:
        return self.user.has_role(Role.MODERATOR)

    @property
    def is_held(self) -> bool:
        return self.case.is_open and self.holder == self.user and not self.is_barred

    @property
    def can_decide(self) -> bool:
        """Whether the decision's form is shown; an appeal has an answer of its own."""
        return self.is_held and bool(self.actions)

    @property
    def can_be_set_apart(self) -> bool:
        return not self.case.is_apart and self.kind.conceal is not None

    # --- What was decided before

    @cached_property
    def _past(self) -> list[Decision]:
        about = Q(case__subject=self.case.subject)
        if self.author:
            about |= Q(statement__recipient=self.author)
        found = Decision.objects.filter(about).select_related("by", "reason", "case__subject", "statement")
        return list(found.annotate(imposed=imposed()).order_by("-at", "-pk")[:50])

    @property
    def decisions(self) -> list[Decision]:
        """About this text."""
        return [decision for decision in self._past if decision.case.subject_id == self.case.subject_id]

    @property
    def others(self) -> list[Decision]:
        """About other texts of its author: what was refused, hidden or masked, and stands."""
        here = self.case.subject_id
        found = [d for d in self._past if d.case.subject_id != here and d.undone_at is None]
        return found[:REMEMBERED]

    @property
    def sanctions(self) -> list:
        """What this author was told or forbidden, the latest first."""
        return [Imposed.read(**given) for decision in self._past for given in vars(decision)["imposed"]]

    @cached_property
    def reports(self) -> Sequence[asked.Told]:
        return asked.reports_of(self.case)

    @cached_property
    def appeals(self) -> Sequence[asked.Asked]:
        is_appeal = self.case.trigger == Trigger.APPEAL
        return asked.appeals_of(self.case, self.user, card=self._read, holder=self.holder) if is_appeal else ()

    @cached_property
    def notes(self) -> list:
        return list(self.case.notes.select_related("by"))

    @cached_property
    def alike(self) -> list[Decision]:
        """The latest decisions about texts of this kind that came to the queue for the same cause."""
        like = Decision.objects.filter(case__subject__kind=self.kind.name, case__trigger=self.case.trigger)
        found = like.filter(undone_at=None).exclude(case__subject=self.case.subject)
        return list(found.select_related("by", "reason", "case__subject").order_by("-at", "-pk")[:ALIKE])

    @property
    def undoable(self) -> Decision | None:
        """The decision that the text stands by, where it can be taken back."""
        last = next((decision for decision in self.decisions if decision.undone_at is None), None)
        is_of_this_case = last is not None and last.case_id == self.case.pk and not self.case.is_open
        # An answer to an appeal stands (undoing.py).
        can_be_undone = is_of_this_case and self.case.trigger != Trigger.APPEAL and self.kind.revert
        return last if can_be_undone else None

    @cached_property
    def undo_key(self) -> UUID:
        return uuid4()

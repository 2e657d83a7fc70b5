"""Cases: what waits for a person, who is looking at it, and what was decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from civic.accounts.models import Right, Role, User
from civic.audit import journal
from civic.moderation import errors, letters, registry
from civic.moderation.difference import Change, changes
from civic.moderation.models.decisions import Decision, Reason, Statement
from civic.moderation.models.subjects import Subject, Trigger
from civic.moderation.registry import Action, Card

# A dead tab frees its case within five minutes; a tab in use renews well before.
LEASE = timedelta(minutes=4)


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(decided_at=None, withdrawn_at=None)

    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases of the spaces in which the user moderates; for others there are none."""
        spaces = user.spaces_with(Role.MODERATOR)
        return self.all() if None in spaces else self.filter(subject__space__in=spaces)

    def leased(self) -> CaseQuerySet:
        """Held now, by somebody who may still moderate there. The database's clock decides."""
        return self.filter(_lease())

    def free(self) -> CaseQuerySet:
        return self.exclude(_lease())

    def with_holder(self) -> CaseQuerySet:
        """With what a row of the queue needs: `is_leased`, the person who holds it, the subject."""
        is_leased = models.ExpressionWrapper(_lease(), output_field=models.BooleanField())
        return self.annotate(is_leased=is_leased).select_related("claimed_by", "subject")

    def next_for(self, user: User, *, after: Case | None = None) -> Case | None:
        """Take the oldest free case (the oldest after that one, then from the start); None where there is none.

        SKIP LOCKED passes over what a colleague is taking in this instant, so that nobody
        gets a case twice and nobody waits.
        """
        free = self.open().visible_to(user).free()
        rounds = [free]
        if after:
            later = Q(opened_at__gt=after.opened_at) | Q(opened_at=after.opened_at, pk__gt=after.pk)
            rounds = [free.filter(later), free.exclude(pk=after.pk)]
        return next((case for cases in rounds if (case := cases._take_first(user))), None)

    def _take_first(self, user: User) -> Case | None:
        own: list[int] = []
        while True:
            with transaction.atomic():
                rows = self.exclude(pk__in=own).order_by("opened_at", "pk")
                case = rows.select_for_update(skip_locked=True, of=("self",)).select_related("subject").first()
                if case is None:
                    return None
                if not case.is_written_by(user):
                    case._take(user)
                    return case
            own.append(case.pk)

    def release_all(self, user: User) -> int:
        """End every lease of somebody who leaves."""
        return self.filter(claimed_by=user).update(claimed_by=None, claimed_until=None, shown=None)


def _lease() -> Q:
    """That the case is held: not yet over, and by somebody who still moderates where the case is."""
    rights = Right.objects.current(at=timezone.now()).filter(
        Q(space=None) | Q(space=OuterRef("subject__space")),
        role=Role.MODERATOR,
        user=OuterRef("claimed_by"),
        user__is_active=True,
    )
    return Q(claimed_until__gt=Now()) & Q(Exists(rights))


class Case(models.Model):
    """Something that waits for a human, then was decided. One open case for each subject.

    `version` counts decisions (a lease leaves it alone); the author's edits are the owner's `revision`.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="cases")
    trigger = models.CharField(max_length=20, choices=Trigger.choices, default=Trigger.NEW)
    opened_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=0)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    # The texts of the card's parts when the case was taken, to show what the author changed since.
    shown = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    # The author took the content back before anyone decided.
    withdrawn_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(decided_at=None, withdrawn_at=None),
                name="moderation_case_one_open_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(withdrawn_at=None), name="moderation_case_decided_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | Q(claimed_until__isnull=False, decided_at=None, withdrawn_at=None),
                name="moderation_case_lease_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at", "id"],
                condition=Q(decided_at=None, withdrawn_at=None),
                name="moderation_case_queue",
            ),
        ]

    def __str__(self):
        return f"{self.subject.kind} {self.pk}"

    # --- What it is about

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def last_decision(self) -> Decision | None:
        return self.decisions.select_related("by", "reason").order_by("version").last()

    def card(self) -> Card:
        return registry.describe([self.subject])[self.subject.pk]

    def changes(self, card: Card) -> list[Change]:
        """What the author changed since the case was taken."""
        return changes(self.shown, card.parts) if self.shown else []

    def is_written_by(self, user: User) -> bool:
        return self.subject.kind_of.author_of(self.subject) == user

    def can_be_decided_by(self, user: User, *, holder: User | None) -> bool:
        """Whether the buttons are shown: an open case that they hold (`holder()`, asked once a page)."""
        return self.is_open and holder == user and not self.is_written_by(user)

    # --- The lease

    def holder(self) -> User | None:
        """Who holds the case at this moment."""
        case = Case.objects.leased().select_related("claimed_by").filter(pk=self.pk).first()
        return case.claimed_by if case else None

    def is_held_by(self, user: User) -> bool:
        return self.holder() == user

    def claim(self, user: User) -> None:
        """Take or renew the lease. Raises AlreadyDecided, HeldByAnother, OwnContent or NotModerator."""
        self._check_moderator(user)
        with transaction.atomic():
            free = Case.objects.open().filter(Q(claimed_by=user) | ~_lease())
            case = free.select_for_update(of=("self",)).select_related("subject").filter(pk=self.pk).first()
            if case is None:
                self.refresh_from_db()
                self._check_free(user)
                # It came free between the two looks: whoever asks again gets it.
                raise errors.HeldByAnother(case=self)
            case._take(user)
        self.refresh_from_db()

    def renew(self, user: User) -> None:
        """Hold on to a lease that is one's own, even if it ran out, unless a colleague took the case since."""
        self._check_moderator(user)
        mine = Case.objects.open().filter(pk=self.pk, claimed_by=user)
        if not mine.update(claimed_until=Now() + LEASE):
            self.refresh_from_db()
            self._check_free(user)
            raise errors.LeaseLost(case=self)

    def release(self, user: User) -> None:
        """End one's own lease; nothing where it ended already."""
        Case.objects.filter(pk=self.pk).release_all(user)

    def _take(self, user: User) -> None:
        self.claimed_by, self.shown = user, [part.text for part in self.card().parts]
        # The database's clock: servers whose clocks differ agree on when a lease ends.
        self.claimed_until = Now() + LEASE
        self.save(update_fields=["claimed_by", "claimed_until", "shown"])
        self.refresh_from_db(fields=["claimed_until"])

    # --- The decision

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
    ) -> Decision:
        """Decide the case, once, on the version and the revision that were read.

        The same `key` again gives the first decision. Raises VersionMissing, UnknownAction or
        ReasonMissing (422), NotModerator or OwnContent (403), AlreadyDecided, HeldByAnother or
        EditedSince (409); whoever meets one of these has changed and sent nothing.
        """
        with transaction.atomic():
            # The case first, the owner's row second (registry.py), always in this order.
            case = Case.objects.select_for_update(of=("self",)).select_related("subject").get(pk=self.pk)
            if key is not None and (earlier := case.decisions.filter(key=key, by=by).first()):
                return earlier
            case._check_moderator(by)
            chosen = case._check_form(action, version, revision, key, reason)
            case._check_free(by, version=version)
            if case.subject.kind_of.revision_of(case.subject) != revision:
                card = case.card()
                raise errors.EditedSince(case=case, card=card, changes=case.changes(card))
            return case._settle(by, chosen, revision, key=key, at=at, reason=reason, suggestion=suggestion)

    def _settle(self, by: User, action: Action, revision, *, key, at, reason, suggestion) -> Decision:
        self.version += 1
        decision = Decision.objects.create(
            case=self,
            version=self.version,
            revision=revision,
            by=by,
            at=at,
            action=action.name,
            is_restriction=action.restricts,
            reason=reason if action.restricts else None,
            suggestion=suggestion.strip(),
            key=key,
        )
        self.decided_at, self.claimed_by, self.claimed_until, self.shown = at, None, None, None
        self.save(update_fields=["version", "decided_at", "claimed_by", "claimed_until", "shown"])
        subject = self.subject
        subject.kind_of.apply(subject, decision)
        journal.record(
            "case.decided",
            actor=by,
            target=("case", self.pk),
            space=subject.space,
            kind=subject.kind,
            decision=action.name,
            reason=decision.reason.code if decision.reason else None,
            revision=revision,
        )
        self._tell_author(decision)
        return decision

    def _tell_author(self, decision: Decision) -> None:
        author, card = self.subject.kind_of.author_of(self.subject), self.card()
        if decision.reason:
            Statement.objects.write(
                decision, decision.reason, facts=card.title, recipient=author, machine_took_part=False
            )
        if author:
            letters.tell_author(decision, author=author, card=card)

    # --- Checks

    def _check_moderator(self, user: User) -> None:
        if not Case.objects.visible_to(user).filter(pk=self.pk).exists():
            raise errors.NotModerator
        if self.is_written_by(user):
            raise errors.OwnContent

    def _check_form(self, action: str, version, revision, key, reason: Reason | None) -> Action:
        if None in (version, revision, key):
            raise errors.VersionMissing
        chosen = self.subject.kind_of.action(action)
        if chosen is None:
            raise errors.UnknownAction
        if chosen.restricts and (reason is None or not reason.is_active):
            raise errors.ReasonMissing
        return chosen

    def _check_free(self, user: User, *, version: int | None = None) -> None:
        if not self.is_open or version not in (None, self.version):
            raise errors.AlreadyDecided(case=self, decision=self.last_decision)
        holder = self.holder()
        if holder and holder != user:
            raise errors.HeldByAnother(case=self, holder=holder)

"""Who is looking at a case: a lease that ends by itself, not a lock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from civic.accounts.models import User
from civic.moderation import errors
from civic.moderation.models import consequences
from civic.moderation.models.facts import CaseFacts
from civic.moderation.models.queue import lease

# A dead tab frees its case within five minutes; a tab in use renews well before.
LEASE = timedelta(minutes=4)


class LeasedCase(CaseFacts):
    """Taking, holding and leaving a case. None of it raises the version."""

    class Meta:
        abstract = True

    def holder(self) -> User | None:
        """Who holds the case at this moment."""
        case = type(self).objects.leased().select_related("claimed_by").filter(pk=self.pk).first()
        return case.claimed_by if case else None

    def is_held_by(self, user: User) -> bool:
        return self.holder() == user

    def claim(self, user: User) -> None:
        """Take or renew the lease. Raises AlreadyDecided, HeldByAnother, OwnContent or NotModerator."""
        self.check_moderator(user)
        with transaction.atomic():
            free = type(self).objects.open().filter(Q(claimed_by=user) | ~lease())
            case = free.select_for_update(of=("self",)).select_related("subject").filter(pk=self.pk).first()
            if case is None:
                self.refresh_from_db()
                self.check_free(user)
                # It came free between the two looks: whoever asks again gets it.
                raise errors.HeldByAnother(case=self)
            case.take(user)
        self.refresh_from_db()

    def renew(self, user: User) -> None:
        """Hold on to a lease that is one's own, even if it ran out, unless a colleague took the case since."""
        self.check_moderator(user)
        mine = type(self).objects.open().filter(pk=self.pk, claimed_by=user)
        if not mine.update(claimed_until=Now() + LEASE):
            self.refresh_from_db()
            self.check_free(user)
            raise errors.LeaseLost(case=self)

    def release(self, user: User) -> None:
        """End one's own lease; nothing where it ended already."""
        if type(self).objects.filter(pk=self.pk).release_all(user):
            consequences.released(self)

    def take(self, user: User) -> None:
        """Write the lease on a row that is locked and known to be free."""
        self.claimed_by, self.shown = user, [part.text for part in self.card().parts]
        # The database's clock: servers whose clocks differ agree on when a lease ends.
        self.claimed_until = Now() + LEASE
        self.save(update_fields=["claimed_by", "claimed_until", "shown"])
        self.refresh_from_db(fields=["claimed_until"])
        consequences.taken(self)

    def leave(self, **facts) -> None:
        """Write facts that end the lease, in the same save."""
        facts |= {"claimed_by": None, "claimed_until": None, "shown": None}
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))

    def lapse(self, *, at: datetime) -> None:
        """End it undecided: what it was about went its way by its own date. A locked row; not journalled."""
        self.leave(withdrawn_at=at)
        consequences.left(self)

    def check_free(self, user: User, *, version: int | None = None) -> None:
        """Raises AlreadyDecided, also where another version was read, or HeldByAnother."""
        if not self.is_open or version not in (None, self.version):
            raise self.too_late(user)
        # Of a locked row, whoever held it then holds it still.
        holder = self.locked_holder if "locked_holder" in vars(self) else self.holder()
        if holder and holder != user:
            raise errors.HeldByAnother(case=self, holder=holder)

    def too_late(self, user: User) -> errors.AlreadyDecided:
        """What to tell somebody who acts on a case that went on without them: by whom, if not by themselves."""
        last = self.last_decision
        if self.withdrawn_at:
            return errors.TextWithdrawn(case=self)
        if last and last.undone_at:
            return errors.ReopenedSince(case=self, decision=last)
        is_own = last is not None and last.by == user
        return (errors.DecidedByYou if is_own else errors.AlreadyDecided)(case=self, decision=last)

"""Open desks are told what becomes of each case, and never what it is about."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction

from civic.accounts.models import Role, User
from civic.audit import journal
from civic.moderation.models.decisions import Decision
from civic.realtime.models import Stream
from civic.territory.models import Space

if TYPE_CHECKING:
    from civic.moderation.models.cases import Case
    from civic.moderation.models.facts import CaseFacts

STREAM = "moderation"


class DeskQuerySet(models.QuerySet["Desk"]):
    def of(self, space: Space | None) -> Desk:
        """The desk of a space (None: of the whole city), made now if there is none."""
        if found := self.filter(space=space).first():
            return found
        try:
            with transaction.atomic():
                return self.create(space=space, stream=Stream.objects.create(kind=STREAM))
        except IntegrityError:
            return self.get(space=space)  # made by another in this instant

    def of_user(self, user: User) -> DeskQuerySet:
        """Those that this moderator follows: the whole city's hears of every case, a space's of its own."""
        spaces = user.spaces_with(Role.MODERATOR)
        return self.filter(space=None) if None in spaces else self.filter(space__in=spaces)


class Desk(models.Model):
    """Where the moderators of one space sit, or those of the whole city; owns the stream that they follow."""

    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="+")
    stream = models.OneToOneField(Stream, models.PROTECT, related_name="+")

    # Within which time the city wants to have decided here; where it is null, each kind's own holds.
    target = models.DurationField(null=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space"], nulls_distinct=False, name="moderation_desk_one_per_space"),
            models.CheckConstraint(
                condition=models.Q(target=None) | models.Q(space__isnull=False, target__gt=timedelta()),
                name="moderation_desk_target_is_of_a_space",
            ),
        ]

    def __str__(self):
        return f"desk of {self.space_id or 'the city'}"

    @transaction.atomic
    def aim(self, by: User, target: timedelta | None, cases: models.QuerySet[Case]) -> None:
        """Set the delay of this space, or give it each kind's own back; what waits there follows."""
        self.target = target
        self.save(update_fields=["target"])
        for case in (
            cases.filter(subject__space=self.space, apart_at=None).select_for_update(of=("self",)).order_by("pk")
        ):
            case.due_at = case.due(case.subject, opened_at=case.opened_at, weight=case.weight)
            case.save(update_fields=["due_at"])
        hours = target and round(target / timedelta(hours=1))
        journal.record("desk.target_set", actor=by, target=("desk", self.pk), space=self.space, hours=hours)

    @classmethod
    def stream_is_readable(cls, user: Any, stream: Stream) -> bool:
        desk = cls.objects.select_related("space").filter(stream=stream).first()
        return desk is not None and user.is_authenticated and user.has_role(Role.MODERATOR, space=desk.space)

    @transaction.atomic
    def tell(self, cases: models.QuerySet[Case], case_id: int) -> None:
        """Publish where the case stands. Read under the stream's lock: what is said last is what is true last."""
        stream = Stream.objects.select_for_update().get(pk=self.stream_id)
        latest = Decision.objects.select_related("by", "case__subject").order_by("version")
        case = cases.prefetch_related(models.Prefetch("decisions", latest, to_attr="told")).get(pk=case_id)
        stream.publish("case", "moderation/_standing.html", {"case": case}, slot=f"case:{case_id}")


def tell(case: CaseFacts) -> None:
    """Tell the desks at the commit, each in a transaction of its own.

    A decision then waits for no other one's desk, and no order of locks ties a desk to a thread. Should
    the process die in between, only the hint is lost: the queue is read from the cases.
    """
    transaction.on_commit(partial(_tell, type(case).objects.with_holder(), case.pk, case.subject.space), robust=True)


def _tell(cases: models.QuerySet[Case], case_id: int, space: Space | None) -> None:
    for owner in dict.fromkeys((None, space)):
        Desk.objects.of(owner).tell(cases, case_id)

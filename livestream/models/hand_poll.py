"""Shows of hands at home: a question of the chair's to whoever watches. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError, Unprocessable
from civic.kernel.text import plain_line
from livestream.models.passage import NotNow
from livestream.models.states import SittingQuerySet, State

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting

QUESTION_LENGTH = 160


class HandChoice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    NO_OPINION = "none", _("No opinion")


class PollIsOpen(DomainError):
    title = _("A poll is open already")
    sentence = _("Close it before another question is asked. Nothing was opened.")


class PollClosed(DomainError):
    title = _("This poll is closed")
    sentence = _("It was closed in the meantime. Its result is on the page of the session.")


class QuestionMissing(Unprocessable):
    sentence = _("Write the question, in 160 characters at most.")


class HandPoll(models.Model):
    """One question; its totals are kept when it closes, and who answered what is forgotten."""

    sitting = models.ForeignKey("livestream.Sitting", models.PROTECT, related_name="hand_polls")
    question = models.CharField(_("question"), max_length=QUESTION_LENGTH)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    in_favour = models.PositiveIntegerField(null=True)
    against = models.PositiveIntegerField(null=True)
    no_opinion = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="livestream_handpoll_has_question"),
            models.CheckConstraint(
                condition=Q(closed_at=None, in_favour=None, against=None, no_opinion=None)
                | Q(
                    closed_at__gte=F("opened_at"),
                    in_favour__isnull=False,
                    against__isnull=False,
                    no_opinion__isnull=False,
                ),
                name="livestream_handpoll_closed_is_counted",
            ),
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(closed_at=None), name="livestream_handpoll_one_open"
            ),
        ]

    def __str__(self):
        return self.question

    @property
    def totals(self) -> list[tuple[str, int]]:
        """The counts in the order of the choices; nothing while it is open."""
        if self.closed_at is None:
            return []
        counts = (self.in_favour or 0, self.against or 0, self.no_opinion or 0)
        return [(str(choice.label), count) for choice, count in zip(HandChoice, counts, strict=True)]

    @property
    def total(self) -> int:
        return sum(count for _label, count in self.totals)


class HandAnswer(models.Model):
    """What one account answers while the poll is open; gone once it is counted."""

    poll = models.ForeignKey(HandPoll, models.CASCADE, related_name="answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    choice = models.CharField(max_length=7, choices=HandChoice.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "user"], name="livestream_handanswer_one_per_account"),
            models.CheckConstraint(condition=Q(choice__in=HandChoice.values), name="livestream_handanswer_is_known"),
        ]

    def __str__(self):
        return f"{self.poll_id}"


@transaction.atomic
def open_poll(sitting: Sitting, by: Any, *, question: str, at: datetime) -> HandPoll:
    """Ask those who watch. Raises NotAllowed, NotNow where the session is not live, PollIsOpen or QuestionMissing."""
    current = sitting.locked_for(by)
    if current.state != State.LIVE:
        raise NotNow
    if current.hand_polls.filter(closed_at=None).exists():
        raise PollIsOpen
    if not (question := plain_line(question)):
        raise QuestionMissing
    made = HandPoll.objects.create(sitting=current, question=question, opened_at=at)
    _tell(current, "sitting.poll_opened", by, made)
    return made


@transaction.atomic
def close_poll(poll: HandPoll, by: Any, *, at: datetime) -> None:
    """Count it, show the result and forget who answered. Raises NotAllowed or PollClosed."""
    current = poll.sitting.locked_for(by)
    if not close_open(current, by, at=at, only=poll.pk):
        raise PollClosed


def close_open(sitting: Sitting, by: Any, *, at: datetime, only: int | None = None) -> bool:
    """Close the poll that is open, or that one: inside the act of whoever holds the sitting's lock."""
    polls = sitting.hand_polls.select_for_update().filter(closed_at=None)
    poll = (polls.filter(pk=only) if only else polls).first()
    if poll is None:
        return False
    counts = dict(poll.answers.values_list("choice").annotate(number=Count("pk")).order_by())
    poll.in_favour, poll.against, poll.no_opinion = (counts.get(choice, 0) for choice in HandChoice.values)
    poll.closed_at = at
    poll.save(update_fields=["in_favour", "against", "no_opinion", "closed_at"])
    poll.answers.all().delete()
    _tell(sitting, "sitting.poll_closed", by, poll)
    return True


@transaction.atomic
def answer(poll: HandPoll, user: Any, *, choice: str) -> None:
    """Raise one's hand, or another one instead; the constraint holds one for each account. Raises PollClosed."""
    # Locked against the count: an answer is in it, or it is told that it came too late.
    if not HandPoll.objects.select_for_update(no_key=True).filter(pk=poll.pk, closed_at=None).exists():
        raise PollClosed
    HandAnswer.objects.bulk_create(
        [HandAnswer(poll=poll, user=user, choice=choice)],
        update_conflicts=True,
        unique_fields=["poll", "user"],
        update_fields=["choice"],
    )


def with_newest_poll(sittings: SittingQuerySet) -> SittingQuerySet:
    """With the last question that was asked, in the same query; `newest_poll` reads it."""
    fields = ("pk", "question", "closed_at", "in_favour", "against", "no_opinion")
    polls = HandPoll.objects.filter(sitting=OuterRef("pk")).order_by("-opened_at", "-pk")
    read = JSONObject(**{name: name for name in fields})
    return sittings.annotate(poll_read=Subquery(polls.values_list(read)[:1]))


def newest_poll(sitting: Sitting) -> HandPoll | None:
    """Of a sitting that came `with_newest_poll`."""
    return HandPoll(**sitting.poll_read) if sitting.poll_read else None  # type: ignore[attr-defined]


def _tell(sitting: Sitting, action: str, by: Any, poll: HandPoll) -> None:
    sitting.record(action, by, poll=poll.pk)
    sitting.stream.publish("poll", "livestream/_poll.html", {"sitting": sitting, "poll": poll}, slot="poll")

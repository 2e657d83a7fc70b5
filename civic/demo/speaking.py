"""What residents say in the debates: comments, replies and supports, dated over the life of each petition."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from civic.accounts.models import Role, User
from civic.comments.models import Comment, Support, Thread
from civic.comments.models.comment import office_of
from civic.demo.cast import address, appoint, open_account
from civic.demo.chance import series
from civic.demo.days import draw
from civic.demo.desk import Desk
from civic.demo.residents import Resident
from civic.demo.texts import load
from civic.kernel.text import clean_text
from civic.moderation.models import Reason, Subject, Trigger
from civic.territory.models import Quarter
from petitions.models import Petition

SPEAKERS = 90
CITY = "colette@example.org"
# Moderators come to it within the day: what waits is of today.
READ_WITHIN = timedelta(hours=9)


class Debates:
    """Every debate of the content, by accounts that some of the residents opened."""

    def __init__(self, desk: Desk, residents: Sequence[Resident], *, now: datetime):
        self.desk, self.now = desk, now
        self.supports: list[Support] = []
        quarters = {quarter.pk: quarter for quarter in Quarter.objects.all()}
        at_home = [(resident, quarters[pk]) for resident in residents if (pk := resident.quarter_id)]
        chosen = series("speakers").sample(at_home, SPEAKERS)
        self.speakers = [open_account(one.name, one.email, quarter, now=now) for one, quarter in chosen]
        told = load("comments")["elected"]
        home = Quarter.objects.get(slug=told["quarter"])
        self.elected = open_account(told["name"], address(told["name"]), home, now=now)
        appoint(self.elected, Role.ELECTED, now=now)
        self.city = User.objects.get(email=CITY)
        self.offices = {user.pk: office_of(user, None) for user in (self.elected, self.city)}

    def fill(self, petitions: Mapping[str, Petition]) -> int:
        """Write the debates of these petitions, by their keys; returns how many comments there are."""
        number = sum(
            Debate(self, petitions[told["petition"]], series(f"{told['petition']}:debate")).fill(told["comments"])
            for told in load("comments")["debates"]
        )
        Support.objects.bulk_create(self.supports, batch_size=1000)
        return number


def by_day(at: datetime, *, until: datetime) -> datetime:
    """What would be said at night is said in the morning, where the debate goes on until then."""
    morning = at + timedelta(hours=8)
    return morning if timezone.localtime(at).hour < 7 and morning < until else at


class Debate:
    """One petition's."""

    def __init__(self, debates: Debates, petition: Petition, rng: Random):
        self.debates, self.petition, self.rng = debates, petition, rng
        ends = (petition.closes_at, petition.withdrawn_at, debates.now)
        self.began_at = petition.opens_at or debates.now
        self.ended_at = min(end for end in ends if end)
        others = [user for user in debates.speakers if user != petition.author]
        self.speakers = rng.sample(others, len(others))

    def fill(self, told: Sequence[Mapping[str, Any]]) -> int:
        moments = sorted(draw("steady", self.began_at, self.ended_at, self.rng) for _ in told)
        comments = [comment for one, at in zip(told, moments, strict=True) for comment in self._tell(one, at)]
        shown = Comment.objects.filter(thread=self.petition.thread_id).shown()
        for parent in {comment.parent for comment in comments if comment.parent}:
            Comment.objects.filter(pk=parent.pk).update(replies=shown.filter(parent=parent).count())
        Thread.objects.filter(pk=self.petition.thread_id).update(count=shown.count())
        return len(comments)

    def _tell(self, told: Mapping[str, Any], at: datetime) -> Iterator[Comment]:
        comment = self._write(told, at)
        yield comment
        for reply in told.get("replies", ()):
            # An answer comes within the evening; what was asked yesterday may still be answered today.
            soon = timedelta(minutes=self.rng.randint(9, 400))
            at = by_day(at + min(soon, (self.ended_at - at) / 2), until=self.ended_at)
            yield self._write(reply, at, parent=comment)

    def _write(self, told: Mapping[str, Any], at: datetime, *, parent: Comment | None = None) -> Comment:
        author = self._speaker(told.get("by", ""), parent)
        state = told.get("state", "")
        if state == "held":
            at = self.debates.now - READ_WITHIN * self.rng.random()
        text = "" if state == "deleted" else told["text"]
        comment = Comment.objects.create(
            thread_id=self.petition.thread_id,
            parent=parent,
            author=author,
            office=self.debates.offices.get(author.pk, ""),
            position=told.get("position", ""),
            text=text,
            html=clean_text(text),
            key=UUID(int=self.rng.getrandbits(128), version=4),
            posted_at=at,
            published_at=None if state == "held" else at,
            held_at=at if state == "held" else None,
            deleted_at=at + (self.ended_at - at) / 3 if state == "deleted" else None,
            subject=Subject.objects.create(kind="comment", created_at=at),
        )
        if state == "held":
            self.debates.desk.receive(comment, Trigger.SIGNAL, at=at)
        elif state == "hidden":
            self._hide(comment, Reason.objects.get(code=told["reason"]))
        elif not state:
            self._support(comment)
        return comment

    def _speaker(self, by: str, parent: Comment | None) -> User:
        named = {"author": self.petition.author, "city": self.debates.city, "elected": self.debates.elected}
        named["same"] = parent.author if parent else None
        return named.get(by) or self.speakers.pop()

    def _hide(self, comment: Comment, reason: Reason) -> None:
        at = comment.posted_at + min(READ_WITHIN, (self.ended_at - comment.posted_at) / 2)
        self.debates.desk.receive(comment, Trigger.REPORT, at=comment.posted_at + (at - comment.posted_at) / 3)
        comment.hidden_at, comment.hidden_reason = at, reason
        comment.save(update_fields=["hidden_at", "hidden_reason"])
        self.debates.desk.decide(comment, "hide", at=at, reason=reason)

    def _support(self, comment: Comment) -> None:
        """A few supports for most, many for some; they are counted already."""
        liked = min(int(self.rng.expovariate(0.14)), len(self.debates.speakers) - 1)
        people = [user for user in self.rng.sample(self.debates.speakers, liked) if user != comment.author]
        for user in people:
            at = comment.posted_at + (self.ended_at - comment.posted_at) * self.rng.random()
            self.debates.supports.append(Support(comment=comment, user=user, given_at=at, counted=True))
        Comment.objects.filter(pk=comment.pk).update(supports=len(people))

"""Mails to those who follow: a sitting or an item begins, in about ten minutes or now, is moved,
or does not take place.

A loop of the worker looks each second: the clerk's click waits for no mail. Nothing is planned ahead; what is true
now is told to whoever has not been told. The sitting's row is locked meanwhile, so that what a clerk takes back is
told to nobody afterwards, and what was written before is found and cancelled (`passage.undo`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import User
from civic.notifications import outbox
from livestream.models import Follow, Item, ItemState, Moment, Passage, Sitting, State, Told

# How long before it begins one is told.
AHEAD = timedelta(minutes=10)
# One that is not opened at its hour is still about to begin; later nobody knows.
LATE = timedelta(minutes=30)
# A cancellation, or another date, is news for a while, for a worker that was away.
NEWS = timedelta(days=1)
# Mails written at a time: a clerk's act on the same sitting waits for them.
BATCH = 40
LINK_SIGNER = Signer(salt="livestream.follow.link")


@dataclass(frozen=True)
class News:
    """A moment of an item, or of the sitting as a whole."""

    moment: Moment
    sitting: Sitting
    item: Item | None = None
    passage: Passage | None = None

    @property
    def subject(self) -> dict[str, Sitting | Item]:
        return {"item": self.item} if self.item else {"sitting": self.sitting}

    @property
    def followed(self) -> Q:
        """What one follows to be told of it."""
        thing = self.item or self.sitting
        found = Q(**self.subject)
        if self.moment in (Moment.CANCELLED, Moment.MOVED):
            found |= Q(item__sitting=self.sitting)
            # Who began to follow afterwards has read the new date.
            return found & Q(since__lte=self.sitting.moved_at) if self.moment == Moment.MOVED else found
        if thing.theme_id:
            found |= Q(theme=thing.theme_id)
        if self.item and self.item.quarter_id:
            found |= Q(quarter=self.item.quarter_id)
        # Who begins to follow what goes on already knows that it has begun.
        begun_at = self.passage.begins_at if self.item and self.passage else self.sitting.opened_at
        return found & Q(since__lte=begun_at) if self.moment == Moment.BEGINS else found

    def readers(self):
        """Who is to be told and was not."""
        follows = Follow.objects.filter(self.followed, user=OuterRef("pk"))
        # « In ten minutes » is no news of what one knows has begun.
        moments = {self.moment, Moment.BEGINS}
        told = Told.objects.filter(user=OuterRef("pk"), moment__in=moments, **self.subject)
        return User.objects.filter(Exists(follows), ~Exists(told), is_active=True).order_by("pk")


def follow() -> int:
    """Tell what there is to tell; the number of mails."""
    return tell(at=timezone.now())


def tell(*, at: datetime) -> int:
    expected = Q(convened_at__isnull=False, opened_at=None, starts_at__range=(at - LATE, at + AHEAD))
    lately = Sitting.objects.filter(
        Q(opened_at__isnull=False, adjourned_at=None)
        | Q(cancelled_at__gt=at - NEWS)
        | Q(moved_at__gt=at - NEWS, opened_at=None)
        | expected
    )
    return sum(_tell_of(pk, at) for pk in lately.values_list("pk", flat=True))


def _tell_of(pk: int, at: datetime) -> int:
    all_told = told = _tell_some(pk, at)
    while told == BATCH:
        told = _tell_some(pk, at)
        all_told += told
    return all_told


@transaction.atomic
def _tell_some(pk: int, at: datetime) -> int:
    # SKIP LOCKED: a clerk is at it, and what is true is seen in a second.
    rows = Sitting.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    sitting = rows.filter(pk=pk).first()
    told = 0
    for news in news_of(sitting, at) if sitting else ():
        for user in news.readers()[: BATCH - told]:
            _write(news, user, at)
            told += 1
    return told


def news_of(sitting: Sitting, at: datetime) -> Iterator[News]:
    """What is true of it at that moment; nothing while it is suspended or behind closed doors."""
    state = sitting.state
    if state == State.CANCELLED:
        yield News(Moment.CANCELLED, sitting)
    elif state == State.CONVENED:
        if sitting.moved_at and sitting.moved_at > at - NEWS:
            yield News(Moment.MOVED, sitting)
        if at - LATE <= sitting.starts_at <= at + AHEAD:
            yield News(Moment.SOON, sitting)
    elif state == State.LIVE:
        passage = sitting.open_passage
        yield News(Moment.BEGINS, sitting, passage=passage)
        if passage:
            yield News(Moment.BEGINS, sitting, passage.item, passage)
        for item in soon(sitting, passage, at):
            yield News(Moment.SOON, sitting, item, passage)


def soon(sitting: Sitting, passage: Passage | None, at: datetime) -> Iterator[Item]:
    """Items that begin within AHEAD, should each one before them take as long as was planned."""
    wait = left_of(passage, at) if passage else timedelta(0)
    items = sitting.items.with_state()
    for item in items.filter(rank__gt=passage.item.rank) if passage else items:
        if item.state != ItemState.TO_COME:
            continue
        if wait > AHEAD:
            return
        yield item
        wait += timedelta(minutes=item.planned_minutes)


def left_of(passage: Passage, at: datetime) -> timedelta:
    """Of the time planned for what is examined; breaks are not part of it."""
    breaks = passage.sitting.breaks.filter(begins_at__gte=passage.begins_at)
    paused = sum((pause.ends_at - pause.begins_at for pause in breaks if pause.ends_at), timedelta(0))
    planned = timedelta(minutes=passage.item.planned_minutes)
    return max(planned - (at - passage.begins_at - paused), timedelta(0))


def _write(news: News, user: User, at: datetime) -> None:
    told = Told.objects.create(user=user, moment=news.moment, passage=news.passage, told_at=at, **news.subject)
    if news.item:
        news.item.sitting = news.sitting
    stop = settings.SITE_URL.rstrip("/") + reverse("council:stop", args=[token_of(user)])
    context = {"moment": news.moment, "sitting": news.sitting, "item": news.item, "name": user.name, "stop": stop}
    headers = outbox.one_click(stop)
    outbox.post(told.key, user.email, "sitting_told", context, language=user.language, headers=headers, bulk=True)


# --- Stopping -------------------------------------------------------------------------------


def token_of(user: User) -> str:
    """What the link in a mail holds to stop them all: signed, and about this alone."""
    return LINK_SIGNER.sign(str(user.pk))


def holder_of(token: str) -> User | None:
    try:
        return User.objects.filter(pk=int(LINK_SIGNER.unsign(token)), is_active=True).first()
    except (BadSignature, ValueError):
        return None

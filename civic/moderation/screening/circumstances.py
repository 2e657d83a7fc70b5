"""What is noticed without reading: who writes, how often, and whether it was written before."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef

from civic.moderation.models import Case, Decision, Screening, Subject
from civic.moderation.screening.letters import pieces

if TYPE_CHECKING:
    from civic.accounts.models import User

SAME_WITHIN = timedelta(days=7)
# Shorter texts (« merci à tous ») are the same by chance.
SAME_FROM_LETTERS = 30

BY_ONE = 5
BY_ONE_WITHIN = timedelta(minutes=2)
BY_NEWCOMERS = 8
BY_NEWCOMERS_WITHIN = timedelta(minutes=10)


def fingerprint(text: str) -> str:
    """The same for texts that differ by case, accents, signs, spaces or look-alike letters; "" for a short one."""
    letters = "".join(piece.letters for piece in pieces(text))
    return sha256(letters.encode()).hexdigest() if len(letters) >= SAME_FROM_LETTERS else ""


def is_newcomer(author: User, subject: Subject, *, at: datetime) -> bool:
    """Whether the account is new and fewer than `NEWCOMER_CONTRIBUTIONS` of its texts were let through."""
    if author.joined_at <= at - timedelta(days=settings.NEWCOMER_DAYS) or author.is_staff_member():
        return False
    waiting = Case.objects.open().filter(subject=OuterRef("subject"))
    restricted = Decision.objects.filter(case__subject=OuterRef("subject"), is_restriction=True, undone_at=None)
    others = Screening.objects.filter(author=author).exclude(subject=subject)
    let_through = others.filter(~Exists(waiting), ~Exists(restricted))
    return let_through[: settings.NEWCOMER_CONTRIBUTIONS].count() < settings.NEWCOMER_CONTRIBUTIONS


def twin(screening: Screening) -> Subject | None:
    """The latest other content with the same text, whoever wrote it."""
    if not screening.fingerprint:
        return None
    since = screening.at - SAME_WITHIN
    same = Screening.objects.filter(fingerprint=screening.fingerprint, at__gte=since, at__lte=screening.at)
    found = same.exclude(pk=screening.pk).select_related("subject").order_by("-at").first()
    return found.subject if found else None


def is_burst(screening: Screening) -> bool:
    """Whether it is one of many texts of its author, or of new accounts in one place, within minutes."""
    until = Screening.objects.filter(at__lte=screening.at)
    if screening.author_id:
        by_one = until.filter(author_id=screening.author_id, at__gt=screening.at - BY_ONE_WITHIN)
        if by_one[:BY_ONE].count() >= BY_ONE:
            return True
    if not (screening.is_newcomer and screening.place):
        return False
    by_newcomers = until.filter(place=screening.place, is_newcomer=True, at__gt=screening.at - BY_NEWCOMERS_WITHIN)
    return by_newcomers[:BY_NEWCOMERS].count() >= BY_NEWCOMERS

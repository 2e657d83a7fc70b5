"""Screening one text: everything that is noticed is written down, and says whether it waits and how heavy it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils.text import Truncator

from civic.moderation.models import Effect, Match, Screening, Signal, Subject, Term, Trigger
from civic.moderation.modes import Mode
from civic.moderation.screening import circumstances
from civic.moderation.screening.links import Linklist
from civic.moderation.screening.words import Wordlist

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.moderation.models import Case

log = structlog.get_logger(__name__)

WEIGHTS = {Effect.HOLD: 2, Effect.RANK: 1}
CIRCUMSTANCE_WEIGHTS = {Signal.DUPLICATE: 1, Signal.BURST: 1, Signal.NEWCOMER: 0}
# More brings no case further forward: at 5, it is due in a sixth of its time.
HEAVIEST = 5
MOST_MATCHES = 50


@dataclass(frozen=True)
class Verdict:
    """Whether the text waits for a moderator, how much weighs on its case, and whether a machine noticed anything."""

    holds: bool
    weight: int = 0
    is_flagged: bool = False

    @property
    def trigger(self) -> Trigger:
        return Trigger.SIGNAL if self.is_flagged else Trigger.NEW

    def open_case(self, subject: Subject, *, at: datetime) -> Case | None:
        """Have it looked at, where it waits or something weighs on it. Call it before locking the owner's row."""
        if not (self.holds or self.weight):
            return None
        return subject.open_case(self.trigger, at=at, weight=self.weight)


def screen(subject: Subject, *, author: User | None, text: str, mode: str, at: datetime, place: str = "") -> Verdict:
    """Look at a text as it is now, inside the caller's transaction; what was found in an earlier one is replaced.

    `place` names where it stands ("thread:12"), to notice a rush there; a content of several parts joins them
    with `join_parts`. Never raises for a fault of its own: then a person looks, wherever somebody reads anything
    before it is shown.
    """
    try:
        with transaction.atomic():
            return _screen(subject, author=author, text=text, mode=Mode(mode), at=at, place=place)
    except Exception:
        # Whoever wrote must not lose their words to a bad list or a bug.
        log.exception("screening failed", subject=subject.pk)
        return Verdict(holds=mode != Mode.AFTER)


def _screen(subject: Subject, *, author: User | None, text: str, mode: Mode, at: datetime, place: str) -> Verdict:
    is_newcomer = author is not None and circumstances.is_newcomer(author, subject, at=at)
    fields = {"author": author, "place": place, "is_newcomer": is_newcomer}
    # An edit is no new text: it keeps its time.
    screening, _ = Screening.objects.update_or_create(
        subject=subject,
        defaults={**fields, "fingerprint": circumstances.fingerprint(text)},
        create_defaults={**fields, "fingerprint": circumstances.fingerprint(text), "at": at},
    )
    terms = {term.pk: term for term in Term.objects.in_use()}
    matches = [*_noticed(subject, screening), *_listed(subject, text, terms.values())]
    subject.matches.all().delete()
    Match.objects.bulk_create(matches[:MOST_MATCHES])
    effects = [terms[match.term_id].effect for match in matches if match.term_id]
    weight = sum(WEIGHTS[Effect(effect)] for effect in effects)
    weight += sum(CIRCUMSTANCE_WEIGHTS.get(Signal(match.signal), 0) for match in matches)
    return Verdict(
        holds=mode == Mode.BEFORE or is_newcomer or (mode == Mode.AFTER_WITH_HOLDS and Effect.HOLD in effects),
        weight=min(weight, HEAVIEST),
        is_flagged=bool(matches),
    )


def _listed(subject: Subject, text: str, terms: Iterable[Term]) -> list[Match]:
    """The words and links of the list that are in the text."""
    return [
        Match(
            subject=subject,
            signal=term.kind,
            term=term,
            start=hit.start,
            end=hit.end,
            excerpt=Truncator(text[hit.start : hit.end]).chars(120),
        )
        for term, hit in find(text, terms)
    ]


def find(text: str, terms: Iterable[Term]) -> list[tuple]:
    """Each term that is in the text, with its place (`words.Hit`)."""
    by_pk = {term.pk: term for term in terms}
    words, links = lists(tuple((term.pk, term.kind, term.pattern) for term in by_pk.values()))
    return [(by_pk[hit.term], hit) for hit in (*words.find(text), *links.find(text))]


@lru_cache(maxsize=4)
def lists(terms: tuple[tuple[int, str, str], ...]) -> tuple[Wordlist, Linklist]:
    """The lists ready for searching; made again only when staff changed them."""
    return (
        Wordlist((pk, pattern) for pk, kind, pattern in terms if kind == Term.Kind.WORD),
        Linklist((pk, pattern) for pk, kind, pattern in terms if kind == Term.Kind.LINK),
    )


def _noticed(subject: Subject, screening: Screening) -> list[Match]:
    """What the circumstances say."""
    found = []
    if twin := circumstances.twin(screening):
        found.append(Match(subject=subject, signal=Signal.DUPLICATE, twin=twin))
    if circumstances.is_burst(screening):
        found.append(Match(subject=subject, signal=Signal.BURST))
    if screening.is_newcomer:
        found.append(Match(subject=subject, signal=Signal.NEWCOMER))
    return found

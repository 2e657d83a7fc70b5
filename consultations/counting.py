"""The count (dépouillement): opens the box once, with the scrutineers' keys, and leaves nothing that links.

Rows that were written in one transaction share `xmin` and lie side by side, in the box and on the roll, and so does a
dump of them. Ballots are therefore written afresh and the roll is rewritten, both in an order of our own drawing and
in one transaction; envelopes and their identifiers go, and a job takes what was deleted off the pages (`sweeping.py`).
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from psycopg.errors import LockNotAvailable
from psycopg.types.json import Jsonb

from civic.audit import journal
from civic.kernel.errors import DomainError
from consultations import codes, progress, tally, tasks, turnout
from consultations.box import NUMBER_BYTES, OVERHEAD, Content, Paper, box_of, paper_of
from consultations.models import (
    Consultation,
    Envelope,
    OpenBallot,
    Result,
    RollEntry,
    Secrecy,
    Turnout,
)
from consultations.models.roll import hold_gate
from consultations.progress import Progress
from consultations.sealing import Unopenable
from consultations.tally.published import digest, write_ballots

READ_AT_ONCE = 2_000
SAID_EVERY = 500
IS_OVER = "SELECT closes_at <= clock_timestamp() FROM consultations_phase WHERE consultation_id = %s AND kind = 'vote'"


class VoteStillOpen(DomainError):
    title = _("The vote is still open")
    sentence = _("The box is opened once the vote is closed, and never before. Nothing was opened.")


class AlreadyCounted(DomainError):
    title = _("The ballots are counted")
    sentence = _("This consultation’s ballots were counted already. Nothing was changed.")


class CountUnderWay(DomainError):
    title = _("The count is under way")
    sentence = _("Somebody else has just begun the same count. Wait for a moment, then load the page again.")


class NothingToCount(DomainError):
    title = _("There is no vote to count")
    sentence = _("This consultation is not published, was withdrawn, or has no vote.")


@dataclass
class Pile:
    """What was found in the box: ballots by code; what could not be opened or read; a code that came again."""

    ballots: dict[str, tally.Ballot] = field(default_factory=dict)
    found: int = 0
    unreadable: int = 0
    repeated: int = 0

    def add(self, code: str, ballot: tally.Ballot) -> None:
        if code in self.ballots:
            self.repeated += 1
        else:
            self.ballots[code] = ballot


@sensitive_variables("private_keys", "opener", "pile")
def count(
    consultation: Consultation,
    *,
    by: Any,
    private_keys: Iterable[bytes] = (),
    at: datetime,
    begun: Event | None = None,
) -> Result:
    """Open the box, write the ballots in no order, count them, and destroy what could tell whose they are.

    All in one transaction: interrupted, everything is as before and the scrutineers bring their keys again. `begun` is
    set once the count is this one's to do, and `progress` tells of it. Raises VoteStillOpen, AlreadyCounted,
    CountUnderWay, NothingToCount, WrongKey, SameKeyTwice or TooFewKeys.
    """
    with transaction.atomic():
        locked = _locked(consultation)
        _check_is_due(locked)
        _take_time()
        progress.say(locked, Progress(0, papers_in(locked).count()))
        if begun:
            begun.set()
        paper = paper_of(locked)
        pile = _opened(locked, paper, private_keys) if paper.box else _taken(locked, paper)
        result = _written(locked, paper, pile, at=at)
        _forget(locked)
        tasks.sweep.defer()
        journal.record(
            "consultation.counted", actor=by, target=("consultation", locked.pk), space=locked.space, **result.record
        )
    consultation.refresh_from_db()
    return result


@sensitive_variables("private_keys")
def check(consultation: Consultation, *, private_keys: Iterable[bytes] = ()) -> None:
    """Whether a count could begin now with these keys; opens nothing. Raises what `count` raises."""
    with transaction.atomic():
        locked = _locked(consultation)
        _check_is_due(locked)
        if locked.is_secret:
            box_of(locked).opener(private_keys)


def papers_in(consultation: Consultation) -> QuerySet:
    """What lies in the box: envelopes where the vote is secret, open ballots otherwise."""
    box: Any = Envelope if consultation.is_secret else OpenBallot
    return box.objects.filter(consultation=consultation)


def outcomes_of(questions: Iterable[tally.Question], ballots: list[tally.Ballot]) -> dict[str, Any]:
    """By question's slug, what its own rule finds, as JSON holds it."""
    return {question.slug: tally.as_json(tally.count(question, ballots)) for question in questions}


# --- Before anything is opened ------------------------------------------------------------------


def _locked(consultation: Consultation) -> Consultation:
    """The row, held alone: a second count is told so, and no extension moves the close meanwhile."""
    rows = Consultation.objects.select_related("space", "turnout", "stream")
    try:
        with transaction.atomic():
            return rows.select_for_update(of=("self",), no_key=True, nowait=True).get(pk=consultation.pk)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise CountUnderWay from error
        raise


def _check_is_due(consultation: Consultation) -> None:
    if consultation.counted_at:
        raise AlreadyCounted
    if not consultation.is_published or consultation.withdrawn_at:
        raise NothingToCount
    with connection.cursor() as cursor:
        cursor.execute(IS_OVER, [consultation.pk])
        row = cursor.fetchone()
        if row is None:
            raise NothingToCount
        if not row[0]:
            raise VoteStillOpen
        # Votes that passed the gate before the close are in when we hold it; whoever comes now finds it closed.
        hold_gate(consultation.pk)


def _take_time() -> None:
    # The limit of a page's statements is too short for a hundred thousand rows on a slow machine.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")


# --- Out of the box -----------------------------------------------------------------------------


@sensitive_variables("private_keys", "opener", "pile", "content")
def _opened(consultation: Consultation, paper: Paper, private_keys: Iterable[bytes]) -> Pile:
    opener = box_of(consultation).opener(private_keys)
    pile = Pile()
    for (envelope,) in _one_by_one(consultation, "content"):
        pile.found += 1
        try:
            content = _read(opener.open(bytes(envelope)))
            if content.consultation_id != consultation.pk:
                raise Unopenable
            pile.add(content.code, tally.validate_ballot(paper.questions, content.answers))
        except (Unopenable, tally.InvalidBallot):
            # Whoever writes to the database can put anything here: it is counted apart and stops nothing.
            pile.unreadable += 1
    return pile


def _one_by_one(consultation: Consultation, *fields: str) -> Iterator[tuple[Any, ...]]:
    papers = papers_in(consultation)
    found = papers.count()
    for opened, paper in enumerate(papers.values_list(*fields).iterator(chunk_size=READ_AT_ONCE)):
        if opened % SAID_EVERY == 0:
            progress.say(consultation, Progress(opened, found))
        yield paper
    progress.say(consultation, Progress(found, found))


@sensitive_variables()
def _read(inside: bytes) -> Content:
    try:
        code = inside[NUMBER_BYTES:OVERHEAD].decode("ascii")
        answers = json.loads(inside[OVERHEAD:].decode())
    except (ValueError, RecursionError) as error:
        raise Unopenable from error
    if len(code) != codes.RECEIPT_LENGTH or codes.plain(code) != code:
        raise Unopenable
    return Content(int.from_bytes(inside[:NUMBER_BYTES], "big"), code, answers)


def _taken(consultation: Consultation, paper: Paper) -> Pile:
    pile = Pile()
    for code, answers in _one_by_one(consultation, "code", "answers"):
        pile.found += 1
        try:
            pile.add(code, tally.validate_ballot(paper.questions, answers))
        except tally.InvalidBallot:
            pile.unreadable += 1
    return pile


# --- Written afresh -----------------------------------------------------------------------------


def _written(consultation: Consultation, paper: Paper, pile: Pile, *, at: datetime) -> Result:
    _copy(
        "consultations_ballot (consultation_id, code, answers)",
        ((consultation.pk, code, Jsonb(pile.ballots[code])) for code in _drawn(pile.ballots)),
    )
    channels = _rewrite_roll(consultation)
    ballots = list(pile.ballots.values())
    outcomes = outcomes_of(paper.questions, ballots)
    result = Result.objects.create(
        consultation=consultation,
        outcomes=outcomes,
        ballots=len(ballots),
        blank={slug: outcome["participation"]["blank"] for slug, outcome in outcomes.items()},
        channels=channels,
        digest=digest(write_ballots(paper.questions, pile.ballots.items())),
        record={
            "voters": sum(channels.values()),
            "found": pile.found,
            "unreadable": pile.unreadable,
            "repeated": pile.repeated,
            "ballots": len(ballots),
        },
        counted_at=at,
    )
    Consultation.objects.filter(pk=consultation.pk).update(counted_at=at)
    return result


def _rewrite_roll(consultation: Consultation) -> dict[str, int]:
    """The same entries in new rows, drawn by lot; the published number of voters is now all of them."""
    entries = list(RollEntry.objects.filter(consultation=consultation).values_list("key", "channel"))
    RollEntry.objects.filter(consultation=consultation).delete()
    _copy(
        "consultations_rollentry (consultation_id, key, channel, counted)",
        ((consultation.pk, key, channel, True) for key, channel in _drawn(entries)),
    )
    Turnout.objects.filter(consultation=consultation).update(voters=len(entries))
    consultation.turnout.voters = len(entries)
    turnout.publish(consultation)
    return dict(sorted(Counter(channel for _key, channel in entries).items()))


def _forget(consultation: Consultation) -> None:
    """Destroy envelopes and their identifiers; of a confidential vote, whose ballot was whose."""
    Envelope.objects.filter(consultation=consultation).delete()
    if consultation.secrecy != Secrecy.NAMED:
        OpenBallot.objects.filter(consultation=consultation).delete()


def _drawn(things: Iterable[Any]) -> list[Any]:
    """In an order that the system's randomness draws."""
    drawn = list(things)
    secrets.SystemRandom().shuffle(drawn)
    return drawn


def _copy(table: str, rows: Iterable[tuple]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)

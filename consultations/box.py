"""The ballot box: a vote goes in with its entry in the roll, or neither does.

One statement writes both and nothing else is written: no journal, event, job, notification, session or cache row. A
secret ballot is sealed before it comes near the database; neither choice nor code is stored or logged in the clear.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from psycopg.types.json import Jsonb

from civic.kernel.errors import Unprocessable
from consultations import codes, eligibility, keys, tally
from consultations.eligibility import Voter
from consultations.models import Consultation, Question, RollEntry, Secrecy
from consultations.models.roll import GATE
from consultations.obstacles import AlreadyVoted, NotEligible, NotOpenYet, TextCorrected, VoteClosed
from consultations.sealing import Box

# Asked twice: nobody waits at the gate of a vote that is over, and nobody enters behind a count or a correction that
# held it meanwhile. The function sees what is committed when it is called; the closing second is the database's.
IS_OPEN = """
CASE
    WHEN NOT consultations_takes_votes(%(consultation)s, %(revision)s) THEN FALSE
    WHEN pg_advisory_xact_lock_shared(%(gate)s, %(consultation)s::integer) IS NOT NULL
    THEN consultations_takes_votes(%(consultation)s, %(revision)s)
END
"""
# The unique key of the roll decides every race: who finds the row there writes nothing at all.
ENTRY = f"""
INSERT INTO consultations_rollentry (consultation_id, key, channel, counted)
SELECT %(consultation)s, %(key)s, %(channel)s, FALSE WHERE {IS_OPEN}
ON CONFLICT DO NOTHING RETURNING consultation_id
"""  # nosec B608
SEALED = f"""
WITH entry AS ({ENTRY})
INSERT INTO consultations_envelope (id, consultation_id, content)
SELECT gen_random_uuid(), consultation_id, %(content)s FROM entry RETURNING TRUE
"""  # noqa: S608 # nosec B608
OPEN = f"""
WITH entry AS ({ENTRY})
INSERT INTO consultations_openballot (consultation_id, key, user_id, code, answers)
SELECT consultation_id, %(key)s, %(user)s, %(code)s, %(answers)s FROM entry RETURNING TRUE
"""  # noqa: S608 # nosec B608
CHANGED = f"""
UPDATE consultations_openballot SET answers = %(answers)s, user_id = %(user)s
WHERE consultation_id = %(consultation)s AND key = %(key)s AND {IS_OPEN}
RETURNING TRUE
"""  # noqa: S608 # nosec B608

NUMBER_BYTES = 8
# What an envelope holds beside the answers: the consultation's number and the code of the receipt.
OVERHEAD = NUMBER_BYTES + codes.RECEIPT_LENGTH


class BallotRefused(Unprocessable):
    title = _("This ballot is not valid")
    sentence = _("An answer is not one that this ballot allows. Nothing was recorded; please go through it again.")


@dataclass(frozen=True)
class Receipt:
    """What a voter is shown, once. `code` is None where an earlier vote was changed: its code stays."""

    code: str | None

    def __str__(self):
        return codes.grouped(self.code) if self.code else ""


class Paper(NamedTuple):
    """What was frozen at the publication and every vote needs: the questions, and who can open a secret vote."""

    questions: tuple[tally.Question, ...]
    box: Box | None


class Content(NamedTuple):
    """What one envelope holds."""

    consultation_id: int
    code: str
    answers: tally.Ballot


@sensitive_variables("answers", "ballot", "code", "written", "content", "values", "receipt")
def cast(
    consultation: Consultation,
    voter: Voter,
    answers: Mapping[str, Any],
    *,
    browser_randomness: bytes = b"",
    at: datetime,
) -> Receipt:
    """Put a vote into the box and the voter on the roll, once for each person.

    A named or confidential vote may be cast again until the close; it then replaces the first. Raises BallotRefused,
    NotOpenYet, VoteClosed, TextCorrected or AlreadyVoted; `at` only tells which, the database's clock decides.
    """
    if not consultation.is_published:
        raise NotOpenYet
    paper = paper_of(consultation)
    try:
        ballot = tally.validate_ballot(paper.questions, dict(answers))
    except tally.InvalidBallot as error:
        # Without the cause: it names the choice, and a trace of it could be logged.
        raise BallotRefused from (None if paper.box else error)
    code = codes.receipt_code(browser_randomness)
    values = _values(consultation, voter.key, voter.channel)
    if paper.box:
        content = paper.box.seal(written(Content(consultation.pk, code, ballot)))
        if _wrote(SEALED, values | {"content": content}):
            return Receipt(code)
    else:
        is_named = consultation.secrecy == Secrecy.NAMED
        values |= {"user": voter.user_id if is_named else None, "code": code, "answers": Jsonb(ballot)}
        if _wrote(OPEN, values):
            return Receipt(code)
        if _wrote(CHANGED, values):
            return Receipt(None)
    eligibility.check_not_voted(consultation, voter.key)
    raise _refusal(consultation, at=at)


def enter(consultation: Consultation, key: str, channel: str, *, at: datetime) -> None:
    """Put somebody on the roll whose ballot is in an envelope of paper. Raises as `cast` does."""
    if _wrote(ENTRY, _values(consultation, key, channel)):
        return
    if entry := RollEntry.objects.filter(consultation=consultation, key=key).first():
        raise AlreadyVoted(entry.channel)
    raise _refusal(consultation, at=at)


def _values(consultation: Consultation, key: str, channel: str) -> dict[str, Any]:
    # The revision is that of the text which was read: nobody votes on a corrected one unawares.
    return {
        "consultation": consultation.pk,
        "revision": consultation.revision,
        "gate": GATE,
        "key": key,
        "channel": channel,
    }


def written(content: Content) -> bytes:
    """The inside of an envelope: the number, the code, and the answers in their one form."""
    head = content.consultation_id.to_bytes(NUMBER_BYTES, "big") + content.code.encode("ascii")
    return head + tally.canonical_json(content.answers).encode()


def paper_of(consultation: Consultation) -> Paper:
    """The ballot paper as it was frozen; kept in this process, since a busy vote asks for nothing else as often."""
    return _paper(consultation.pk, consultation.published_at, consultation.revision)


def questions_of(consultation: Consultation) -> tuple[Question, ...]:
    """The questions as they are shown, with their options; kept like the paper, and changed by nobody."""
    return _questions(consultation.pk, consultation.published_at, consultation.revision)


@lru_cache(maxsize=32)
def _paper(pk: int, published_at: datetime | None, revision: int) -> Paper:
    consultation = Consultation.objects.prefetch_related("scrutineers").get(pk=pk)
    questions = tuple(question.as_rule() for question in _questions(pk, published_at, revision))
    return Paper(questions, box_of(consultation) if consultation.is_secret else None)


@lru_cache(maxsize=32)
def _questions(pk: int, _published_at: datetime | None, _revision: int) -> tuple[Question, ...]:
    return tuple(Question.objects.filter(consultation=pk).prefetch_related("options"))


def box_of(consultation: Consultation) -> Box:
    """For whom its envelopes are sealed."""
    public_keys = tuple(keys.public_key(scrutineer.public_key) for scrutineer in consultation.scrutineers.all())
    return Box(public_keys, consultation.scrutineers_needed, (consultation.envelope_size or 0) + OVERHEAD)


def _wrote(statement: str, values: Mapping[str, Any]) -> bool:
    # One statement is a transaction: killed within it, PostgreSQL keeps all of it or nothing.
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() is not None


def _refusal(consultation: Consultation, *, at: datetime) -> NotEligible:
    """What keeps out somebody who may vote and has not: nothing was written."""
    current = Consultation.objects.get(pk=consultation.pk)
    if current.revision != consultation.revision:
        return TextCorrected()
    try:
        eligibility.check_open(current, at=at)
    except NotEligible as fact:
        return fact
    return VoteClosed()

"""A petition's signatures, months of them in one go: rows, thresholds reached, and the count that they give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from civic.demo.days import draw
from civic.demo.residents import Resident, choose
from petitions.models import Counter, Petition, Signature, Threshold
from petitions.models.signature import CONSENT_VERSION

SHOWS_NAME, WANTS_NEWS, TAKES_BACK = 0.35, 0.3, 0.02
# "Signers' identities are destroyed six months after the closing" (petitions.md).
KEPT_AFTER_CLOSING = timedelta(days=183)


@dataclass(frozen=True)
class Collection:
    """The time in which a petition could be signed so far, and how people came."""

    petition: Petition
    opened_at: datetime
    ended_at: datetime
    curve: str
    rng: Random

    @classmethod
    def of(cls, petition: Petition, curve: str, *, now: datetime, rng: Random) -> "Collection":
        """It ended with the closing, or with what came before it, and goes on until now otherwise."""
        ends = (petition.closes_at, petition.withdrawn_at, petition.hidden_at, now)
        return cls(petition, petition.opens_at or now, min(end for end in ends if end), curve, rng)

    def gather(self, residents: Sequence[Resident], target: int, *, known: Sequence[Resident] = ()) -> list[Signature]:
        """Unsaved signatures, oldest first: `target` that count, those `known` among them, and a few taken back."""
        taken_back = min(round(target * TAKES_BACK), self._room(target))
        others = target + taken_back - len(known)
        chosen = choose(residents, others, near=self.petition.quarter_id, rng=self.rng)
        signatures = [self._sign(resident) for resident in (*known, *chosen)]
        for signature in self.rng.sample(signatures[len(known) :], taken_back):
            signature.withdrawn_at = signature.signed_at + (self.ended_at - signature.signed_at) * self.rng.random()
            signature.shows_name = signature.counted = False
        return sorted(signatures, key=lambda signature: signature.signed_at)

    def _room(self, target: int) -> int:
        """How many more may have signed for a time without reaching a threshold that `target` misses."""
        missed = [threshold.count for threshold in self.petition.all_thresholds if threshold.count > target]
        return min(missed) - target - 1 if missed else target

    def _sign(self, resident: Resident) -> Signature:
        rng = self.rng
        return Signature(
            petition=self.petition,
            mailbox_key=resident.mailbox_key,
            user_id=resident.user_id,
            nonce=None if resident.user_id else UUID(int=rng.getrandbits(128), version=4),
            email=resident.email,
            name=resident.name,
            folded_name=resident.folded_name,
            postal_code=resident.postal_code,
            quarter_id=resident.quarter_id,
            shows_name=rng.random() < SHOWS_NAME,
            wants_news=rng.random() < WANTS_NEWS,
            consent_version=CONSENT_VERSION,
            signed_at=draw(self.curve, self.opened_at, self.ended_at, rng),
            # Counted already: the worker's loop has nothing to do after the demo is filled.
            counted=True,
        )


def settle_count(petition: Petition, signatures: Sequence[Signature]) -> list[Threshold]:
    """Save what the counting loop would have written meanwhile: counter and thresholds; returns those reached."""
    count, moved_at, waiting, reached = 0, petition.opens_at, list(petition.all_thresholds), []
    for moved_at, step in _steps(signatures):
        count += step
        while waiting and count >= waiting[0].count:
            threshold = waiting.pop(0)
            threshold.reached_at = moved_at + timedelta(seconds=1)
            reached.append(threshold)
    Threshold.objects.bulk_update(reached, ["reached_at"])
    Counter.objects.filter(petition=petition).update(confirmed=count, updated_at=moved_at)
    return reached


def _steps(signatures: Sequence[Signature]) -> Iterator[tuple[datetime, int]]:
    steps = [(signature.signed_at, 1) for signature in signatures]
    steps += [(signature.withdrawn_at, -1) for signature in signatures if signature.withdrawn_at]
    yield from sorted(steps)


def forget_signers(signatures: Sequence[Signature], *, closed_at: datetime, now: datetime) -> None:
    """Leave of unsaved signatures what `Signature.anonymise` leaves, where their time is over."""
    due = closed_at + KEPT_AFTER_CLOSING
    if due > now:
        return
    for signature in signatures:
        signature.mailbox_key = signature.nonce = signature.user_id = None
        signature.email = signature.name = signature.folded_name = signature.postal_code = ""
        signature.shows_name = signature.wants_news = False
        signature.signed_at = _hour(signature.signed_at)
        signature.withdrawn_at = signature.withdrawn_at and _hour(signature.withdrawn_at)
        signature.anonymised_at = _hour(due)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)

"""Now and then somebody signs or speaks, so that numbers and debates are seen to move on an open page."""

import time
from collections.abc import Callable
from random import Random
from uuid import UUID

from django.utils import timezone

from civic.accounts.models import User
from civic.demo.cast import CAST
from civic.demo.chance import series
from civic.demo.residents import invent
from civic.demo.texts import load
from civic.kernel.errors import DomainError
from petitions.models import Petition, Signer

SHORTEST, LONGEST = 20.0, 40.0
# For each start of the worker: a demo left running over a weekend stays believable.
MOST = 400
SPEAKS = 0.2


class Movement:
    """A loop of the worker: every 20 to 40 seconds an invented signature or, less often, comment."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic):
        self.left, self.clock = most, clock
        self.due_at = clock() + SHORTEST

    def step(self) -> bool:
        """Speak or sign if it is time; whether it did."""
        if not self.left or self.clock() < self.due_at:
            return False
        # Seeded by the moment: after another start, other people come.
        rng = series(f"movement:{time.time_ns()}")
        self.due_at = self.clock() + rng.uniform(SHORTEST, LONGEST)
        self.left -= 1
        return (rng.random() < SPEAKS and speak_somewhere(rng)) or sign_somewhere(rng)


def speak_somewhere(rng: Random) -> bool:
    """One of the speakers adds a few words to a debate, by the thread's own method; False where it can't be."""
    now = timezone.now()
    petition = Petition.objects.open(at=now).select_related("thread").order_by("?").first()
    spoken = User.objects.filter(comments__isnull=False, comments__office="").distinct()
    author = spoken.exclude(email__in=[member.email for member in CAST]).order_by("?").first()
    if petition is None or author is None:
        return False
    position, text = rng.choice(load("comments")["passing"])
    try:
        petition.thread.post(author, text, key=UUID(int=rng.getrandbits(128), version=4), at=now, position=position)
    except DomainError:  # silenced meanwhile, or the debate has closed: a visitor of the demo moderates too
        return False
    return True


def sign_somewhere(rng: Random) -> bool:
    """One more signature under an open petition, by the petition's own method; False where none is open.

    Only in the city that `fill` invented: tests and measurements count signatures of their own.
    """
    now = timezone.now()
    petition = Petition.objects.open(at=now).order_by("?").first()
    is_invented = User.objects.filter(email__in=[member.email for member in CAST]).count() == len(CAST)
    if petition is None or not is_invented:
        return False
    [resident] = invent(rng, 1)
    name, domain = resident.email.split("@")
    signer = Signer(
        # A mailbox that has not signed yet, though the name may have.
        email=f"{name}.{rng.getrandbits(40):x}@{domain}",
        name=resident.name,
        postal_code=resident.postal_code,
        quarter_id=resident.quarter_id,
        shows_name=rng.random() < 0.5,
    )
    petition.sign(signer, at=now)
    return True

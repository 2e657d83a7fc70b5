"""Acts of a vote in processes of their own, to be killed: `python -m tests.faults.voting_scene ACT …`."""

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from civic.accounts.models import User  # noqa: E402
from consultations import box, counting, keys  # noqa: E402
from consultations.eligibility import Voter, roll_key  # noqa: E402
from consultations.models import Consultation  # noqa: E402
from tests.consultations.ballot_box import Vote, open_vote  # noqa: E402


def begin() -> None:
    """Open a secret vote; print its number and the scrutineers' keys."""
    author, _is_new = User.objects.get_or_create(email="colette@example.org", defaults={"name": "Colette Jourdan"})
    vote = open_vote(author)
    sys.stdout.write(json.dumps({"pk": vote.consultation.pk, "private": vote.private}))


def cast(pk: str, first: str, last: str, journal: str) -> None:
    """Vote for so many people, one after the other; write down, on disk, each vote that was acknowledged."""
    consultation = Consultation.objects.get(pk=pk)
    with Path(journal).open("a") as notes:
        for number in range(int(first), int(last)):
            key = roll_key(consultation, f"person-{number}")
            box.cast(consultation, Voter(key=key), {"nom": "o1"}, at=timezone.now())
            print(key, file=notes, flush=True)
            os.fsync(notes.fileno())


def close(pk: str) -> None:
    Vote(Consultation.objects.get(pk=pk)).close()


def count(pk: str, *private: str) -> None:
    private_keys = [keys.private_key(key) for key in private]
    counting.count(Consultation.objects.get(pk=pk), by=None, private_keys=private_keys, at=timezone.now())


if __name__ == "__main__":
    {"begin": begin, "cast": cast, "close": close, "count": count}[sys.argv[1]](*sys.argv[2:])

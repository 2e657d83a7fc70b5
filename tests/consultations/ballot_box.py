"""An open vote with its scrutineers and their keys, and people who cast."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from civic.territory.models import Theme
from consultations import box, counting, keys, tally
from consultations.eligibility import Voter, roll_key
from consultations.models import (
    Consultation,
    Counting,
    Option,
    Phase,
    PhaseKind,
    Question,
    QuestionKind,
    Scrutineer,
)

DAY = timedelta(days=1)
NAMES = ("Sylvie Martin", "Simon Haddad", "Salomé Ndiaye")


@contextmanager
def unfrozen():
    """What is published is frozen by triggers; a test needs it otherwise for once."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


@dataclass
class Vote:
    """A consultation whose vote is open, and the scrutineers' private keys as they keep them."""

    consultation: Consultation
    private: list[str] = field(default_factory=list)
    scrutineers: list = field(default_factory=list)

    def voter(self, number: int, **fields) -> Voter:
        return Voter(key=roll_key(self.consultation, f"person-{number}"), **{"channel": "online", **fields})

    def cast(self, number: int, **answers) -> str | None:
        return box.cast(self.consultation, self.voter(number), answers or {"nom": "o1"}, at=timezone.now()).code

    def close(self) -> None:
        """Have the closing hour pass: the database's clock is what counts."""
        self.move(closes_at=timezone.now() - timedelta(seconds=1))

    def move(self, **dates: datetime) -> None:
        with unfrozen():
            Phase.objects.filter(consultation=self.consultation, kind=PhaseKind.VOTE).update(**dates)

    def count(self, *places: int, by=None):
        private = [keys.private_key(self.private[place]) for place in places]
        return counting.count(self.consultation, by=by, private_keys=private, at=timezone.now())


def open_vote(author, *, secrecy: str = "secret", needed: int = 2, **fields) -> Vote:
    """A vote on one name of three and, where `secrecy` is secret, three scrutineers with tested keys."""
    now = timezone.now()
    theme = Theme.objects.get_or_create(slug="velo", defaults={"name": "Se déplacer"})[0]
    given = {"summary": "Quel nom ?", "residence": "anyone", "theme": theme, "scrutineers_needed": needed}
    consultation = Consultation.draft(author, title="Le nom du parc", secrecy=secrecy, **given | fields)
    Phase.objects.create(consultation=consultation, kind=PhaseKind.VOTE, opens_at=now - DAY, closes_at=now + 7 * DAY)
    question = Question.objects.create(
        consultation=consultation, rank=1, slug="nom", text="Quel nom ?", kind=QuestionKind.SINGLE,
        counting=Counting.PLURALITY, maximum=1, tie_order=["o3", "o1", "o2"],
    )  # fmt: skip
    Option.objects.bulk_create(
        Option(question=question, rank=rank, slug=f"o{rank}", label=f"Parc numéro {rank}") for rank in (1, 2, 3)
    )
    vote = Vote(consultation)
    if secrecy == "secret":
        give_keys(vote, now)
    rules = [question.as_rule() for question in consultation.questions.all()]
    consultation.published_at, consultation.envelope_size = now - 2 * DAY, tally.longest_ballot(rules)
    consultation.save()
    return vote


def give_keys(vote: Vote, at: datetime) -> None:
    for rank, name in enumerate(NAMES, start=1):
        pair = keys.make_pair()
        email = f"scrutateur{rank}.{vote.consultation.pk}@example.org"
        user = get_user_model().objects.create_user(email, name=name)
        vote.scrutineers.append(user)
        vote.private.append(pair.private)
        Scrutineer.objects.create(
            consultation=vote.consultation, user=user, rank=rank, public_key=pair.public, key_given_at=at, tested_at=at
        )

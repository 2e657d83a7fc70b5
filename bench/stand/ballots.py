"""Fills the database of DATABASE_URL with two open secret votes and people who may vote; prints what a bench needs.

`python -m bench.stand.ballots vote PEOPLE` prints the consultation of pgbench, ours, and the first account less 1.
`… count NUMBER` puts so many envelopes into a box, counts it, and prints how long that took.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.stand import content  # noqa: E402
from civic.accounts.models import User  # noqa: E402
from consultations import box, codes, counting, keys  # noqa: E402
from consultations.eligibility import roll_key  # noqa: E402
from consultations.models import (  # noqa: E402
    Consultation,
    Counting,
    Envelope,
    Option,
    Phase,
    PhaseKind,
    Question,
    QuestionKind,
    RollEntry,
    Scrutineer,
)
from consultations.models.publishing import prepare  # noqa: E402

OPTIONS = 10
BATCH = 5_000


def open_vote(title: str) -> tuple[Consultation, list[str]]:
    """A secret vote on ten options, with three scrutineers; their private keys."""
    author, _created = User.objects.get_or_create(email="author@bench.example", defaults={"name": "Amina"})
    now = timezone.now()
    draft = Consultation.draft(
        author, title=title, summary="Un vote.", description="Un texte. " * 60, residence="anyone", secrecy="secret"
    )
    Phase.objects.create(consultation=draft, kind=PhaseKind.VOTE, opens_at=now, closes_at=now + timedelta(days=9))
    question = Question.objects.create(
        consultation=draft, rank=1, slug="q1", text="Quel projet ?", kind=QuestionKind.SINGLE,
        counting=Counting.PLURALITY, maximum=1,
    )  # fmt: skip
    Option.objects.bulk_create(
        Option(question=question, rank=n, slug=f"o{n}", label=f"Projet {n}") for n in range(1, OPTIONS + 1)
    )
    private = []
    for rank in (1, 2, 3):
        pair = keys.make_pair()
        private.append(pair.private)
        Scrutineer.objects.create(
            consultation=draft, rank=rank, public_key=pair.public, key_given_at=now, tested_at=now
        )
    prepare(draft)
    draft.published_at = now
    draft.save()
    return draft, private


def people(number: int) -> int:
    """Accounts with a session and a confirmed address; the number before the first."""
    content.signers(number)
    accounts = list(User.objects.filter(email__startswith="p", email__endswith="@bench.example").order_by("pk"))
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in accounts), batch_size=BATCH
    )
    return accounts[0].pk - 1


def filled_box(number: int) -> tuple[Consultation, list[str]]:
    """A closed vote with so many envelopes, sealed as votes are."""
    consultation, private = open_vote("Une urne pleine")
    paper = box.paper_of(consultation)
    assert paper.box
    for start in range(0, number, BATCH):
        numbers = range(start, min(number, start + BATCH))
        Envelope.objects.bulk_create(
            Envelope(consultation=consultation, content=paper.box.seal(sealed(consultation, n))) for n in numbers
        )
        RollEntry.objects.bulk_create(
            RollEntry(consultation=consultation, key=roll_key(consultation, f"p{n}")) for n in numbers
        )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Phase.objects.filter(consultation=consultation).update(closes_at=timezone.now())
        cursor.execute("SET session_replication_role = origin")
    content.settle()
    return consultation, private


def sealed(consultation: Consultation, number: int) -> bytes:
    return box.written(box.Content(consultation.pk, codes.receipt_code(), {"q1": f"o{number * number % OPTIONS + 1}"}))


def counted(number: int) -> dict:
    """How long the whole count takes, and where the CPU goes, in seconds."""
    consultation, private = filled_box(number)
    began, cpu = time.perf_counter(), time.process_time()
    result = counting.count(consultation, by=None, private_keys=map(keys.private_key, private[:2]), at=timezone.now())
    taken = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    Consultation.objects.filter(pk=consultation.pk).update(proclaimed_at=timezone.now())
    return {"pk": consultation.pk, "slug": consultation.slug, "lost": number - result.ballots, **taken}


if __name__ == "__main__":
    act, amount = sys.argv[1], int(sys.argv[2])
    if act == "vote":
        rival, ours = (open_vote(title)[0].pk for title in ("La meme pour pgbench", "Un vote tres suivi"))
        first = people(amount)
        content.settle()
        size = box.paper_of(Consultation.objects.get(pk=ours)).box.size
        print(json.dumps({"rival": rival, "ours": ours, "first": first, "size": size}))
    else:
        print(json.dumps(counted(amount)))

"""What `bench.moderation` asks of a database, each in a process of its own (settings are read once a process).

`fill SMALL LARGE CASES` makes two debates and as many reported comments, and prints the debates' numbers;
`decide WORKERS` has so many moderators press *next* and decide until nothing waits, and prints what it saw.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

from bench.stand import content  # sets Django up

from django.db import connection, transaction  # isort: skip
from django.utils import timezone  # isort: skip

from civic.accounts.models import Right, Role, User  # isort: skip
from civic.comments.models import Comment  # isort: skip
from civic.comments.models import Thread as Debate  # isort: skip
from civic.moderation.models import Case, Decision, Subject, Trigger  # isort: skip

HOUR = timedelta(hours=1)


@transaction.atomic
def fill(sizes: Sequence[int], cases: int) -> list[int]:
    threads = [content.open_petition(f"Une petition tres debattue {size}").thread for size in sizes]
    comments: list[Comment] = []
    for thread, size in zip(threads, sizes, strict=True):
        comments = debate(thread, size)
    now = timezone.now()
    # A kind's delay is the same for all: a minute apart, the first reported is the first due.
    Case.objects.bulk_create(
        Case(subject_id=comment.subject_id, trigger=Trigger.REPORT, opened_at=at, due_at=at + HOUR)
        for number, comment in enumerate(comments[:cases])
        if (at := now - HOUR * 24 + timedelta(minutes=number))
    )
    return [thread.pk for thread in threads]


def debate(thread: Debate, size: int) -> list[Comment]:
    """So many comments, each a minute after the one before."""
    author, now = User.objects.get(email="author@bench.example"), timezone.now()
    subjects = Subject.objects.bulk_create(Subject(kind="comment") for _number in range(size))
    comments = Comment.objects.bulk_create(
        Comment(
            thread=thread, author=author, subject=subject, key=uuid4(), text="Un avis. " * 20,
            html=f"<p>{'Un avis. ' * 20}</p>", position="for", posted_at=at, published_at=at,
        )
        for number, subject in enumerate(subjects) if (at := now - timedelta(minutes=size - number))
    )  # fmt: skip
    Debate.objects.filter(pk=thread.pk).update(count=size)
    return comments


def decide(workers: int) -> dict[str, float]:
    """Each moderator on a connection of their own, all let go together."""
    now = timezone.now()
    people = [User.objects.create_user(f"m{turn}@bench.example", name=f"M{turn}") for turn in range(workers)]
    Right.objects.bulk_create(Right(user=user, role=Role.MODERATOR, starts_at=now - HOUR) for user in people)
    taken: list[int] = []
    faults: list[Exception] = []
    start = Barrier(workers + 1)
    threads = [Thread(target=work, args=(user, start, taken, faults)) for user in people]
    for thread in threads:
        thread.start()
    start.wait()
    began, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    twice = sum(number > 1 for number in Counter(taken).values())
    decided = Counter(Decision.objects.values_list("case", flat=True))
    return {
        "taken": len(taken), "doubled": twice + sum(number > 1 for number in decided.values()),
        "left": Case.objects.open().count(), "faults": len(faults), "seconds": seconds, "cpu": cpu,
    }  # fmt: skip


def work(user: User, start: Barrier, taken: list[int], faults: list[Exception]) -> None:
    connection.ensure_connection()
    start.wait()
    try:
        while case := Case.objects.next_for(user):
            taken.append(case.pk)
            revision, now = case.card().revision, timezone.now()
            case.decide(user, "keep", version=case.version, revision=revision, key=uuid4(), at=now)
    except Exception as error:
        faults.append(error)
        raise
    finally:
        connection.close()


if __name__ == "__main__":
    act, *numbers = sys.argv[1:]
    if act == "fill":
        small, large, cases = map(int, numbers)
        found: object = fill((small, large), cases)
        content.settle()
    else:
        found = decide(int(numbers[0]))
    print(json.dumps(found))

"""Where people meet: real threads on real transactions."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from civic.comments import counting, errors, review
from civic.comments.models import Comment, Support, Thread
from civic.moderation.models import Decision
from tests.concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_retries_of_one_form_make_one_comment(say, thread):
    key = uuid4()
    results = together(*[lambda: say("Une fois.", key=key)] * 10)
    assert len({comment.pk for comment in results}) == 1
    assert Comment.objects.count() == Thread.objects.get(pk=thread.pk).count == 1
    assert thread.stream.events.count() == 1


def test_in_slow_mode_one_of_ten_texts_sent_at_once_is_taken(say, thread):
    Thread.objects.filter(pk=thread.pk).update(slow_seconds=60)
    results = together(*[lambda n=n: say(f"Numéro {n}.") for n in range(10)])
    assert sum(isinstance(result, errors.TooSoon) for result in results) == 9, results
    assert Comment.objects.count() == 1


def test_twenty_supports_of_one_person_make_one(say, amina, fresh):
    comment = say()
    results = together(*[lambda: comment.support(amina, at=timezone.now())] * 20)
    assert results == [None] * 20
    counting.count_moved()
    assert Support.objects.count() == fresh(comment).supports == 1


def test_replying_to_what_is_being_deleted_counts_what_is_there(say, bruno, camille, fresh):
    for _ in range(6):
        comment = say()
        answered, _deleted = together(
            lambda comment=comment: say("Une réponse.", by=camille, parent=comment),
            lambda comment=comment: comment.withdraw(bruno, at=timezone.now()),
        )
        assert isinstance(answered, Comment | errors.NotAnswerable), answered
        assert fresh(comment).replies == isinstance(answered, Comment)
    assert fresh(comment).thread.count == Comment.objects.shown().count()


def test_many_writing_at_once_are_counted_numbered_and_told(say, thread, make_person):
    people = [make_person(f"Personne{n} Test") for n in range(8)]
    first = say()

    def speak(person):
        return lambda: [say(f"Avis {n}.", by=person, parent=first if n % 2 else None) for n in range(4)]

    results = together(*map(speak, people))
    assert all(isinstance(result, list) for result in results), results
    thread = Thread.objects.select_related("stream").get(pk=thread.pk)
    assert thread.count == Comment.objects.shown().count() == 33
    assert Comment.objects.get(pk=first.pk).replies == 16
    assert thread.stream.events.count() == thread.stream.seq == 33


def test_writing_deciding_supporting_and_counting_wait_for_nobody_in_a_circle(say, bruno, camille, reason, thread):
    comments = [say(f"Numéro {n}.") for n in range(6)]

    def moderate():
        for comment in comments:
            with transaction.atomic():
                comment.locked().hide(reason, at=timezone.now())
            with transaction.atomic():
                comment.locked().restore()

    def support():
        for comment in comments:
            comment.support(camille, at=timezone.now())

    def reply():
        for n in range(6):
            try:
                say("Une réponse.", by=camille, parent=comments[n])
            except errors.NotAnswerable:
                continue

    def count():
        for _ in range(6):
            counting.count_moved()

    assert together(moderate, support, reply, count, count) == [None] * 5
    counting.count_moved()
    assert set(Comment.objects.filter(parent=None).values_list("supports", flat=True)) <= {0, 1}
    assert counting.recount() == 0
    assert Thread.objects.get(pk=thread.pk).count == Comment.objects.shown().count()


def test_moving_both_ways_at_once_waits_for_nobody_in_a_circle(
    say, thread, elsewhere, mireille, malik, camille, monkeypatch
):
    here, there = say(), say(in_thread=elsewhere)
    say("Une réponse.", by=camille, parent=here)
    cases = [comment.subject.open_case("report", at=timezone.now()) for comment in (here, there)]
    # Whoever locked no more than its own place waits here for the other: the circle is then sure.
    both, move = Barrier(2), Comment.move

    def slowly(comment, *args, **fields):
        with suppress(BrokenBarrierError):
            both.wait(timeout=2)
        move(comment, *args, **fields)

    monkeypatch.setattr(Comment, "move", slowly)

    def moved(case, by, to):
        fields = {"version": 0, "revision": 1, "key": uuid4(), "at": timezone.now()}
        return lambda: case.decide(by, "move", destination=str(to.pk), **fields)

    results = together(moved(cases[0], mireille, elsewhere), moved(cases[1], malik, thread))
    assert all(isinstance(result, Decision) for result in results), results
    counts = dict(Thread.objects.values_list("pk", "count"))
    assert (counts[thread.pk], counts[elsewhere.pk]) == (1, 2)


def test_a_comment_that_moves_while_somebody_corrects_it_is_in_one_place(say, bruno, elsewhere, thread, fresh):
    for _turn in range(5):
        comment = say()
        results = together(
            lambda comment=comment: comment.edit(bruno, "Un autre mot.", at=timezone.now()),
            lambda comment=comment: move(comment, elsewhere),
        )
        assert results == [None, None]
        assert fresh(comment).thread == elsewhere
        # What open pages of the old place were told is that it went.
        assert not [event for event in thread.stream.events.all() if "Un autre mot" in event.html["fr"]]


def move(comment, to):
    with transaction.atomic():
        review.lock_places(comment.subject, [str(to.pk)])
        comment.locked().move(to, at=timezone.now())

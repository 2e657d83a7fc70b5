"""The published count equals the rows, whoever counts and whenever a transaction commits."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from civic.audit.models import Entry
from petitions import counting
from petitions.models import Counter, Signature
from tests.concurrency import together
from tests.petitions.conftest import signer


def shown(petition) -> int:
    return Counter.objects.get(petition=petition).confirmed


def sign_many(petition, number):
    return [petition.sign(signer(f"Personne {n}", f"p{n}@example.org"), at=timezone.now()) for n in range(number)]


def test_the_count_follows_signatures_and_withdrawals(opened):
    pks = sign_many(opened, 5)
    assert counting.count_moved() == 1
    assert shown(opened) == 5
    Signature.objects.get(pk=pks[0]).withdraw(at=timezone.now())
    counting.count_moved()
    assert shown(opened) == 4
    assert counting.count_moved() == 0


def test_signing_and_withdrawing_between_two_looks_moves_nothing(opened):
    (pk,) = sign_many(opened, 1)
    Signature.objects.get(pk=pk).withdraw(at=timezone.now())
    counting.count_moved()
    assert shown(opened) == 0


def test_the_new_count_goes_to_the_stream_once(opened):
    sign_many(opened, 3)
    counting.count_moved()
    events = opened.stream.events.filter(kind="count")
    assert events.count() == 1
    assert "3" in events.get().html["fr"]


def test_a_reached_threshold_is_recorded_once_and_its_author_told(opened, mailoutbox):
    opened.thresholds.filter(kind="meeting").update(count=3)
    sign_many(opened, 3)
    counting.count_moved()
    reached = opened.thresholds.get(kind="meeting").reached_at
    assert reached
    counting.count_moved()
    assert opened.thresholds.get(kind="meeting").reached_at == reached
    assert Entry.objects.filter(action="petition.threshold_reached", target_id=opened.pk).count() == 1


def test_the_nightly_recount_repairs_and_journals(opened):
    sign_many(opened, 4)
    counting.count_moved()
    Counter.objects.filter(petition=opened).update(confirmed=99)
    assert counting.recount() == 1
    assert shown(opened) == 4
    assert Entry.objects.get(action="petition.count_repaired").details == {"shown": 99, "true": 4}
    assert counting.recount() == 0


def test_the_recount_is_not_fooled_by_what_is_not_counted_yet(opened):
    sign_many(opened, 4)
    assert counting.recount() == 0
    counting.count_moved()
    assert shown(opened) == 4


@pytest.mark.django_db(transaction=True)
def test_two_loops_at_once_count_once(opened):
    sign_many(opened, 40)
    together(*[counting.count_moved] * 6)
    counting.count_moved()
    assert shown(opened) == 40


@pytest.mark.django_db(transaction=True)
def test_a_slow_commit_is_counted_when_it_commits(opened):
    signed, go_on = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            opened.sign(signer("Lente Personne", "lente@example.org"), at=timezone.now())
            signed.set()
            assert go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert signed.wait(30)
    sign_many(opened, 3)
    counting.count_moved()
    assert shown(opened) == 3
    go_on.set()
    thread.join()
    counting.count_moved()
    assert shown(opened) == 4


@pytest.mark.django_db(transaction=True)
def test_counting_while_people_sign_and_withdraw_ends_at_the_rows(opened):
    def one(number):
        pk = opened.sign(signer(f"Personne {number}", f"p{number}@example.org"), at=timezone.now())
        if number % 3 == 0:
            Signature.objects.get(pk=pk).withdraw(at=timezone.now())

    together(*[lambda n=n: [one(n * 10 + i) for i in range(10)] for n in range(4)], *[counting.count_moved] * 3)
    counting.count_moved()
    assert shown(opened) == Signature.objects.counting().count()

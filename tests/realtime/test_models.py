import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from civic.realtime import registry
from civic.realtime.models import PAGE, Stream, StreamEvent


def numbers(page):
    return [event.seq for event in page.events]


def test_an_event_is_rendered_once_in_each_language(stream, say):
    say(stream, "Bonjour & merci")
    event = stream.events.get()
    assert event.frame("fr") == {
        "stream": stream.pk,
        "seq": 1,
        "kind": "line",
        "html": '<p lang="fr">Bonjour &amp; merci</p>\n',
    }
    assert 'lang="en"' in event.frame("en")["html"]


def test_a_reader_away_from_10_to_30_gets_exactly_11_to_30_once_in_order(stream, say):
    for number in range(1, 31):
        say(stream, number)
    page = stream.since(10)
    assert (numbers(page), page.head, page.is_reset) == (list(range(11, 31)), 30, False)


def test_a_reader_who_is_up_to_date_gets_nothing(stream, say):
    say(stream, "one")
    assert stream.since(1).events == []
    assert stream.since(1).head == 1


def test_a_reader_far_behind_gets_pages_that_join(stream, say):
    StreamEvent.objects.bulk_create(
        StreamEvent(stream=stream, seq=seq, kind="line", html={"fr": "", "en": ""}) for seq in range(1, PAGE + 6)
    )
    Stream.objects.update(seq=PAGE + 5)
    first = stream.since(0)
    second = stream.since(numbers(first)[-1])
    assert numbers(first) + numbers(second) == list(range(1, PAGE + 6))
    assert first.head == second.head == PAGE + 5


def test_only_the_newest_event_of_a_slot_stays(stream, say):
    say(stream, "12 signatures", slot="count")
    say(stream, "Threshold reached")
    say(stream, "13 signatures", slot="count")
    assert numbers(stream.since(0)) == [2, 3]


def test_the_database_refuses_two_events_in_one_slot_or_with_one_number(stream, say):
    say(stream, "one", slot="count")
    for fields in ({"seq": 1, "slot": ""}, {"seq": 2, "slot": "count"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StreamEvent.objects.create(stream=stream, kind="line", html={"fr": "", "en": ""}, **fields)


def test_the_stream_s_own_frames_can_t_be_published(stream):
    with pytest.raises(ValueError, match="heartbeat"):
        stream.publish("heartbeat", "realtime_tests/_line.html", {})


def test_a_rollback_leaves_neither_event_nor_number(stream, say):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(stream, "never")
        raise ZeroDivisionError
    assert say(stream, "first") == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_transactions_no_cursor_skips_the_slower(stream, say):
    """The second waits for the first's row lock: 2 can't be seen while 1 is not."""
    taken, finish, second_done = threading.Event(), threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            say(Stream.objects.get(pk=stream.pk), "slow")
            taken.set()
            finish.wait(20)
        connection.close()

    def quick():
        say(Stream.objects.get(pk=stream.pk), "quick")
        second_done.set()
        connection.close()

    first = threading.Thread(target=slow)
    first.start()
    assert taken.wait(20)
    second = threading.Thread(target=quick)
    second.start()
    assert not second_done.wait(0.3)
    assert stream.since(0).events == []
    finish.set()
    first.join(20)
    second.join(20)
    assert ["slow" in event.html["fr"] for event in stream.since(0).events] == [True, False]


def test_pruning_tells_those_who_are_too_far_behind_to_start_again(stream, say):
    for text in ("old", "old too", "new"):
        say(stream, text)
    stream.events.filter(seq__lt=3).update(created_at=timezone.now() - timedelta(days=8))
    assert StreamEvent.objects.prune(before=timezone.now() - timedelta(days=7)) == 2
    assert stream.since(1).is_reset
    assert numbers(stream.since(2)) == [3]
    stream.refresh_from_db()
    assert (stream.floor, stream.seq) == (2, 3)


def test_a_stream_whose_every_event_was_pruned_still_knows_its_head(stream, say):
    say(stream, "old")
    StreamEvent.objects.prune(before=timezone.now() + timedelta(days=1))
    assert stream.since(0).is_reset
    assert not stream.since(1).is_reset


def test_a_cursor_from_before_a_restored_backup_starts_again(stream):
    page = stream.since(99)
    assert (page.is_reset, page.head) == (True, 0)


def test_who_may_read_is_the_feature_s_answer(db, monkeypatch, stream):
    monkeypatch.setitem(registry._registered, "desk", lambda user, stream: user.is_authenticated)
    desk = Stream(kind="desk")
    assert stream.is_public()
    assert not registry.can_read(AnonymousUser(), desk)


def test_a_kind_that_nobody_registered_is_closed(db):
    assert not registry.can_read(AnonymousUser(), Stream(kind="unknown"))


def test_publishing_takes_a_bounded_number_of_queries(stream, say, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        say(stream, "one", slot="count")

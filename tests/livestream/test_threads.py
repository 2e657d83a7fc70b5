"""The debates of a sitting: they open and close as the clerk advances."""

from functools import partial

import pytest
from django.utils import timezone

from civic.comments import errors, registry
from civic.comments.models import Thread
from livestream.models import Item, Sitting
from tests.livestream import talking


@pytest.fixture
def say(bruno, settings):
    settings.NEWCOMER_CONTRIBUTIONS = 0

    return partial(talking.say, bruno)


@pytest.fixture
def go_to(live, colette):
    """The clerk goes to the item of this rank."""

    def go_to(rank):
        passage = live.open_passage
        live.go_to(live.items.get(rank=rank), colette, seen=passage.pk if passage else None, at=timezone.now())
        return live.items.select_related("thread").get(rank=rank)

    return go_to


def is_open(thread) -> bool:
    return thread.is_open_at(timezone.now())


def test_a_convened_sitting_has_a_debate_and_so_has_each_item_that_takes_comments(draft, colette, client):
    Item.objects.filter(sitting=draft, rank=1).update(comment_mode="off")
    Item.objects.filter(sitting=draft, rank=2).update(comment_mode="questions")
    Item.objects.filter(sitting=draft, rank=3).update(comment_mode="before")
    Sitting.objects.filter(pk=draft.pk).update(delay_seconds=20)
    assert not Thread.objects.exists()
    draft.convene(colette, at=timezone.now())
    first, second, third = draft.items.select_related("thread")
    assert first.thread is None
    assert (second.thread.asks_questions, second.thread.mode) == (True, "after_with_holds")
    assert (third.thread.asks_questions, third.thread.mode) == (False, "before")
    for thread in (draft.thread, second.thread, third.thread):
        assert (thread.space, thread.stream, thread.delay_seconds) == (draft.space, draft.stream, 20)
        assert client.get(thread.get_absolute_url()).status_code == 200
        assert not is_open(thread)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert page.count("/commentaires/debat/") == 2
    assert f'data-log="{draft.thread_id}"' in page


def test_an_item_s_debate_opens_and_closes_with_it_and_open_pages_see_it(live, go_to, say, client):
    first = go_to(1)
    comment = say(first.thread)
    assert comment.spoken_at == comment.posted_at, "there is a picture"
    state = f"thread-{first.thread_id}"
    assert "reagir" in live.stream.events.get(slot=state).html["fr"]
    second = go_to(2)
    assert "reagir" not in live.stream.events.get(slot=state).html["fr"]
    with pytest.raises(errors.ThreadClosed):
        say(first.thread)
    say(second.thread)
    say(live.thread)
    assert "1 réaction" in client.get(live.get_absolute_url()).content.decode()


def test_a_wrong_click_taken_back_opens_the_former_debate_again(live, go_to, colette, say):
    first = go_to(1)
    second = go_to(2)
    live.undo(colette, seen=live.open_passage.pk, at=timezone.now())
    assert say(first.thread)
    with pytest.raises(errors.ThreadClosed):
        say(second.thread)
    assert "reagir" in live.stream.events.get(slot=f"thread-{first.thread_id}").html["fr"]


@pytest.mark.parametrize(("act", "goes_on"), [("suspend", True), ("close_doors", False), ("adjourn", False)])
def test_debates_follow_the_sitting(live, go_to, colette, act, goes_on):
    item = go_to(1)
    getattr(live, act)(colette, at=timezone.now())
    told = live.stream.events.get(slot=f"thread-{item.thread_id}").html["fr"]
    for thread in (item.thread, live.thread):
        assert is_open(thread) is goes_on
    assert ("reagir" in told) is goes_on


def test_an_item_added_since_the_convocation_has_its_debate_when_it_begins(live, go_to):
    Item.objects.create(sitting=live, rank=9, number="9", title="Ajouté en séance")
    assert is_open(go_to(9).thread)


def test_the_debate_of_a_draft_is_for_nobody_else(draft, colette, client, sign_in):
    draft.convene(colette, at=timezone.now())
    Sitting.objects.filter(pk=draft.pk).update(convened_at=None)
    address = draft.thread.get_absolute_url()
    assert client.get(address).status_code == 404
    assert sign_in(colette).get(address).status_code == 200


def test_places_take_as_many_queries_for_many_threads_as_for_one(live, go_to, django_assert_max_num_queries):
    go_to(1)
    threads = list(Thread.objects.all())
    with django_assert_max_num_queries(2):
        places = registry.places(threads, timezone.now())
    assert len(places) == len(threads) == 4
    assert registry.kind_of("sitting").open_threads(timezone.now()) == {live.items.get(rank=1).thread_id: "1. Point 1"}

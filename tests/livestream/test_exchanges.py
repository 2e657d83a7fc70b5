"""The debate on the page of a sitting: that of the item which is examined, and nothing that is held."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from civic.comments.models import Comment, Thread
from civic.comments.reading import Debate, Latest
from livestream.models import Item
from tests.livestream.talking import say


@pytest.fixture(autouse=True)
def known(settings):
    settings.NEWCOMER_CONTRIBUTIONS = 0


@pytest.fixture
def go_to(live, colette):
    def go_to(rank):
        seen = live.open_passage
        live.go_to(live.items.get(rank=rank), colette, seen=seen.pk if seen else None, at=timezone.now())
        return live.items.get(rank=rank)

    return go_to


@pytest.fixture
def page(live, client):
    def page(by=client):
        return by.get(live.get_absolute_url()).content.decode()

    return page


def log(html: str) -> str:
    """The debate's own part of a page."""
    return html[html.index('id="exchanges"') : html.index('id="agenda"')]


def test_the_page_has_the_debate_of_what_is_examined_as_a_polite_log(live, go_to, page, bruno):
    first = go_to(1)
    say(bruno, first.thread, "Et les **arbres** ?")
    say(bruno, live.thread, "On entend mal.")
    shown = log(page())
    assert "<strong>arbres</strong>" in shown
    assert "On entend mal" not in shown
    assert re.search(r'role="log" aria-live="polite" aria-labelledby="exchanges-title"', shown)
    assert f'href="/commentaires/debat/{first.thread_id}/reagir/"' in shown
    second = go_to(2)
    assert f'data-log="{second.thread_id}"' in log(page())


def test_where_an_item_takes_no_comments_the_debate_is_that_of_the_session(live, go_to, page, bruno):
    Item.objects.filter(sitting=live, rank=2).update(comment_mode="off", thread=None)
    say(bruno, live.thread, "On entend mal.")
    assert "On entend mal" in log(page()), "before the first item"
    go_to(2)
    assert "On entend mal" in log(page())


def test_the_frame_of_a_click_leads_to_the_debate_that_the_page_then_has(live, go_to, page):
    item = go_to(2)
    told = live.stream.events.get(slot="now").html["fr"]
    assert f'?debat={item.thread_id}#exchanges" data-debate="{item.thread_id}"' in told
    assert f'data-log="{item.thread_id}"' in page()


@pytest.mark.parametrize("how", ["held", "delayed", "hidden"])
def test_what_is_held_is_not_on_the_page_nor_in_what_is_sent(live, go_to, page, bruno, how, sign_in):
    item = go_to(1)
    if how == "held":
        Thread.objects.filter(pk=item.thread_id).update(mode="before")
    if how == "delayed":
        Thread.objects.filter(pk=item.thread_id).update(delay_seconds=20)
    comment = say(bruno, item.thread, "Texte retenu.")
    if how == "hidden":
        comment.change(hidden_at=timezone.now())
    assert "retenu" not in page()
    assert not live.stream.events.filter(html__fr__contains="retenu").exists()
    assert "retenu" not in page(sign_in(live.author))


def test_before_it_begins_the_page_says_that_one_will_write_here(convened, client):
    shown = log(client.get(convened.get_absolute_url()).content.decode())
    assert "pas encore ouvert" in shown
    assert "reagir" not in shown


def test_the_debate_of_an_item_says_whether_it_will_open_or_is_over(live, go_to, client):
    go_to(1)
    item = go_to(2)
    thread_page = {rank: client.get(live.items.get(rank=rank).thread.get_absolute_url()) for rank in (1, 2, 3)}
    told = {rank: answer.content.decode() for rank, answer in thread_page.items()}
    assert "est clos" in told[1]
    assert f"/commentaires/debat/{item.thread_id}/reagir/" in told[2]
    assert "pas encore ouvert" in told[3]


@pytest.mark.parametrize("size", [2, 10])
def test_the_latest_in_one_query_are_what_the_debate_begins_with(
    live, go_to, bruno, camille, size, django_assert_num_queries
):
    thread = go_to(1).thread
    at = timezone.now()
    for number in range(4):
        parent = say(bruno, thread, f"Avis {number}", at=at + timedelta(seconds=number))
        for reply in range(number):
            say(camille, thread, f"Réponse {reply}", at=at + timedelta(minutes=1, seconds=reply), parent=parent)
    given = {"at": at, "user": bruno, "size": size}
    whole = Debate(thread, thread.place(at=at), **given)
    latest = Latest(thread, thread.place(at=at), **given)
    Comment.objects.count()
    with django_assert_num_queries(2):  # one is the reader's own part
        found = latest.items
    assert found == whole.items
    assert [each.first_replies for each in found] == [each.first_replies for each in whole.items]
    assert bool(latest.next_url) == bool(whole.next_url)

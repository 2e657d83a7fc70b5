"""Pages of a thread: orders, cursors, what is one's own, and what a page costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from civic.comments import reading
from civic.comments.models import Comment, Thread
from civic.moderation.models import Subject
from civic.realtime.models import Stream

MINUTE = timedelta(minutes=1)


@pytest.fixture
def thread_page(thread, client):
    def thread_page(query="", to=client):
        return to.get(f"/commentaires/debat/{thread.pk}/{query}")

    return thread_page


def numbers(response) -> list[int]:
    return [comment.pk for comment in response.context["debate"].items]


@pytest.fixture
def three(say, camille):
    """The first has two replies, the second three supports, the third is the newest."""
    first, second, third = (say(f"Numéro {n}.", at=timezone.now() + n * MINUTE) for n in range(3))
    for n in range(2):
        say(f"Réponse {n}.", by=camille, parent=first)
    Comment.objects.filter(pk=second.pk).update(supports=3)
    return first.pk, second.pk, third.pk


def test_the_three_orders(three, thread_page):
    first, second, third = three
    assert numbers(thread_page()) == [third, second, first]
    assert numbers(thread_page("?tri=soutenues"))[0] == second
    assert numbers(thread_page("?tri=discutees"))[0] == first
    assert numbers(thread_page("?tri=rien&apres=rien")) == [third, second, first]


@pytest.mark.parametrize("order", reading.ORDERS)
def test_pages_by_cursor_show_each_comment_once(say, thread_page, order):
    pks = {say(f"Numéro {n}.", at=timezone.now() + n * MINUTE).pk for n in range(45)}
    found, address = [], f"?tri={order}"
    while address:
        response = thread_page(address)
        found += numbers(response)
        address = response.context["debate"].next_url.partition("/?")[2]
        address = address and f"?{address}"
    assert len(found) == len(set(found)) == 45
    assert set(found) == pks


def test_the_first_replies_are_shown_and_the_rest_is_a_link_away(say, camille, client, thread_page):
    comment = say()
    replies = [say(f"Réponse {n}.", by=camille, parent=comment, at=timezone.now() + n * MINUTE) for n in range(40)]
    [shown] = thread_page().context["debate"].items
    assert list(shown.first_replies) == replies[: reading.FIRST_REPLIES]
    page = client.get(comment.get_absolute_url())
    assert page.context["conversation"].replies == replies[:30]
    page = client.get(page.context["conversation"].next_url)
    assert page.context["conversation"].replies == replies[30:]


def test_the_address_of_a_reply_shows_it_in_its_context(say, camille, client):
    comment = say()
    replies = [say(f"Réponse {n}.", by=camille, parent=comment, at=timezone.now() + n * MINUTE) for n in range(5)]
    page = client.get(replies[3].get_absolute_url())
    assert page.context["conversation"].top == comment
    assert page.context["conversation"].replies == replies[3:]
    assert f'id="c{replies[3].pk}"' in page.content.decode()
    assert "data-here" in page.content.decode()


def test_what_waits_is_there_for_its_author_alone(held, client, sign_in, camille, bruno, mireille):
    address = held.get_absolute_url()
    assert [c.get(address).status_code for c in (client, sign_in(bruno), sign_in(mireille))] == [404] * 3
    page = sign_in(camille).get(address)
    assert "Un texte que personne ne lit encore." in page.content.decode()
    assert "D’ici là, personne d’autre ne la voit." in page.content.decode()


def test_a_reply_that_waits_stands_below_what_it_answers_for_its_author(say, thread, camille, sign_in):
    comment = say()
    Thread.objects.filter(pk=thread.pk).update(mode="before")
    reply = say("J’attends.", by=camille, parent=comment)
    page = sign_in(camille).get(reply.get_absolute_url())
    assert page.context["conversation"].replies == [reply]


def test_what_is_hidden_stays_readable_to_its_author(say, bruno, reason, client, sign_in):
    comment = say("Un texte masqué.")
    comment.locked().hide(reason, at=timezone.now())
    assert "Un texte masqué." not in client.get(comment.get_absolute_url()).content.decode()
    assert "Un texte masqué." in sign_in(bruno).get(comment.get_absolute_url()).content.decode()


def test_the_debate_of_a_petition_that_nobody_sees_is_seen_by_nobody(say, petition, client):
    comment = say()
    petition.hide(at=timezone.now())
    addresses = [comment.get_absolute_url(), comment.thread.get_absolute_url()]
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_a_closed_debate_says_so_and_offers_no_form(say, thread, client, petition):
    say()
    thread.close(at=timezone.now())
    html = client.get(petition.get_absolute_url()).content.decode()
    assert "Ce débat est clos" in html
    assert "data-form" not in html


def test_pages_are_the_same_for_every_visitor_and_hold_no_form(say, client, petition):
    say()
    for address in (petition.get_absolute_url(), petition.thread.get_absolute_url()):
        response = client.get(address)
        assert "public" in response["Cache-Control"]
        assert not response.cookies
        assert "<form" not in response.content.decode()


def test_one_s_own_part_is_marked(say, amina, bruno, sign_in, thread_page):
    comment = say()
    comment.support(amina, at=timezone.now())
    assert f"/commentaires/{comment.pk}/supprimer/" in thread_page(to=sign_in(bruno)).content.decode()
    assert "Retirer mon soutien" in thread_page(to=sign_in(amina)).content.decode()
    assert "Retirer mon soutien" not in thread_page().content.decode()


def test_a_page_takes_as_many_queries_for_twenty_comments_as_for_two(say, camille, client, thread_page, petition):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = [reverse("comments:thread", args=[petition.thread_id]), petition.get_absolute_url()]
    for comment in (say(), say()):
        say("Une réponse.", by=camille, parent=comment)
    few = [asked(address) for address in addresses]
    for n in range(18):
        say(f"Une réponse {n}.", by=camille, parent=say(f"Numéro {n}."))
    assert [asked(address) for address in addresses] == few
    assert max(few) <= 6


class TestALongThread:
    """What the database touches for a page, in buffers: no clock takes part. `./run bench moderation` has 10,000."""

    @pytest.fixture
    def sizes(self, petition, bruno):
        """Two threads: a hundred comments, and three thousand with three hundred replies to one of them."""
        return [self.fill(bruno, number) for number in (100, 3_000)]

    def fill(self, author, number):
        thread = Thread.objects.create(kind="petition", stream=Stream.objects.create(kind="petition"))
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"thread": thread.pk, "author": author.pk, "number": number, "parent": None})
            top = thread.comments.order_by("pk").first().pk
            cursor.execute(FILL, {"thread": thread.pk, "author": author.pk, "number": number // 10, "parent": top})
            cursor.execute("UPDATE comments_comment SET replies = %s WHERE id = %s", [number // 10, top])
            cursor.execute("ANALYZE comments_comment")
        return thread

    def test_a_page_costs_what_one_of_a_hundred_costs(self, sizes):
        for order in reading.ORDERS:
            few, many = (self.touched(thread, order) for thread in sizes)
            assert many <= 2 * few + 20, order

    def touched(self, thread, order) -> int:
        """Buffers of the first page, and of one after its cursor."""
        with CaptureQueriesContext(connection) as queries:
            debate = reading.Debate(thread, place=None, at=timezone.now(), user=ANYONE, order=order)
            cursor = debate.page.next_cursor
            assert reading.Debate(
                thread, place=None, at=timezone.now(), user=ANYONE, order=order, cursor=cursor
            ).page.items
        return sum(buffers(query["sql"]) for query in queries)


class Anyone:
    is_authenticated = False


ANYONE = Anyone()
FILL = """
WITH subjects AS (
    INSERT INTO moderation_subject (kind) SELECT 'comment' FROM generate_series(1, %(number)s) RETURNING id
)
INSERT INTO comments_comment (thread_id, parent_id, author_id, office, position, text, masked_text, html, key, revision,
                              posted_at, published_at, subject_id, supports, replies, official_replies,
                              is_official, is_question)
SELECT %(thread)s, %(parent)s, %(author)s, '', '', 'Un avis.', '', '<p>Un avis.</p>', gen_random_uuid(), 1,
       now() - id * interval '1 second', now() - id * interval '1 second', id, id %% 50, id %% 7, 0,
       false, false
FROM subjects
"""


def buffers(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        [[[found]]] = cursor.fetchall()
    plan = found["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def test_subjects_are_one_for_each_comment(say):
    say()
    say()
    assert Subject.objects.filter(kind="comment").count() == 2

"""What open pages are told: the same that a page loaded now would show, and never what was taken away."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from civic.comments import counting
from civic.comments.models import Thread


def fragment(html: str, name: str) -> str:
    """An element of a list by its number, without the replies in it and without white space."""
    found = re.search(rf'<li class="comment" id="{name}".*?</article>', html, re.DOTALL)
    return re.sub(r"\s+", " ", found.group()) if found else ""


@pytest.fixture
def newest(thread):
    def newest():
        return thread.stream.events.order_by("seq").last()

    return newest


@pytest.fixture
def page(petition):
    def page(prefix=""):
        return Client().get(f"{prefix}{petition.get_absolute_url()}").content.decode()

    return page


def test_a_new_comment_travels_as_the_page_shows_it(say, newest, page):
    comment = say("Un **avis**.")
    assert newest().kind == "comment"
    for language, prefix in (("fr", ""), ("en", "/en")):
        told = fragment(newest().html[language], f"c{comment.pk}")
        assert told
        assert told == fragment(page(prefix), f"c{comment.pk}")


def test_its_author_s_page_differs_by_personal_links_alone(say, newest, petition, bruno, sign_in):
    comment = say()
    html = sign_in(bruno).get(petition.get_absolute_url()).content.decode()
    assert fragment(html, f"c{comment.pk}") == fragment(newest().html["fr"], f"c{comment.pk}")
    assert f"/commentaires/{comment.pk}/corriger/" in html
    assert "corriger" not in newest().html["fr"]


def test_a_reply_travels_with_the_numbers_that_it_changes(say, newest, page, camille):
    comment = say()
    reply = say("Moi aussi.", by=camille, parent=comment)
    told = newest().html["fr"]
    assert fragment(told, f"c{reply.pk}") == fragment(page(), f"c{reply.pk}")
    assert f'data-into="replies-{comment.pk}"' in told
    assert "1 réponse" in told
    assert "2 réactions" in told


@pytest.mark.parametrize("act", ["edit", "withdraw", "hide", "mask", "restore"])
def test_every_change_travels_as_the_page_then_shows_it(say, newest, page, bruno, reason, act):
    comment, at = say("Un mot de trop."), timezone.now()
    acts = {
        "edit": lambda: comment.edit(bruno, "Un mot de moins.", at=at),
        "withdraw": lambda: comment.withdraw(bruno, at=at),
        "hide": lambda: comment.locked().hide(reason, at=at),
        "mask": lambda: comment.locked().mask("Un mot […].", at=at),
        "restore": lambda: (comment.locked().hide(reason, at=at), comment.locked().restore()),
    }
    acts[act]()
    assert fragment(newest().html["fr"], f"c{comment.pk}") == fragment(page(), f"c{comment.pk}") != ""


@pytest.mark.parametrize("act", ["withdraw", "hide", "mask", "edit"])
def test_a_text_that_was_taken_away_is_gone_from_the_stream_s_history(say, thread, bruno, reason, client, act):
    comment, at = say("Le texte d’avant, numéro secret."), timezone.now()
    acts = {
        "edit": lambda: comment.edit(bruno, "Un autre.", at=at),
        "withdraw": lambda: comment.withdraw(bruno, at=at),
        "hide": lambda: comment.locked().hide(reason, at=at),
        "mask": lambda: comment.locked().mask("Le texte d’avant, […].", at=at),
    }
    acts[act]()
    answer = client.get(f"/streams/{thread.stream_id}/?since=0").json()
    assert len(answer["frames"]) == 1
    assert "secret" not in str(answer)


def test_what_waits_is_told_to_nobody(held, thread, client, page):
    assert client.get(f"/streams/{thread.stream_id}/?since=0").json()["frames"] == []
    assert "personne ne lit" not in page()


def test_a_publication_travels_as_a_new_comment(held, newest, page):
    held.locked().publish(at=timezone.now())
    assert fragment(newest().html["fr"], f"c{held.pk}") == fragment(page(), f"c{held.pk}") != ""


def test_an_undone_publication_takes_it_off_open_pages(held, newest):
    at = timezone.now()
    held.locked().publish(at=at)
    held.locked().unpublish(since=at, at=timezone.now())
    assert f'id="c{held.pk}" data-gone' in newest().html["fr"]
    assert "personne ne lit" not in newest().html["fr"]


def test_supports_travel_once_for_all(say, newest, amina, camille, page):
    comment = say()
    for person in (amina, camille):
        comment.support(person, at=timezone.now())
    before = Thread.objects.get(pk=comment.thread_id).stream.seq
    counting.count_moved()
    assert newest().seq == before + 1
    assert newest().html["fr"].strip().splitlines()[-1] in page()


def test_a_comment_costs_few_queries(say, camille, django_assert_max_num_queries):
    comment = say()
    with django_assert_max_num_queries(45):
        say("Une réponse.", by=camille, parent=comment)

"""Questions, and answers in the name of the city or of an elected member."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import Right, Role
from civic.comments import errors
from civic.comments.models import Comment, Thread
from civic.territory.models import Space


@pytest.fixture
def questions(thread):
    Thread.objects.filter(pk=thread.pk).update(asks_questions=True, asks_position=False)


@pytest.fixture
def answer(say, colette):
    """The city's, to a comment."""

    def answer(comment, text="Les travaux commencent en mars.", **fields):
        return say(text, by=colette, parent=comment, is_official=True, **fields)

    return answer


def test_where_the_place_asks_what_people_write_is_a_question(questions, say, thread, client):
    question = say("Quand commencent les travaux ?", position="")
    assert question.is_question
    assert not say("Moi aussi.", parent=question).is_question
    content = client.get(thread.get_absolute_url()).content.decode()
    assert "Poser une question" in content and "<h1>Questions</h1>" in content


def test_an_official_answer_is_marked_on_itself_and_on_what_it_answers(say, answer, fresh, client, thread):
    comment = say()
    answer(comment)
    told = thread.stream.events.order_by("seq").last().html["fr"]
    shown = client.get(thread.get_absolute_url()).content.decode()
    for html in (told, shown):
        assert "Réponse officielle" in html and "Réponse officielle donnée" in html
    assert fresh(comment).official_replies == 1


def test_it_stands_among_the_first_replies_however_many_came_before(say, answer, camille, thread, client):
    comment, now = say(), timezone.now()
    first = [say(f"Réponse {n}.", by=camille, parent=comment, at=now + timedelta(minutes=n)) for n in range(5)]
    official = answer(comment, at=now + timedelta(minutes=9))
    [shown] = client.get(thread.get_absolute_url()).context["debate"].items
    assert shown.first_replies == [*first[:2], official]


def test_hidden_it_is_no_answer_any_more(say, answer, fresh, reason):
    comment = say()
    given = answer(comment)
    given.locked().hide(reason, at=timezone.now())
    assert (fresh(comment).official_replies, fresh(comment).replies) == (0, 0)


@pytest.mark.parametrize("role", [Role.ELECTED, Role.SERVICE, Role.CLERK])
def test_services_and_elected_members_answer(say, camille, role):
    Right.objects.give(camille, role, at=timezone.now())
    assert say("Réponse.", by=camille, parent=say(), is_official=True).is_official


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_others_do_not(say, make_person, role):
    person = make_person("Lise Blanc", *([role] if role else []))
    Right.objects.create(user=person, role=Role.ELECTED, space=Space.objects.create(kind="session"))
    with pytest.raises(errors.NotOfficial) as told:
        say("Réponse.", by=person, parent=say(), is_official=True)
    assert told.value.context["typed"] == "Réponse."
    assert Comment.objects.count() == 1


def test_an_answer_answers_something(say, colette):
    with pytest.raises(errors.NotOfficial):
        say(by=colette, is_official=True)


def test_who_may_is_asked_and_nobody_else(say, colette, bruno, camille, sign_in):
    comment = say()
    address = reverse("comments:reply", args=[comment.pk])
    typed = {"text": "Réponse.", "is_official": "on"}
    for person, is_official in ((colette, True), (camille, False)):
        client = sign_in(person)
        assert ("is_official" in client.get(address).content.decode()) is is_official
        client.post(address, typed | {"key": uuid4()})
        assert Comment.objects.latest("pk").is_official is is_official


def test_the_database_holds_what_is_official_and_what_is_a_question(say, camille):
    reply = say(by=camille, parent=say())
    for changes, rule in (({"is_official": True}, "official_is_a_reply"), ({"is_question": True}, "question_is_no")):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Comment.objects.filter(pk=reply.pk).update(**changes)

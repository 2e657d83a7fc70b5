"""Shows of hands at home: opened, answered once by each account, counted when closed, and nobody's any more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from civic.kernel.errors import NotAllowed
from livestream.models import HandAnswer, HandPoll
from livestream.models.hand_poll import PollClosed, PollIsOpen, QuestionMissing, answer, close_poll, open_poll
from livestream.models.passage import NotNow
from tests.concurrency import together

NOW = timezone.now()


@pytest.fixture
def poll(live, colette):
    return open_poll(live, colette, question="Faut-il des bancs ?", at=NOW)


def test_an_account_answers_once_and_may_change_its_mind(poll, bruno, camille):
    answer(poll, bruno, choice="for")
    answer(poll, bruno, choice="against")
    answer(poll, camille, choice="against")
    assert sorted(poll.answers.values_list("choice", flat=True)) == ["against", "against"]
    with pytest.raises(IntegrityError), transaction.atomic():
        HandAnswer.objects.create(poll=poll, user=bruno, choice="for")


def test_nothing_is_told_before_it_closes_and_nothing_of_who_afterwards(poll, bruno, colette, live, client):
    answer(poll, bruno, choice="for")
    assert poll.totals == []
    assert "<dl" not in live.stream.events.get(slot="poll").html["fr"]
    close_poll(poll, colette, at=NOW)
    poll.refresh_from_db()
    assert [count for _label, count in poll.totals] == [1, 0, 0]
    assert "<dl" in live.stream.events.get(slot="poll").html["fr"]
    assert not HandAnswer.objects.exists()
    with pytest.raises(PollClosed):
        answer(poll, bruno, choice="for")
    with pytest.raises(PollClosed):
        close_poll(poll, colette, at=NOW)


def test_one_question_at_a_time_and_only_while_it_is_live(poll, live, colette):
    with pytest.raises(PollIsOpen):
        open_poll(live, colette, question="Et des arbres ?", at=NOW)
    live.suspend(colette, at=NOW)
    assert HandPoll.objects.get().closed_at == NOW
    with pytest.raises(NotNow):
        open_poll(live, colette, question="Et des arbres ?", at=NOW)


def test_a_question_has_words_and_is_a_clerks(live, colette, bruno):
    with pytest.raises(QuestionMissing):
        open_poll(live, colette, question=" \n", at=NOW)
    with pytest.raises(NotAllowed):
        open_poll(live, bruno, question="Des bancs ?", at=NOW)


def test_the_end_of_the_session_counts_it(poll, live, bruno, colette):
    answer(poll, bruno, choice="none")
    live.adjourn(colette, at=NOW + timedelta(hours=1))
    poll.refresh_from_db()
    assert poll.no_opinion == 1


@pytest.mark.parametrize("facts", [{"closed_at": NOW}, {"in_favour": 3}, {"question": ""}])
def test_the_database_holds_that_a_closed_poll_is_counted_and_an_open_one_is_not(facts, poll):
    with pytest.raises(IntegrityError), transaction.atomic():
        HandPoll.objects.filter(pk=poll.pk).update(**facts)


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_and_the_count_at_once_none_is_lost(poll, bruno, colette):
    """Either it is in the count, or its giver is told that it came too late."""
    told, _ = together(lambda: answer(poll, bruno, choice="for"), lambda: close_poll(poll, colette, at=NOW))
    poll.refresh_from_db()
    assert (poll.in_favour == 1) is (told is None)
    assert told is None or isinstance(told, PollClosed)
    assert not HandAnswer.objects.exists()


# --- From the desk and at home ------------------------------------------------------------------


def test_the_chair_asks_and_a_resident_answers(live, colette, bruno, sign_in, client):
    desk, home = sign_in(colette), sign_in(bruno)
    address = reverse("sitting:conduct", args=[live.pk])
    assert desk.post(address, {"act": "ask", "question": "Des bancs ? " * 20}).status_code == 422
    desk.post(address, {"act": "ask", "question": "Faut-il des bancs ?"})
    poll = live.hand_polls.get()
    page = reverse("council:poll", args=[live.pk, poll.pk])
    assert client.get(page).status_code == 302
    assert "Faut-il des bancs" in home.get(page).content.decode()
    assert home.post(page, {"choice": ""}).status_code == 422
    assert home.post(page, {"choice": "for"}).status_code == 302
    assert "1 réponse" in desk.get(address).content.decode()
    desk.post(address, {"act": "close", "poll": poll.pk})
    assert desk.post(address, {"act": "close", "poll": poll.pk}).status_code == 409
    assert home.post(page, {"choice": "for"}).status_code == 409
    assert home.get(page).url == live.get_absolute_url()
    public = client.get(live.get_absolute_url()).content.decode()
    assert "Faut-il des bancs" in public


def test_a_question_that_is_refused_comes_back(poll, live, colette, sign_in):
    sent = {"act": "ask", "question": "Et des arbres ?"}
    answered = sign_in(colette).post(reverse("sitting:conduct", args=[live.pk]), sent)
    assert answered.status_code == 409
    assert "Et des arbres ?" in answered.content.decode()

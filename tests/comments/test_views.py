"""Pages where one writes: what they take, refuse and keep, without a script."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.comments.models import Comment, Support, Thread


@pytest.fixture
def write(thread):
    def write(client, **typed):
        given = {"text": "Je suis d’accord.", "position": "for", "key": uuid4()} | typed
        return client.post(reverse("comments:write", args=[thread.pk]), given)

    return write


def test_writing_leads_to_the_comment_and_says_what_happened(sign_in, bruno, write):
    client = sign_in(bruno)
    answer = write(client)
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, comment.get_absolute_url())
    assert "Votre réaction est publiée" in client.get(answer["Location"]).content.decode()


def test_what_must_be_read_first_says_so(sign_in, bruno, write, thread):
    Thread.objects.filter(pk=thread.pk).update(mode="before")
    client = sign_in(bruno)
    answer = write(client)
    assert "un mail vous le dira" in client.get(answer["Location"]).content.decode()


def test_the_same_form_sent_twice_makes_one_comment(sign_in, bruno, write):
    key, client = uuid4(), sign_in(bruno)
    assert write(client, key=key)["Location"] == write(client, key=key)["Location"]


@pytest.mark.parametrize("typed", [{"text": " "}, {"position": ""}, {"text": "a" * 2001}, {"key": "rien"}])
def test_a_form_with_mistakes_comes_back_with_what_was_typed(sign_in, bruno, write, typed):
    answer = write(sign_in(bruno), **typed)
    assert answer.status_code == 422
    assert typed.get("text", "Je suis d’accord.").strip() in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_closed_debate_gives_the_text_back(sign_in, bruno, write, thread):
    thread.close(at=timezone.now())
    answer = write(sign_in(bruno), text="Un texte auquel je tiens.")
    assert answer.status_code == 409
    assert "Un texte auquel je tiens." in answer.content.decode()


def test_replying_to_what_went_gives_the_text_back(sign_in, bruno, camille, say):
    comment = say()
    comment.withdraw(bruno, at=timezone.now())
    typed = {"text": "Ma réponse.", "key": uuid4()}
    answer = sign_in(camille).post(reverse("comments:reply", args=[comment.pk]), typed)
    assert answer.status_code == 409
    assert "Ma réponse." in answer.content.decode()


def test_who_writes_too_often_is_asked_to_wait(sign_in, bruno, write):
    client = sign_in(bruno)
    answers = [write(client, text=f"Idée n° {number}") for number in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    # The form again, with what was typed and why it waits.
    content = answers[-1].content.decode()
    assert "Idée n° 30</textarea>" in content and "Rien n’est perdu" in content


def test_a_stranger_is_led_to_sign_in(client, write, say):
    comment = say()
    for name, pk in [
        ("write", comment.thread_id),
        *((n, comment.pk) for n in ("reply", "edit", "withdraw", "support")),
    ]:
        address = reverse(f"comments:{name}", args=[pk])
        assert client.post(address)["Location"].endswith(f"?next={address}")


def test_supporting_and_taking_it_back(sign_in, amina, say):
    client, address = sign_in(amina), reverse("comments:support", args=[say().pk])
    assert "Soutenir cette réaction" in client.get(address).content.decode()
    client.post(address)
    assert Support.objects.get().counts
    assert "Retirer mon soutien" in client.get(address).content.decode()
    client.post(address, {"stop": "1"})
    assert not Support.objects.get().counts


def test_what_waits_has_no_pages_for_others(held, sign_in, bruno):
    client = sign_in(bruno)
    for name in ("comment", "reply", "edit", "withdraw", "support"):
        assert client.get(reverse(f"comments:{name}", args=[held.pk])).status_code == 404

"""What moderators set about a thread: slow mode, and what becomes of a text that comes too soon."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import Right
from civic.audit.models import Entry
from civic.comments import errors
from civic.comments.models import Comment, Thread
from civic.territory.models import Space


@pytest.fixture
def slow(thread):
    """One text each half minute."""
    Thread.objects.filter(pk=thread.pk).update(slow_seconds=30)


@pytest.fixture
def settings_page(thread):
    return reverse("comments:arrange", args=[thread.pk])


def test_a_moderator_sets_the_pace_and_everybody_reads_it(thread, mireille, client, sign_in, settings_page):
    desk = sign_in(mireille)
    assert settings_page in desk.get(thread.get_absolute_url()).content.decode()
    assert (
        desk.post(settings_page, {"slow_seconds": "30", "delay_seconds": "0"})["Location"] == thread.get_absolute_url()
    )
    told = thread.stream.events.get(kind="thread").html["fr"]
    shown = client.get(thread.get_absolute_url()).content.decode()
    assert "au moins 30 secondes" in told and "au moins 30 secondes" in shown
    assert settings_page not in shown, "its moderators alone are led there"
    entry = Entry.objects.get(action="thread.arranged")
    assert (entry.actor, entry.details["slow_seconds"]) == (mireille.journal_id, 30)


def test_settings_that_stay_tell_nobody_anything(thread, mireille):
    thread.arrange(mireille, slow_seconds=0)
    assert not thread.stream.events.exists()
    assert not Entry.objects.filter(action="thread.arranged").exists()


def test_a_pace_that_is_not_offered_is_refused(mireille, sign_in, settings_page, thread):
    assert sign_in(mireille).post(settings_page, {"slow_seconds": "7", "delay_seconds": "0"}).status_code == 422
    assert Thread.objects.get(pk=thread.pk).slow_seconds == 0


def test_its_moderators_alone_set_it(thread, bruno, make_person):
    elsewhere = make_person("Lise Blanc")
    Right.objects.create(user=elsewhere, role="moderator", space=Space.objects.create(kind="session"))
    for person in (bruno, elsewhere):
        with pytest.raises(errors.NotArranger):
            thread.arrange(person, slow_seconds=30)


def test_in_slow_mode_the_seconds_left_are_told(slow, say):
    now = timezone.now()
    say(at=now)
    with pytest.raises(errors.TooSoon) as told:
        say("Encore un mot.", at=now + timedelta(seconds=11.2))
    assert told.value.retry_after == 19
    assert "19" in str(told.value.sentence)
    assert say("Plus tard.", at=now + timedelta(seconds=30))


def test_replies_and_what_was_deleted_count_and_other_people_do_not(slow, say, bruno, camille):
    now = timezone.now()
    comment = say(at=now)
    comment.withdraw(bruno, at=now)
    with pytest.raises(errors.TooSoon):
        say(at=now)
    other = say(by=camille, at=now)
    with pytest.raises(errors.TooSoon):
        say("Une réponse.", parent=other, at=now)


def test_the_same_form_again_is_no_second_text(slow, say):
    key = uuid4()
    assert say(key=key) == say(key=key)


def test_moderators_write_as_they_like(slow, say, mireille):
    assert say(by=mireille) != say("Encore.", by=mireille)


def test_a_text_that_comes_too_soon_stays_in_its_form(slow, say, thread, bruno, sign_in):
    say()
    typed = {"text": "Un texte auquel je tiens.", "position": "for", "key": uuid4()}
    answer = sign_in(bruno).post(reverse("comments:write", args=[thread.pk]), typed)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 30
    content = answer.content.decode()
    assert "Un texte auquel je tiens." in content and "mode lent" in content
    assert Comment.objects.count() == 1


def test_a_word_to_everybody_stands_above_the_debate_until_it_is_taken_away(
    thread, petition, mireille, client, sign_in, settings_page
):
    desk, typed = sign_in(mireille), {"slow_seconds": "0", "delay_seconds": "0", "pinned": "On parle <b>du plan</b>."}
    desk.post(settings_page, typed)
    for page in (petition.get_absolute_url(), thread.get_absolute_url()):
        assert "On parle &lt;b&gt;du plan" in client.get(page).content.decode()
    assert "On parle &lt;b&gt;du plan" in thread.stream.events.get(kind="thread").html["fr"]
    assert "plan" not in str(Entry.objects.get(action="thread.arranged").details)
    assert "On parle" in desk.get(settings_page).content.decode(), "to be corrected"
    desk.post(settings_page, typed | {"pinned": ""})
    assert "On parle" not in thread.stream.events.get(kind="thread").html["fr"]

"""From the desk: keys for encoders, each seen once, and passages that are cut out of what is shown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from livestream.models import Cut, Recording, StreamKey
from livestream.video.door import Feed
from livestream.video.house import TownHall
from livestream.video.playlists import ENDED

MINUTE = timedelta(minutes=1)


def written(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")


def times(sitting, **changed):
    return {"from_at": written(sitting.starts_at), "until_at": written(sitting.starts_at + 60 * MINUTE)} | changed


@pytest.fixture
def filmed(live, at_desk):
    """Live, with a key: from then on there is a recording."""
    at_desk("picture", live, times(live, act="give"))
    live.opened_at = timezone.now() - 30 * MINUTE
    live.convened_at = live.opened_at
    live.save(update_fields=["opened_at", "convened_at"])
    return live


@pytest.fixture
def cut_out(at_desk, filmed):
    now = timezone.now()
    sent = {"act": "cut", "begins_at": written(now - 9 * MINUTE), "ends_at": written(now - 5 * MINUTE), "reason": "Nom"}
    assert at_desk("picture", filmed, sent).status_code == 302
    return Cut.objects.get()


def test_a_key_is_shown_in_one_answer_alone_and_opens(at_desk, convened):
    answer = at_desk("picture", convened, times(convened, act="give"))
    secret = answer.context["secret"]
    assert answer.status_code == 200
    assert secret in answer.content.decode()
    assert secret not in at_desk("picture", convened).content.decode()
    assert StreamKey.opening(secret, at=convened.starts_at + MINUTE)


@pytest.mark.parametrize("minutes", [-1, 60 * 24 * 4])
def test_a_key_opens_for_a_time_that_makes_sense(minutes, at_desk, convened):
    late = written(convened.starts_at + minutes * MINUTE)
    assert at_desk("picture", convened, times(convened, act="give", until_at=late)).status_code == 422
    assert not StreamKey.objects.exists()


def test_a_key_is_revoked(at_desk, filmed):
    key = StreamKey.objects.get()
    at_desk("picture", filmed, {"act": "revoke", "key": key.pk})
    key.refresh_from_db()
    assert key.revoked_at
    assert at_desk("picture", filmed, {"act": "revoke", "key": 999_999}).status_code == 409


def test_a_passage_is_cut_shown_again_or_erased(at_desk, cut_out, filmed):
    at_desk("picture", filmed, {"act": "destroy", "cut": cut_out.pk})
    cut_out.refresh_from_db()
    assert cut_out.destroyed_at
    assert at_desk("picture", filmed, {"act": "restore", "cut": cut_out.pk}).status_code == 422
    Cut.objects.update(destroyed_at=None)
    at_desk("picture", filmed, {"act": "restore", "cut": cut_out.pk})
    assert not Cut.objects.exists()


def test_what_was_not_filmed_is_not_cut_and_the_reason_comes_back(at_desk, filmed):
    now = timezone.now()
    before = {"begins_at": written(now - 90 * MINUTE), "ends_at": written(now - 80 * MINUTE)}
    answer = at_desk("picture", filmed, before | {"act": "cut", "reason": "Une adresse dite à voix haute"})
    assert answer.status_code == 422
    assert "Une adresse dite à voix haute" in answer.content.decode()
    assert not Cut.objects.exists()


def test_a_resident_gets_no_key(at_desk, convened, bruno, sign_in):
    assert at_desk("picture", convened, times(convened, act="give"), client=sign_in(bruno)).status_code == 403
    assert not Recording.objects.exists()


def test_the_desk_is_told_once_when_a_picture_comes_and_when_it_is_gone(recording, live, at_desk):
    house, feed = TownHall(), Feed(recording.pk, recording.path)
    house.keys[recording.pk] = StreamKey.objects.get().pk

    def told():
        return live.stream.events.filter(slot="feed").values_list("seq", flat=True).first()

    now = timezone.now()
    # The segments of this recording are of later minutes: the newest is young.
    house.word_on(feed)
    first = told()
    house.word_on(feed)
    assert first and told() == first
    assert "L’image et le son arrivent" in at_desk("conduct", live).content.decode()
    assert not recording.is_fed(at=now + 10 * MINUTE)
    (recording.path / "1" / ENDED).touch()
    house.gone_at_once(feed)
    assert told() > first
    assert "Aucune image n’arrive" in at_desk("conduct", live).content.decode()

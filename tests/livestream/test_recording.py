"""Keys of encoders, what is hidden of a recording, and what browsers get of it."""

import pytest
from django.db import connection
from django.utils import timezone

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from livestream.models import Recording, StreamKey
from livestream.models.recording import NothingToCut
from livestream.video import webvtt
from livestream.video.house import TownHall
from tests.livestream.conftest import HOUR, MINUTE, MOMENT


def address(recording: Recording, name: str) -> str:
    return f"/seances/video/{recording.folder}/{name}"


def listed(client, recording: Recording) -> list[str]:
    lines = client.get(address(recording, "720p.m3u8")).content.decode().splitlines()
    return [line for line in lines if line.endswith(".ts")]


def test_a_key_opens_while_it_is_valid_and_is_kept_as_a_digest(give_key, live, now):
    secret = give_key()
    assert StreamKey.opening(secret, at=now).sitting == live
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(k::text, '') || (SELECT string_agg(e::text, '') FROM audit_entry e) "
            "FROM livestream_streamkey k"
        )
        assert secret not in cursor.fetchone()[0]


@pytest.mark.parametrize("after", [-2 * HOUR, HOUR], ids=["too early", "expired"])
def test_a_key_opens_at_no_other_time(give_key, now, after):
    assert StreamKey.opening(give_key(), at=now + after) is None


def test_a_refused_key_is_journalled_and_not_told(give_key, now):
    give_key()
    assert StreamKey.opening("guessed", at=now) is None
    entry = Entry.objects.get(action="stream_key.refused")
    assert "guessed" not in str(entry.details)


def test_only_who_runs_the_session_gives_keys(live, bruno, now):
    with pytest.raises(NotAllowed):
        StreamKey.give(live, bruno, from_at=now, until_at=now + HOUR, at=now)


def test_the_house_lets_in_and_sends_away(recording, live, colette, now):
    secret = StreamKey.give(live, colette, from_at=now - HOUR, until_at=now + HOUR, at=now)
    house = TownHall()

    def word():
        return house.word_on(feed)

    feed = house.admit_at_once(secret)
    assert (feed.number, feed.folder) == (recording.pk, recording.path)
    assert house.admit_at_once("guessed") is None
    assert (word().is_welcome, word().is_kept) == (True, True)
    live.close_doors(colette, at=now)
    assert (word().is_welcome, word().is_kept) == (True, False)
    live.resume(colette, at=now + MINUTE)
    assert word().is_kept
    StreamKey.objects.last().revoke(colette, at=now)
    assert not word().is_welcome


def test_what_browsers_get(client, recording):
    assert listed(client, recording) == [f"1/720p/{number:05}.ts" for number in range(5)]
    master = client.get(address(recording, "master.m3u8"))
    assert master["Content-Type"] == "application/vnd.apple.mpegurl"
    assert b"1280x720" in master.content
    whole = client.get(address(recording, "1/720p/00000.ts"), headers={"accept-encoding": "gzip"})
    assert b"".join(whole) == b"0123456789"
    assert (whole["Cache-Control"], whole["Content-Encoding"]) == ("public, max-age=60", "identity")
    assert client.get(address(recording, "thumbnail.jpg")).status_code == 200
    for wrong in ("1/720p/00005.ts", "2/720p/00000.ts", "1/about.json"):
        assert client.get(address(recording, wrong)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "content", "which"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
    ],
)
def test_a_part_of_a_segment(client, recording, asked, status, content, which):
    answer = client.get(address(recording, "1/audio/00001.ts"), headers={"range": asked})
    got = b"".join(answer) if answer.streaming else answer.content
    assert (answer.status_code, got, answer.get("Content-Range")) == (status, content, which)


def test_the_front_server_sends_segments_in_production(client, recording, settings):
    settings.VIDEO_ACCEL = "/films/"
    answer = client.get(address(recording, "1/720p/00000.ts"))
    assert answer["X-Accel-Redirect"] == f"/films/{recording.folder}/1/720p/00000.ts"
    assert answer.content == b""


def test_nothing_after_the_click_on_closed_doors_is_served(client, recording, live, colette):
    live.close_doors(colette, at=live.opened_at + 2 * MINUTE + 2 * MOMENT)
    assert listed(client, recording) == ["1/720p/00000.ts", "1/720p/00001.ts"]
    assert client.get(address(recording, "1/720p/00002.ts")).status_code == 404
    live.resume(colette, at=live.opened_at + 3 * MINUTE)
    assert listed(client, recording)[2:] == ["1/720p/00003.ts", "1/720p/00004.ts"]


def test_the_end_of_the_session_makes_the_replay(client, recording, live, colette):
    assert b"ENDLIST" not in client.get(address(recording, "720p.m3u8")).content
    live.adjourn(colette, at=live.opened_at + 4 * MINUTE + 2 * MOMENT)
    assert client.get(address(recording, "720p.m3u8")).content.endswith(b"#EXT-X-ENDLIST\n")
    assert len(listed(client, recording)) == 4


def test_a_passage_is_cut_taken_back_and_destroyed(client, recording, live, colette, bruno):
    at = live.opened_at + 6 * MINUTE
    live.adjourn(colette, at=at)
    recording.refresh_from_db()
    begins_at, ends_at = live.opened_at + 1.2 * MINUTE, live.opened_at + 1.8 * MINUTE
    passage = {"begins_at": begins_at, "ends_at": ends_at, "reason": "Clic tardif"}
    with pytest.raises(NotAllowed):
        recording.cut(bruno, at=at, **passage)
    with pytest.raises(NothingToCut):
        recording.cut(colette, at=at, **passage | {"ends_at": live.opened_at})
    cut = recording.cut(colette, at=at, **passage)
    assert "1/720p/00001.ts" not in listed(client, recording)
    cut.take_back(colette, at=at)
    assert "1/720p/00001.ts" in listed(client, recording)
    recording.cut(colette, at=at, **passage).destroy(colette, at=at)
    assert sorted(path.name for path in (recording.path / "1/720p").iterdir()) == [
        f"{number:05}.ts" for number in (0, 2, 3, 4)
    ]
    assert len(listed(client, recording)) == 4


def test_items_are_the_chapters_of_what_is_shown(client, recording, live, colette):
    first, second, third = live.items.all()
    seen = None
    for item, minutes in ((first, 0), (second, 2), (third, 2.6), (first, 3)):
        seen = live.go_to(item, colette, seen=seen, at=live.opened_at + minutes * MINUTE + MOMENT).pk
    cues = webvtt.read(client.get(address(recording, "chapters.vtt")).content.decode())
    assert [(cue.text, round(cue.begins), round(cue.ends)) for cue in cues] == [
        (str(first), 0, 120), (str(second), 120, 156), (str(third), 156, 180), (str(first), 180, 300),
    ]  # fmt: skip


def test_what_was_examined_behind_closed_doors_alone_is_no_chapter(client, recording, live, colette):
    first, second, third = live.items.all()
    seen = None
    for item, minutes in ((first, 0), (second, 1), (third, 2)):
        at = live.opened_at + minutes * MINUTE + 2 * MOMENT
        if item == second:
            live.close_doors(colette, at=at)
        seen = live.go_to(item, colette, seen=seen, at=at).pk
    live.breaks.update(ends_at=live.opened_at + 2 * MINUTE)
    cues = webvtt.read(client.get(address(recording, "chapters.vtt")).content.decode())
    assert [(cue.text, round(cue.begins)) for cue in cues] == [(str(first), 0), (str(third), 60)]


def test_what_is_cut_live_is_not_served_and_keeps_its_place(client, recording, live, colette):
    begins_at, at = live.opened_at + 1.2 * MINUTE, live.opened_at + 3 * MINUTE
    recording.cut(colette, begins_at=begins_at, ends_at=begins_at + MOMENT, reason="Clic tardif", at=at)
    playlist = client.get(address(recording, "720p.m3u8")).content
    assert playlist.count(b"#EXT-X-GAP") == 1
    assert len(listed(client, recording)) == 5
    assert client.get(address(recording, "1/720p/00001.ts")).status_code == 404
    live.adjourn(colette, at=live.opened_at + 6 * MINUTE)
    assert "1/720p/00001.ts" not in listed(client, recording)


def test_the_page_has_a_still_of_what_is_shown_and_none_of_closed_doors(client, recording, live, colette):
    still = f'poster="{address(recording, "thumbnail.jpg")}"'
    assert still in client.get(live.get_absolute_url()).content.decode()
    live.close_doors(colette, at=timezone.now())
    assert "poster=" not in client.get(live.get_absolute_url()).content.decode()


def test_players_are_told_when_something_is_cut(recording, live, colette):
    passage = {"begins_at": live.opened_at, "ends_at": live.opened_at + MINUTE, "reason": "Clic tardif"}
    recording.cut(colette, at=live.opened_at + 2 * MINUTE, **passage).take_back(colette, at=timezone.now())
    assert [event.seq for event in live.stream.events.filter(kind="picture")] == [live.stream.since(0).head]


def test_a_recording_of_a_session_that_was_not_opened_is_nowhere(client, convened, colette, now):
    StreamKey.give(convened, colette, from_at=now, until_at=now + HOUR, at=now)
    assert client.get(address(convened.recording, "master.m3u8")).status_code == 404

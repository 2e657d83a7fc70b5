"""Real encoders at a real door, and a real player of what comes of it."""

from datetime import UTC, datetime

import pytest

from livestream.video import playlists
from livestream.video.door import Word
from livestream.video.playlists import NAMES, Span
from tests.livestream.video.staging import played
from tests.product import wait_until

pytestmark = pytest.mark.xdist_group("video")


def segments(folder, rendition="720p", hidden=()):
    return playlists.shown(folder, rendition, hidden)


def has(folder, least, *, take):
    """Whether a take has so many segments in each rendition."""
    return all(sum(each.take == take for each in segments(folder, name)) >= least for name in NAMES)


def test_a_wrong_key_is_refused_and_leaves_nothing(ingest):
    folder = ingest.expect(1, "right-key")
    with ingest.encoder("wrong-key") as encoder:
        assert "not valid" in encoder.is_told()
    assert list(folder.iterdir()) == []


def test_an_encoder_drops_and_comes_back_into_the_same_recording(ingest):
    folder = ingest.expect(2, "kept-secret")
    with ingest.encoder("kept-secret") as first:
        wait_until(lambda: has(folder, 2, take=1), "the first segments of each rendition")
        with ingest.encoder("kept-secret") as second:
            assert "not valid" in second.is_told()
        before = len(segments(folder))
        wait_until(lambda: len(segments(folder)) > before, "the first encoder goes on, unaware of the second")
        assert first.is_sending
    with ingest.encoder("kept-secret") as first:
        wait_until(lambda: first.tries_again() and has(folder, 2, take=2), "it came back")
        live = playlists.media(segments(folder), "720p", is_over=False)
    wait_until(ingest.is_at_rest, "the last segment is finished")
    assert playlists.takes(folder) == [1, 2]
    assert live.count("#EXT-X-DISCONTINUITY\n") == 1
    assert "#EXT-X-ENDLIST" not in live
    for name in ("720p", "360p"):
        replay = playlists.media(segments(folder, name), name, is_over=True)
        lasting = sum(segment.seconds for segment in segments(folder, name))
        assert abs(played(folder, replay) - lasting) < 0.5
    master = playlists.master(folder, ())
    assert 'CODECS="avc1.' in master
    assert "RESOLUTION=320x180" in master
    assert playlists.thumbnail(folder, ()).read_bytes().startswith(b"\xff\xd8")
    written = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(b"kept-secret" in content for content in written)


def test_nothing_after_the_click_on_closed_doors_is_kept(ingest):
    folder = ingest.expect(3, "key")
    with ingest.encoder("key") as encoder:
        wait_until(lambda: has(folder, 2, take=1), "segments from before")
        click = datetime.now(UTC)
        closed = [Span(click, None)]
        ingest.town.words[3] = Word(is_kept=False, hidden=closed)
        wait_until(lambda: not ingest.is_taking(3), "the take has ended")
        kept = {str(path.relative_to(folder)) for path in folder.glob("1/*/*")}
        listed = {each.path(name): each for name in NAMES for each in segments(folder, name)}
        assert kept
        assert all(listed[path].ends_at <= click for path in kept)
        shown = segments(folder, hidden=closed)
        assert shown
        ingest.town.words[3] = Word(hidden=[Span(click, datetime.now(UTC))])
        wait_until(lambda: has(folder, 1, take=2), "the doors are open again, for the same encoder")
        assert encoder.is_sending
    assert segments(folder, hidden=ingest.town.words[3].hidden)[: len(shown)] == shown


def test_a_key_that_is_taken_back_ends_it(ingest):
    folder = ingest.expect(4, "taken-back")
    with ingest.encoder("taken-back") as encoder:
        wait_until(lambda: has(folder, 1, take=1), "it is sending")
        del ingest.town.keys["taken-back"]
        ingest.town.words[4] = Word(is_welcome=False)
        wait_until(lambda: not encoder.is_sending, "it is sent away")

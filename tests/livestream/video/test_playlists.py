"""What is shown of a recording, and the playlists that say so."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from livestream.video import playlists
from livestream.video.playlists import Span

NINE = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


@pytest.fixture
def folder(tmp_path):
    """Two takes of three segments of four seconds, the second ten seconds after the end of the first."""
    for take, begins in ((1, 0), (2, 22)):
        for name in playlists.NAMES:
            (tmp_path / str(take) / name).mkdir(parents=True)
            lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:4", "#EXT-X-PLAYLIST-TYPE:EVENT"]
            for number in range(3):
                stamp = at(begins + 4 * number).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
                lines += ["#EXTINF:4.000000,", f"#EXT-X-PROGRAM-DATE-TIME:{stamp}", f"{number:05}.ts"]
                (tmp_path / str(take) / name / f"{number:05}.ts").write_bytes(bytes(1000 * (number + 1)))
            (tmp_path / str(take) / f"{name}.m3u8").write_text("\n".join([*lines, ""]))
        (tmp_path / str(take) / "about.json").write_text(json.dumps({"video": "avc1.64001f", "size": "1280x720"}))
        (tmp_path / str(take) / "thumbnail.jpg").write_bytes(str(take).encode())
    return tmp_path


def numbers(segments):
    return [(segment.take, segment.number) for segment in segments]


def test_takes_follow_each_other_with_a_mark_between_them(folder):
    playlist = playlists.media(playlists.shown(folder, "720p", []), "720p", is_over=False)
    assert playlist.count("#EXTINF") == 6
    assert playlist.count("#EXT-X-DISCONTINUITY") == 1
    assert (
        playlist.index("1/720p/00002.ts") < playlist.index("#EXT-X-DISCONTINUITY") < playlist.index("2/720p/00000.ts")
    )
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
    assert "#EXT-X-PROGRAM-DATE-TIME:2026-12-03T18:00:22.000+00:00" in playlist
    assert "ENDLIST" not in playlist


def test_a_replay_has_an_end(folder):
    playlist = playlists.media(playlists.shown(folder, "audio", []), "audio", is_over=True)
    assert playlist.endswith("#EXT-X-ENDLIST\n")


@pytest.mark.parametrize(
    ("hidden", "kept"),
    [
        (Span(at(9), None), [(1, 0), (1, 1)]),
        (Span(at(8), None), [(1, 0), (1, 1)]),
        (Span(at(7.9), None), [(1, 0)]),
        (Span(None, at(22)), [(2, 0), (2, 1), (2, 2)]),
        (Span(None, at(22.1)), [(2, 1), (2, 2)]),
        (Span(at(5), at(6)), [(1, 0), (1, 2), (2, 0), (2, 1), (2, 2)]),
        (Span(None, None), []),
    ],
    ids=["within", "at a seam", "just before it", "the beginning", "a little more", "a moment", "all"],
)
def test_a_segment_of_which_a_part_is_hidden_is_hidden_whole(folder, hidden, kept):
    assert numbers(playlists.shown(folder, "360p", [hidden])) == kept


def test_what_is_cut_leaves_a_mark_where_it_was(folder):
    segments = playlists.shown(folder, "720p", [Span(at(5), at(6))])
    assert playlists.media(segments, "720p", is_over=True).count("#EXT-X-DISCONTINUITY") == 2


def test_what_is_cut_live_leaves_a_gap_and_moves_nothing(folder):
    segments = playlists.shown(folder, "720p", [])
    before = playlists.media(segments, "720p", is_over=False).splitlines()
    after = playlists.media(segments, "720p", is_over=False, cut_out=[Span(at(5), at(6))]).splitlines()
    assert [line for line in after if line != "#EXT-X-GAP"] == before
    assert after[after.index("#EXT-X-GAP") + 3] == "1/720p/00001.ts"
    assert after.count("#EXT-X-GAP") == 1


def test_the_master_says_what_each_rendition_takes(folder):
    lines = playlists.master(folder, []).splitlines()
    assert lines[3:5] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=6000,AVERAGE-BANDWIDTH=4000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360',
        "360p.m3u8",
    ]
    assert 'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720' in lines[5]
    assert lines[7].endswith('CODECS="mp4a.40.2"')
    # What is hidden does not count.
    assert "BANDWIDTH=2000," in playlists.master(folder, [Span(at(4), None)])


def test_before_anything_is_shown_the_master_is_empty(tmp_path):
    assert "STREAM-INF" not in playlists.master(tmp_path, [])


def test_the_thumbnail_is_of_what_is_shown(folder):
    assert playlists.thumbnail(folder, []).read_bytes() == b"1"
    assert playlists.thumbnail(folder, [Span(None, at(3))]).read_bytes() == b"2"
    assert playlists.thumbnail(folder, [Span(None, None)]) is None


def test_a_moment_of_the_clock_is_found_in_the_player(folder):
    segments = playlists.shown(folder, "720p", [Span(at(5), at(6))])
    assert playlists.position(segments, at(2)) == 2
    assert playlists.position(segments, at(5.5)) == 4  # hidden: where it goes on
    assert playlists.position(segments, at(9)) == 5
    assert playlists.position(segments, at(23)) == 9
    assert playlists.position(segments, at(999)) == 20


def test_a_second_of_the_player_is_a_moment_of_the_clock(folder):
    segments = playlists.shown(folder, "720p", [Span(at(5), at(6))])
    for seconds, clock in ((0, 0), (3.5, 3.5), (4, 8), (9, 23), (20, 34), (25, 39)):
        assert playlists.moment(segments, seconds) == at(clock)


def test_hidden_files_leave_the_disk_and_no_others(folder):
    assert playlists.remove_hidden(folder, [Span(at(5), at(6))]) == len(playlists.NAMES)
    assert not (folder / "1/360p/00001.ts").exists()
    assert len(list(folder.glob("*/*/*.ts"))) == 15

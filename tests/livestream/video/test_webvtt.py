"""Captions as they are written and read."""

import pytest

from livestream.video import webvtt
from livestream.video.webvtt import Cue, NotWebVtt

FILE = """\ufeffWEBVTT - séance du 3 décembre\r
\r
NOTE Relu par le service\r
des assemblées\r
\r
STYLE\r
::cue { color: red }\r
\r
premier\r
00:01.500 --> 00:04.000 align:start\r
<v.fort Agathe Morin>La séance &amp; le public\r
<i>sont</i> là.\r
\r
01:00:00.000 --> 01:00:02.250\r
1 &lt; 2\r
\r
\r
01:00:03.000 --> 01:00:04.000\r
<b></b>\r
"""


def test_a_file_is_read_as_plain_text():
    assert webvtt.read(FILE) == [
        Cue(1.5, 4.0, "La séance & le public sont là.", "Agathe Morin"),
        Cue(3600.0, 3602.25, "1 < 2"),
    ]


def test_what_is_written_is_read_again():
    cues = [Cue(0.0, 0.04, "a --> b\n\nWEBVTT", "Nom > <i>"), Cue(7325.5, 7330.0, "<v Faux>&amp;")]
    written = webvtt.write(cues)
    assert written.count("-->") == 2
    assert "02:02:05.500 --> 02:02:10.000" in written
    assert webvtt.read(written) == [Cue(0.0, 0.04, "a --> b WEBVTT", "Nom > <i>"), cues[1]]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "WEBVTTX\n\n00:00.000 --> 00:01.000\na",
        "1\n00:00:00,000 --> 00:00:01,000\nSubRip",
        "WEBVTT\n\n00:02.000 --> 00:01.000\nbackwards",
        "WEBVTT\n\n00:02.000 --> soon\nlater",
        "WEBVTT\n\nno times at all",
        "WEBVTT\n\n" + "00:00.000 --> 00:01.000\na\n\n" * (webvtt.MOST_CUES + 1),
    ],
    ids=["empty", "another head", "SubRip", "backwards", "no time", "no times", "too many"],
)
def test_what_is_no_webvtt_is_refused(content):
    with pytest.raises(NotWebVtt):
        webvtt.read(content)

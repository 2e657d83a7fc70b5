"""Captions: kept by the clock, shown by the player's time, absent where something is hidden."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from livestream.models.caption import NothingFilmed, replace_captions
from livestream.video import webvtt
from livestream.video.webvtt import Cue
from tests.livestream.conftest import MINUTE, MOMENT
from tests.livestream.test_recording import address

SAID = [
    Cue(30.0, 34.0, "La séance est ouverte.", "Agathe Morin"),
    Cue(70.0, 75.5, "Un propos à retirer."),
    Cue(130.0, 134.0, "Nous passons au budget.", "Agathe Morin"),
]


@pytest.fixture
def captions(recording, live, colette):
    replace_captions(live, SAID, by=colette)
    return recording.captions


def shown(client, recording):
    cues = webvtt.read(client.get(address(recording, "captions.vtt")).content.decode())
    return [(cue.text, round(cue.begins)) for cue in cues]


def test_captions_are_shown_when_they_were_said(client, recording, captions):
    assert webvtt.read(client.get(address(recording, "captions.vtt")).content.decode()) == SAID
    assert Entry.objects.get(action="recording.captions").details == {"captions": 3}


def test_what_is_cut_takes_its_captions_along_and_moves_the_others(client, recording, captions, live, colette):
    at = live.opened_at
    recording.cut(
        colette, begins_at=at + 1.1 * MINUTE, ends_at=at + 1.5 * MINUTE, reason="Huis clos", at=at + 5 * MINUTE
    )
    # Live it leaves a gap; of the replay it is no part.
    assert shown(client, recording) == [(SAID[0].text, 30), (SAID[2].text, 130)]
    live.adjourn(colette, at=at + 6 * MINUTE)
    assert shown(client, recording) == [(SAID[0].text, 30), (SAID[2].text, 70)]
    # Made on what was cut, they still are of the moment at which they were said.
    replace_captions(live, [Cue(70.0, 74.0, "Le budget.")], by=colette)
    recording.cuts.get().take_back(colette, at=at + 5 * MINUTE)
    assert shown(client, recording) == [("Le budget.", 130)]


def test_nothing_said_behind_closed_doors_is_in_the_captions(client, recording, captions, live, colette):
    live.close_doors(colette, at=live.opened_at + MINUTE + 2 * MOMENT)
    assert shown(client, recording) == [(SAID[0].text, 30)]


def test_words_are_found_without_their_accents_and_endings(captions):
    assert [caption.text for caption in captions.search("budgets seances")] == []
    assert [caption.text for caption in captions.search("budgets")] == [SAID[2].text]
    assert [caption.text for caption in captions.search("seance agathe")] == [SAID[0].text]


def test_a_stranger_imports_nothing(live, recording, bruno):
    with pytest.raises(NotAllowed):
        replace_captions(live, SAID, by=bruno)


def test_without_a_recording_captions_have_no_place(live, colette):
    with pytest.raises(NothingFilmed):
        replace_captions(live, SAID, by=colette)


def test_a_file_is_imported_at_the_server(captions, live, recording, tmp_path):
    file = tmp_path / "seance.vtt"
    file.write_text(webvtt.write(SAID[:2]))
    out = StringIO()
    call_command("import_captions", str(live.pk), str(file), stdout=out)
    assert (out.getvalue(), recording.captions.count()) == ("2 captions.\n", 2)
    file.write_text("1\n00:00:00,000 --> 00:00:01,000\nSubRip")
    for number, path in ((live.pk, file), (live.pk, tmp_path / "none"), (0, file)):
        with pytest.raises(CommandError):
            call_command("import_captions", str(number), str(path))
    assert recording.captions.count() == 2

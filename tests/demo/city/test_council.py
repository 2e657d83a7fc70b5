"""The invented council: its sessions are coherent, and its film is played where it says."""

from datetime import timedelta

import pytest

from civic.demo.council import pdf
from civic.demo.filming import LASTS, SAMPLE, leave_film
from livestream.models import Division, ItemState, Outcome, PaperVersion, Sitting, State
from livestream.models.recording import with_picture
from livestream.video import playlists
from livestream.video.picture import picture_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("city")]


def sitting(state):
    return with_picture(Sitting.objects.with_life()).in_state(state).get()


def test_one_session_is_live_one_is_over_and_one_is_to_come(city):
    assert city.sittings == Sitting.objects.count() == 3
    live, over, coming = (sitting(state) for state in (State.LIVE, State.ADOPTED, State.CONVENED))
    assert over.adjourned_at < live.opened_at < coming.starts_at
    states = [item.state for item in live.items.with_state()]
    assert states[:6] == [*[ItemState.DONE] * 4, ItemState.CURRENT, ItemState.TO_COME]
    assert (len(states), states.count(ItemState.WITHDRAWN)) == (15, 1)


def test_votes_are_of_every_outcome_that_the_content_tells():
    assert {vote.outcome for vote in Division.objects.all()} >= {Outcome.UNANIMOUS, Outcome.ADOPTED, Outcome.REJECTED}
    assert [vote.totals.cast for vote in Division.objects.filter(method="secret")] == [13]


def test_the_session_that_is_over_has_a_film_with_chapters_and_captions(settings, tmp_path):
    settings.VIDEO_DIR = tmp_path
    over = sitting(State.ADOPTED)
    items = list(over.items.with_state())
    leave_film(over.recording, [over.opened_at + number * LASTS for number in range(len(items))])
    chapters = picture_of(over, items).chapters
    assert [(chapter.item, chapter.seconds) for chapter in chapters] == [
        (item, number * LASTS.seconds) for number, item in enumerate(items)
    ]
    for caption in over.recording.captions.all():
        at = playlists.position(over.recording.shown(), caption.begins_at)
        assert caption.begins_at - over.opened_at == timedelta(seconds=at)
    assert playlists.master(over.recording.path, over.recording.hidden).count("STREAM-INF") == 3
    assert playlists.thumbnail(over.recording.path, over.recording.hidden)


def test_documents_are_pages_that_open():
    assert PaperVersion.objects.count() == 9
    page = pdf("L’été (2)", "a \\ b")
    table = page[page.index(b"xref\n") :].split(b"\n")
    for number, line in enumerate(table[3:7], 1):
        assert page[int(line[:10]) :].startswith(b"%d 0 obj" % number)
    assert page[int(page.split(b"startxref\n")[1].split(b"\n")[0]) :].startswith(b"xref")
    assert b"(L\x92\xe9t\xe9 \\(2\\))" in page


def test_the_film_is_small_enough_to_be_carried_along():
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*")) < 1_000_000

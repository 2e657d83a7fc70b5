"""A small invented council, and its sittings in the states that tests begin from."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from livestream.models import Councillor, Group, Item, Recording, Sitting, StreamKey, attendance

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MOMENT = timedelta(milliseconds=2)
MEMBERS = {
    "Ville ouverte": ["Agathe Morin", "Basile Tessier", "Cosima Vidal"],
    "Cœur de ville": ["Doriane Lemaire", "Émile Garance"],
    "Non-inscrits": ["Fleur Astier", "Gaspard Noël"],
}


@pytest.fixture
def council(db):
    """Seven members in three groups, by first name; Agathe is the mayor."""
    members = {}
    for rank, (name, people) in enumerate(MEMBERS.items()):
        group = Group.objects.create(name=name, rank=rank)
        for person in people:
            office = "councillor" if members else "mayor"
            member = Councillor.objects.create(
                name=person, group=group, office=office, rank=len(members), from_day=date(2020, 7, 4)
            )
            members[person.split()[0]] = member
    return members


@pytest.fixture
def make_sitting(colette, council):
    """A draft with three items, to begin in an hour."""

    def make(*, at=None, items=3, **fields):
        at = at or timezone.now()
        given = {"place": "Salle du conseil", "chair": council["Agathe"]} | fields
        sitting = Sitting.draft(colette, title="Conseil de décembre", starts_at=at + HOUR, **given)
        for rank in range(1, items + 1):
            Item.objects.create(sitting=sitting, rank=rank, number=str(rank), title=f"Point {rank}")
        return sitting

    return make


@pytest.fixture
def draft(make_sitting):
    return make_sitting()


@pytest.fixture
def convened(draft, colette):
    draft.convene(colette, at=timezone.now())
    return draft


@pytest.fixture
def live(convened, colette):
    convened.open(colette, at=timezone.now())
    return convened


@pytest.fixture
def gathered(live, council, colette):
    """A live one with all members there but the last two."""
    for name in ("Agathe", "Basile", "Cosima", "Doriane", "Émile"):
        attendance.arrive(live, council[name], colette, at=timezone.now())
    return live


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def give_key(live, colette, now):
    """A key of the live session, for two hours."""

    def give(*, from_at=now - HOUR, until_at=now + HOUR):
        return StreamKey.give(live, colette, from_at=from_at, until_at=until_at, at=now)

    return give


@pytest.fixture
def recording(give_key, live, settings, tmp_path):
    """Of the live session: five segments of a minute each, from when it was opened."""
    settings.VIDEO_DIR = tmp_path
    give_key()
    recording = Recording.objects.get(sitting=live)
    lines = ["#EXTM3U"]
    for number in range(5):
        # Written in whole milliseconds, which would else be a little before the session.
        stamp = (live.opened_at + number * MINUTE + MOMENT).isoformat(timespec="milliseconds")
        lines += ["#EXTINF:60.000000,", f"#EXT-X-PROGRAM-DATE-TIME:{stamp}", f"{number:05}.ts"]
    for name in ("720p", "360p", "audio"):
        (recording.path / "1" / name).mkdir(parents=True)
        (recording.path / f"1/{name}.m3u8").write_text("\n".join([*lines, ""]))
        for number in range(5):
            (recording.path / f"1/{name}/{number:05}.ts").write_bytes(b"0123456789")
    (recording.path / "1/about.json").write_text('{"video": "avc1.64001f", "size": "1280x720"}')
    (recording.path / "1/thumbnail.jpg").write_bytes(b"\xff\xd8")
    return recording

"""Calendars, the feed and the deliberations that others read."""

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.utils import timezone
from frictionless import Resource, Schema

import livestream
from livestream.models import Item, Method, Sitting, Totals
from livestream.models.division import record

SCHEMA = json.loads((Path(livestream.__file__).parent / "scdl_deliberations.schema.json").read_text())


def unfolded(response) -> list[str]:
    text = response.content.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


@pytest.mark.django_db
def test_a_calendar_follows_a_sitting_by_one_identifier(client, convened, colette):
    before = unfolded(client.get(f"/seances/{convened.pk}.ics"))
    convened.edit(colette, revision=1, at=timezone.now(), starts_at=convened.starts_at + timedelta(days=1))
    convened.cancel(colette, reason="Une panne, dans la salle ; reportée.", at=timezone.now())
    after = unfolded(client.get(f"/seances/{convened.pk}.ics"))
    (uid,) = (line for line in before if line.startswith("UID:"))
    assert uid in after
    assert {"STATUS:CONFIRMED", "SEQUENCE:0"} <= set(before)
    assert {"STATUS:CANCELLED", "SEQUENCE:2"} <= set(after)
    assert r"DESCRIPTION:Une panne\, dans la salle \; reportée." in after


@pytest.mark.django_db
def test_the_calendar_of_all_has_no_draft(client, draft, make_sitting, colette):
    other = make_sitting()
    other.convene(colette, at=timezone.now())
    lines = unfolded(client.get("/seances.ics"))
    assert lines.count("BEGIN:VEVENT") == 1
    assert client.get(f"/seances/{draft.pk}.ics").status_code == 404


@pytest.mark.django_db
def test_the_feed_tells_of_what_is_convened(client, convened):
    assert "Conseil de décembre" in client.get("/seances/nouvelles.atom").content.decode()


@pytest.fixture
def deliberated(gathered, council, colette):
    items = list(gathered.items.select_related("sitting"))
    for rank, item in enumerate(items[:2]):
        Item.objects.filter(pk=item.pk).update(matter_code="7.5", deliberation_number=f"2026-{rank}")
    voices = {council[name].pk: "for" for name in ("Agathe", "Basile", "Cosima")} | {council["Doriane"].pk: "against"}
    record(items[0], colette, method=Method.HANDS, seen=None, at=timezone.now(), voices=voices)
    record(items[1], colette, method=Method.SECRET, seen=None, at=timezone.now(), totals=Totals(3, 1, 1, 0))
    # Without a number: no deliberation that was sent.
    record(items[2], colette, method=Method.SECRET, seen=None, at=timezone.now(), totals=Totals(3, 1, 1, 0))
    gathered.adjourn(colette, at=timezone.now())
    return gathered


@pytest.mark.django_db
def test_deliberations_are_as_the_schema_asks(client, deliberated):
    table = client.get("/deliberations.csv").content
    report = Resource(table, format="csv", schema=Schema.from_descriptor(SCHEMA)).validate()
    assert (report.flatten(["rowNumber", "fieldName", "note"]), report.tasks[0].stats["rows"]) == ([], 2)
    rows = list(csv.DictReader(StringIO(table.decode())))
    counts = {
        row["DELIB_ID"]: [row[f"VOTE_{name}"] for name in ("EFFECTIF", "REEL", "POUR", "CONTRE", "ABSTENTION")]
        for row in rows
    }
    assert counts == {"2026-0": ["7", "4", "3", "1", "0"], "2026-1": ["7", "5", "3", "1", "1"]}
    assert rows[0]["DELIB_MATIERE_NOM"] == "Subventions"


@pytest.mark.django_db
def test_deliberations_are_published_when_the_sitting_is_over(client, deliberated, django_assert_max_num_queries):
    Sitting.objects.update(adjourned_at=None)
    with django_assert_max_num_queries(1):
        assert client.get("/deliberations.csv").content.decode().count("\n") == 1

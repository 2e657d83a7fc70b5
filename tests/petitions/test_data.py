"""Open data: what programs and feed readers are given, and what they never are."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from civic.opendata import records
from petitions import counting
from petitions.models import Petition
from tests.petitions.conftest import published, signer

ATOM = "{http://www.w3.org/2005/Atom}"


def record(client, petition) -> dict:
    return client.get(reverse("petition-json", args=[petition.pk])).json()


def test_a_record_says_what_the_page_says(opened, client):
    opened.sign(signer(), at=timezone.now())
    counting.count_moved()
    found = record(client, opened)
    assert found["id"] == opened.pk
    assert found["url"].endswith(opened.get_absolute_url())
    assert (found["title"], found["request"], found["details"]) == (opened.title, opened.request, opened.details)
    assert (found["state"], found["theme"], found["quarter"], found["count"]) == ("open", "velo", "surieux", 1)
    assert parse_datetime(found["closes_at"]) == opened.closes_at.replace(
        microsecond=opened.closes_at.microsecond // 1000 * 1000
    )
    assert [threshold["kind"] for threshold in found["thresholds"]] == ["meeting", "answer", "council"]


def test_the_author_is_named_only_while_it_is_open(opened, client):
    assert record(client, opened)["author"] == "Amina Belkacem"
    Petition.objects.filter(pk=opened.pk).update(
        opens_at=timezone.now() - timedelta(days=200), closes_at=timezone.now() - timedelta(days=1)
    )
    assert record(client, opened)["author"] is None
    assert "Amina" not in client.get("/petitions.json").content.decode()


def test_a_signer_s_data_is_never_given(opened, client):
    opened.sign(signer("Bruno Visible", "b@example.org", shows_name=True, postal_code="38432"), at=timezone.now())
    counting.count_moved()
    addresses = [
        "/petitions.json",
        reverse("petition-json", args=[opened.pk]),
        reverse("petition-count-json", args=[opened.pk]),
        "/petitions/nouvelles.atom",
    ]
    for address in addresses:
        content = client.get(address).content.decode()
        assert not [secret for secret in ("Bruno", "example.org", "38432", "mailbox") if secret in content], address


def test_the_count_is_an_address_of_its_own(opened, client):
    address = reverse("petition-count-json", args=[opened.pk])
    assert client.get(address).json() | {"updated_at": None} == {"id": opened.pk, "count": 0, "updated_at": None}
    opened.sign(signer(), at=timezone.now())
    counting.count_moved()
    assert client.get(address).json()["count"] == 1


def test_all_pages_hold_every_public_petition_once(amina, theme, client, monkeypatch):
    monkeypatch.setattr(records, "SIZE", 4)
    for number in range(9):
        petition = Petition.draft(amina, title=f"Numéro {number}")
        petition.edit(amina, at=timezone.now(), request="Ceci.", theme=theme)
        published(petition, at=timezone.now() - timedelta(days=30 * number))
    seen, address = [], "/petitions.json"
    while address:
        answer = client.get(address).json()
        seen += [petition["title"] for petition in answer["petitions"]]
        address = answer["next"]
    assert sorted(seen) == [f"Numéro {number}" for number in range(9)]


def test_any_site_may_read_it(opened, client):
    for address in ("/petitions.json", reverse("petition-json", args=[opened.pk])):
        answer = client.get(address)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Content-Type"] == "application/json"
        assert client.post(address).status_code == 405
        json.loads(answer.content)


def test_data_has_no_language(client, opened):
    assert client.get("/en/petitions.json").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["closed", "refused"])
def test_other_public_states_are_data_too(request, client, name):
    petition = request.getfixturevalue(name)
    assert record(client, petition)["state"] == name


def test_the_feed_holds_what_is_open(opened, client, amina, theme):
    later = Petition.draft(amina, title="Pas encore")
    later.edit(amina, at=timezone.now(), request="Ceci.", theme=theme)
    answer = client.get("/petitions/nouvelles.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [opened.title]
    assert entries[0].find(f"{ATOM}link").get("href").endswith(opened.get_absolute_url())
    assert entries[0].findtext(f"{ATOM}updated")
    assert feed.findtext(f"{ATOM}id")


def test_the_feed_carries_hostile_text_as_text(amina, theme, client):
    petition = Petition.draft(amina, title="<script>alert(1)</script> & ]]>")
    petition.edit(amina, at=timezone.now(), request="</summary><entry>\u0008", theme=theme)
    published(petition, at=timezone.now())
    feed = ElementTree.fromstring(client.get("/petitions/nouvelles.atom").content)
    assert len(feed.findall(f"{ATOM}entry")) == 1

"""The pages that anyone reads."""

from hashlib import sha256

import pytest
from django.utils import timezone

from livestream.models import Paper, PaperVersion, State

pytestmark = pytest.mark.django_db


def test_the_list_has_what_is_live_what_comes_and_what_is_over(client, make_sitting, colette):
    at = timezone.now()
    live, coming, over, _draft = (make_sitting() for _ in range(4))
    for sitting in (live, coming, over):
        sitting.convene(colette, at=at)
    for sitting in (live, over):
        sitting.open(colette, at=at)
    over.adjourn(colette, at=timezone.now())
    sections = client.get("/seances/").context["sections"]
    assert {section["key"]: list(section["rows"]) for section in sections} == {
        "live": [live], "coming": [coming], "over": [over],
    }  # fmt: skip


def test_a_sitting_shows_its_agenda_in_six_queries(client, gathered, colette, django_assert_max_num_queries):
    item = gathered.items.first()
    gathered.go_to(item, colette, seen=None, at=timezone.now())
    with django_assert_max_num_queries(6):
        response = client.get(gathered.get_absolute_url())
    page = response.content.decode()
    assert (response.context["state"], response.context["current"].item) == (State.LIVE, item)
    assert page.count('class="item') >= 3
    assert "Le quorum est atteint" in page


def test_what_is_broadcast_is_what_the_page_shows(client, gathered, colette):
    item = gathered.items.first()
    gathered.go_to(item, colette, seen=None, at=timezone.now())
    page = client.get(gathered.get_absolute_url()).content.decode()
    for slot in ("now", "present", f"item-{item.pk}"):
        assert gathered.stream.events.get(slot=slot).html["fr"].strip() in page


def test_an_old_address_leads_to_the_new_one(client, convened):
    for address in (f"/seances/{convened.pk}/", f"/seances/{convened.pk}-autre/"):
        assert client.get(address).headers["Location"] == convened.get_absolute_url()


def test_a_draft_is_shown_to_clerks_alone(client, draft, colette, sign_in):
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert sign_in(colette).get(draft.get_absolute_url()).status_code == 200


def test_each_version_of_a_document_stays_to_be_read(client, draft, colette, sign_in):
    paper = Paper.objects.create(sitting=draft, title="Rapport")
    for number in (1, 2):
        content = f"%PDF-1.4 {number}".encode()
        facts = {"content": content, "size": len(content), "sha256": sha256(content).hexdigest()}
        PaperVersion.objects.create(paper=paper, number=number, added_at=timezone.now(), **facts)
    address = f"/seances/documents/{draft.pk}/{paper.pk}/1/"
    assert client.get(address).status_code == 404
    draft.convene(colette, at=timezone.now())
    response = client.get(address)
    assert (response.content, response["Content-Disposition"]) == (b"%PDF-1.4 1", 'attachment; filename="rapport.pdf"')
    assert "sandbox" in response["Content-Security-Policy"]
    page = client.get(draft.get_absolute_url()).content.decode()
    assert f"/seances/documents/{draft.pk}/{paper.pk}/2/" in page
    assert address not in page

"""The home page, the pages that every public site owes, and what browsers report."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from petitions import counting
from petitions.models import Petition
from tests.petitions.conftest import published, signer

TEXTS = [
    "aide", "mentions-legales", "donnees-personnelles", "accessibilite", "eco-conception", "ordre-des-listes",
    "charte-des-petitions",
]  # fmt: skip


def figures(client) -> list[int]:
    return [figure["value"] for figure in client.get("/").context["figures"]]


# --- Home ---------------------------------------------------------------------------------


def test_a_city_without_petitions_has_a_home_page(client, db):
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'href="/petitions/nouvelle/"' in answer.content.decode()
    assert figures(client) == [0, 0, 0]


def test_home_shows_what_is_open_and_what_ends_soon(opened, client, amina, theme):
    for number in range(8):
        petition = Petition.draft(amina, title=f"Numéro {number}")
        petition.edit(amina, at=timezone.now(), request="Ceci.", theme=theme)
        published(petition, at=timezone.now() - timedelta(days=10 * (number + 1)))
    shown = client.get("/").context
    assert [petition.title for petition in shown["open_petitions"]][:2] == [opened.title, "Numéro 0"]
    assert len(shown["open_petitions"]) == 6
    assert [petition.title for petition in shown["ending_soon"]] == ["Numéro 7", "Numéro 6", "Numéro 5"]


def test_figures_follow_what_happens(opened, client):
    opened.thresholds.filter(kind="meeting").update(count=2)
    for number in range(3):
        opened.sign(signer(f"Personne {number}", f"p{number}@example.org"), at=timezone.now())
    counting.count_moved()
    assert figures(client) == [1, 3, 1]
    page = client.get("/")
    assert [threshold.count for threshold in page.context["reached"]] == [2]
    Petition.objects.update(hidden_at=timezone.now())
    assert figures(client) == [0, 0, 0]
    assert opened.title not in client.get("/").content.decode()


def test_what_is_closed_is_not_called_open(closed, client):
    assert figures(client) == [0, 0, 0]
    assert closed.title not in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["", "/en"])
def test_home_is_the_same_for_every_visitor(opened, client, language):
    answer = client.get(f"{language}/", headers={"Accept-Language": "de"})
    assert answer["Content-Language"] == (language.strip("/") or "fr")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert "cookie" not in answer.get("Vary", "").lower()
    assert client.get(f"{language}/", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_home_of_someone_signed_in_is_kept_by_no_cache(opened, bruno, sign_in):
    answer = sign_in(bruno).get("/")
    assert "no-store" in answer["Cache-Control"]
    assert 'href="/compte/"' in answer.content.decode()


def test_home_asks_the_database_little(opened, client, bruno, sign_in, django_assert_max_num_queries):
    opened.thresholds.update(reached_at=timezone.now())
    with django_assert_max_num_queries(6):
        client.get("/")
    reader = sign_in(bruno)
    with django_assert_max_num_queries(12):
        reader.get("/")


# --- Texts --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", TEXTS)
def test_pages_of_text_are_there_in_one_request(client, db, django_assert_num_queries, page):
    with django_assert_num_queries(0):
        answer = client.get(f"/{page}/")
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert client.post(f"/{page}/").status_code == 405


def test_every_page_says_where_help_is(client, db):
    footer = client.get("/").content.decode()
    assert all(f'href="/{page}/"' in footer for page in ("accessibilite", "mentions-legales", "donnees-personnelles"))
    assert 'href="tel:' in footer


# --- What browsers report ---------------------------------------------------------------------


def test_a_browser_s_report_is_taken_without_a_token_and_cut_short(db, caplog):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/csp-reports", data="x" * 10_000, content_type="application/csp-report")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies
    assert len(caplog.records[0].getMessage()) < 2100
    assert browser.get("/csp-reports").status_code == 405


def test_reports_are_limited(client, db):
    statuses = [client.post("/csp-reports", data="x", content_type="text/plain").status_code for _ in range(31)]
    assert statuses == [204] * 30 + [429]


def test_an_unknown_address_says_so_in_the_page_s_language(client, db):
    nothing = client.get("/rien/")
    assert (nothing.status_code, nothing["Cache-Control"]) == (404, "private, no-store")
    assert client.get("/en/rien/")["Content-Language"] == "en"

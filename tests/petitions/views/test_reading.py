"""What anyone reads: each state of a petition's page, and how long caches may keep it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.moderation.models import Reason
from petitions import counting
from petitions.models import Petition, PetitionState, Signature
from tests.petitions.conftest import published, signer

LIST = "/petitions/"


@pytest.fixture
def scheduled(draft):
    petition = published(draft, at=timezone.now())
    Petition.objects.filter(pk=petition.pk).update(opens_at=timezone.now() + timedelta(days=3))
    return Petition.objects.get(pk=petition.pk)


def set_aside(petition, **facts):
    Petition.objects.filter(pk=petition.pk).update(**{name: timezone.now() for name in facts if facts[name]})


# --- States -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "state", "can_be_signed"),
    [
        ("opened", "open", True),
        ("scheduled", "scheduled", False),
        ("closed", "closed", False),
        ("refused", "refused", False),
    ],
)
def test_each_public_state_has_its_page(request, client, name, state, can_be_signed):
    petition = request.getfixturevalue(name)
    assert petition.state == state
    page = client.get(petition.get_absolute_url())
    assert page.status_code == 200
    assert page.context["petition"].state == state
    assert (reverse("petitions:sign", args=[petition.pk]) in page.content.decode()) is can_be_signed


def test_a_refusal_is_public_with_its_reason(refused, client):
    assert refused.refusal_reason.wording in client.get(refused.get_absolute_url()).content.decode()


def test_a_withdrawn_petition_says_so_and_is_not_signed(opened, client):
    set_aside(opened, withdrawn_at=True)
    page = client.get(opened.get_absolute_url())
    assert page.context["petition"].state == PetitionState.WITHDRAWN
    assert reverse("petitions:sign", args=[opened.pk]) not in page.content.decode()


def test_a_hidden_petition_is_not_there(opened, client, bruno, sign_in):
    set_aside(opened, hidden_at=True)
    addresses = [
        opened.get_absolute_url(),
        reverse("petitions:short", args=[opened.pk]),
        reverse("petitions:sign", args=[opened.pk]),
        reverse("petitions:thanks", args=[opened.pk]),
        reverse("petition-json", args=[opened.pk]),
        reverse("petition-count-json", args=[opened.pk]),
    ]
    for address in addresses:
        for visitor in (client, sign_in(bruno)):
            answer = visitor.get(address)
            assert answer.status_code == 404, address
            assert opened.title not in answer.content.decode()
    for address in (f"{LIST}?etat=toutes", "/", "/petitions.json", "/petitions/nouvelles.atom"):
        assert opened.title not in client.get(address).content.decode()


def test_a_removed_petition_is_gone(opened, client):
    set_aside(opened, removed_at=True)
    answer = client.get(opened.get_absolute_url())
    assert answer.status_code == 410
    assert opened.title not in answer.content.decode()
    assert client.get(reverse("petition-json", args=[opened.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["draft", "submitted"])
def test_what_is_not_published_is_its_author_s_alone(request, client, amina, bruno, sign_in, name):
    petition = request.getfixturevalue(name)
    assert sign_in(amina).get(petition.get_absolute_url()).status_code == 200
    assert sign_in(bruno).get(petition.get_absolute_url()).status_code == 404
    assert client.get(petition.get_absolute_url()).status_code == 404
    assert client.get(reverse("petitions:short", args=[petition.pk])).status_code == 404
    assert petition.title not in client.get(f"{LIST}?etat=toutes").content.decode()


def test_any_other_slug_leads_to_the_right_address(opened, client):
    for address in (f"/petitions/{opened.pk}-autre-chose/", f"/petitions/{opened.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, answer.url) == (301, opened.get_absolute_url())
    assert client.get(f"/en/petitions/{opened.pk}/").url == f"/en{opened.get_absolute_url()}"


def test_only_reading_is_answered(opened, client):
    for address in (LIST, opened.get_absolute_url(), f"/petitions/{opened.pk}/"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == client.get(address).status_code


# --- What stands on the page ----------------------------------------------------------------


def test_only_who_asked_for_it_is_named(opened, client):
    opened.sign(signer("Montrée Volontiers", "m@example.org", shows_name=True), at=timezone.now())
    opened.sign(signer("Discrète Personne", "d@example.org"), at=timezone.now())
    gone = opened.sign(signer("Partie Depuis", "p@example.org", shows_name=True), at=timezone.now())
    Signature.objects.get(pk=gone).withdraw(at=timezone.now())
    page = client.get(opened.get_absolute_url()).content.decode()
    assert "Montrée Volontiers" in page
    assert "Discrète" not in page
    assert "Partie Depuis" not in page
    assert "example.org" not in page


def test_the_page_shows_what_the_stream_sends(opened, client):
    opened.sign(signer(), at=timezone.now())
    counting.count_moved()
    fragment = opened.stream.events.get(kind="count").html["fr"]
    assert fragment.strip() in client.get(opened.get_absolute_url()).content.decode()


def test_a_name_in_any_script_stands_as_it_is_and_runs_nothing(opened, client):
    for number, name in enumerate(["محمد علي", "Zoé 🌻 Martin", "<b>Gras</b> & Cie", "A" * 80]):
        opened.sign(signer(name, f"n{number}@example.org", shows_name=True), at=timezone.now())
    page = client.get(opened.get_absolute_url()).content.decode()
    assert "محمد علي" in page
    assert "Zoé 🌻 Martin" in page
    assert "<b>Gras" not in page


# --- Caches ---------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [LIST, "page", "/petitions.json", "record", "count", "/petitions/nouvelles.atom"])
def test_a_public_page_is_the_same_for_all_and_may_be_kept(opened, client, bruno, sign_in, address):
    address = {
        "page": opened.get_absolute_url(),
        "record": reverse("petition-json", args=[opened.pk]),
        "count": reverse("petition-count-json", args=[opened.pk]),
    }.get(address, address)
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]
    assert "max-age" in answer["Cache-Control"]
    assert "cookie" not in answer.get("Vary", "").lower()
    assert "csrf" not in answer.content.decode()
    # A hidden text is gone from every cache within a minute, the database away or not.
    kept = dict(part.strip().partition("=")[::2] for part in answer["Cache-Control"].split(","))
    assert int(kept["max-age"]) + int(kept.get("stale-if-error", 0)) <= 55
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    own = sign_in(bruno).get(address)
    assert {"private", "no-store"} <= {part.strip() for part in own["Cache-Control"].split(",")}
    assert "public" not in own["Cache-Control"]


def test_a_new_count_makes_a_new_page(opened, client):
    address = opened.get_absolute_url()
    before = client.get(address)["ETag"]
    opened.sign(signer(), at=timezone.now())
    counting.count_moved()
    assert client.get(address, headers={"If-None-Match": before}).status_code == 200


# --- What it costs ----------------------------------------------------------------------------


@pytest.fixture
def many(draft, amina, theme, quarter):
    pages = []
    for number in range(25):
        petition = Petition.draft(amina, title=f"Pétition numéro {number}")
        petition.edit(amina, at=timezone.now(), request="Ceci.", theme=theme, quarter=quarter)
        pages.append(published(petition, at=timezone.now() - timedelta(hours=number)))
    return pages


@pytest.mark.parametrize(
    "address",
    [LIST, f"{LIST}?etat=toutes&tri=signatures&q=petition&theme=velo&quartier=surieux", "page", "/petitions.json"],
)
def test_a_public_page_asks_the_database_little(many, client, django_assert_max_num_queries, address):
    petition = many[0]
    for number in range(12):
        petition.sign(
            signer(f"Personne {chr(65 + number)}", f"p{number}@example.org", shows_name=True), at=timezone.now()
        )
    counting.count_moved()
    with django_assert_max_num_queries(6):
        assert client.get(petition.get_absolute_url() if address == "page" else address).status_code == 200


def test_a_page_of_someone_signed_in_asks_little_more(many, bruno, sign_in, django_assert_max_num_queries):
    reader = sign_in(bruno)
    for address in (LIST, many[0].get_absolute_url()):
        with django_assert_max_num_queries(12):
            assert reader.get(address).status_code == 200


@pytest.mark.django_db
def test_a_text_refused_for_harming_somebody_is_read_by_its_author_alone(client, submitted, sign_in, amina, bruno):
    attack = Reason.objects.get(code="personal_attack")
    submitted.refuse(attack, suggestion="", at=timezone.now())
    for stranger in (client, sign_in(bruno)):
        assert stranger.get(submitted.get_absolute_url()).status_code == 404
    assert submitted.title not in client.get("/petitions/?etat=refusees").content.decode()
    assert submitted.title not in client.get("/petitions.json").content.decode()
    assert sign_in(amina).get(submitted.get_absolute_url()).status_code == 200
    submitted.edit(amina, at=timezone.now(), request="Un passage surélevé.")
    submitted.submit(amina, at=timezone.now())
    submitted.refresh_from_db()
    assert submitted.withheld_at is None

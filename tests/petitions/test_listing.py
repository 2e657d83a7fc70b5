"""The list: which petitions, in which order, found by which words, and pages that hold while rows come and go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.territory.models import Quarter, Theme
from petitions import counting, listing
from petitions.models import Counter, Petition
from tests.petitions.conftest import published, signer

LIST = "/petitions/"


@pytest.fixture
def write(amina, theme):
    """Publish a petition of a given title, `ago` before now."""

    def write(title, *, ago=timedelta(), request="Ceci.", **fields):
        petition = Petition.draft(amina, title=title)
        petition.edit(amina, at=timezone.now(), request=request, **({"theme": theme} | fields))
        return published(petition, at=timezone.now() - ago)

    return write


def titles(client, query="") -> list[str]:
    return [petition.title for petition in client.get(f"{LIST}{query}").context["listing"].items]


def test_the_latest_come_first_and_only_open_ones(write, closed, client):
    write("Ancienne", ago=timedelta(days=9))
    write("Récente")
    assert titles(client) == ["Récente", "Ancienne"]


def test_states_are_told_apart(write, amina, client):
    write("Ouverte")
    write("Close", ago=timedelta(days=200))
    later = write("À venir")
    Petition.objects.filter(pk=later.pk).update(opens_at=timezone.now() + timedelta(days=2))
    withdrawn = write("Retirée", ago=timedelta(days=1))
    Petition.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    assert titles(client, "?etat=ouvertes") == ["Ouverte"]
    assert titles(client, "?etat=a-venir") == ["À venir"]
    assert set(titles(client, "?etat=closes")) == {"Close", "Retirée"}
    assert len(titles(client, "?etat=toutes")) == 4


def test_what_was_refused_has_its_list(refused, client):
    assert titles(client, "?etat=refusees") == [refused.title]
    assert titles(client, "?etat=refusees&tri=echeance") == [refused.title]
    assert titles(client) == []


def test_orders(write, client):
    few, many = write("Peu", ago=timedelta(days=1)), write("Beaucoup", ago=timedelta(days=5))
    write("Aucune", ago=timedelta(days=3))
    for petition, number in ((few, 1), (many, 3)):
        for n in range(number):
            petition.sign(signer(f"Personne {n}", f"p{n}@example.org"), at=timezone.now())
    counting.count_moved()
    assert titles(client, "?tri=signatures") == ["Beaucoup", "Peu", "Aucune"]
    assert titles(client, "?tri=echeance") == ["Beaucoup", "Aucune", "Peu"]
    assert titles(client, "?tri=recentes") == ["Peu", "Aucune", "Beaucoup"]


def test_by_theme_and_quarter(write, client, quarter):
    school = Theme.objects.get_or_create(slug="ecole", defaults={"name": "École"})[0]
    elsewhere = Quarter.objects.get_or_create(slug="ailleurs", defaults={"name": "Ailleurs"})[0]
    write("Ici", theme=school, quarter=quarter)
    write("Là", theme=school, quarter=elsewhere)
    write("Autre")
    assert set(titles(client, "?theme=ecole")) == {"Ici", "Là"}
    assert titles(client, f"?theme=ecole&quartier={quarter.slug}") == ["Ici"]
    assert titles(client, "?theme=inconnu") == []


@pytest.mark.parametrize("words", ["ecole", "école", "ÉCOLES", "cours d'ecole", "œuvres", "oeuvre", "« école »"])
def test_words_are_found_without_accents_and_in_the_plural(write, client, words):
    write("La cour de l’école élémentaire", request="Des œuvres sur les murs de nos cours.")
    write("Un abri à vélos")
    assert titles(client, f"?q={words}") == ["La cour de l’école élémentaire"]


def test_details_are_searched_too_and_edits_are_followed(write, client, draft, amina):
    draft.edit(amina, at=timezone.now(), details="Le platane centenaire.")
    published(draft, at=timezone.now())
    assert titles(client, "?q=platanes") == [draft.title]


@pytest.mark.parametrize(
    "words",
    ["%00", "%27%27)", "%5C", "a%7Cb%26!c", "%22", "(%20", "the", "le la les", "-", ":*", "%F0%9F%9A%B2", "x" * 5000],
)
def test_whatever_is_searched_is_answered(write, client, words):
    write("Une pétition")
    assert client.get(f"{LIST}?q={words}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "etat=rien",
        "tri=hasard",
        "tri=echeance&etat=refusees",
        "theme=%00",
        "quartier=%00",
        "apres=%00",
        "apres=xyz",
        "apres=%F0%9F%9A%B2",
    ],
)
def test_an_address_that_asks_wrongly_is_answered(write, client, query):
    write("Une pétition")
    assert client.get(f"{LIST}?{query}").status_code == 200


# --- Pages ----------------------------------------------------------------------------------


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(listing, "SIZE", 3)


def follow(client, query="") -> list[list[str]]:
    """The titles of each page, from the first to the last."""
    pages, address = [], f"{LIST}{query}"
    while address:
        shown = client.get(address).context["listing"]
        pages.append([petition.title for petition in shown.items])
        address = shown.next_url and f"{LIST}{shown.next_url}"
    return pages


@pytest.mark.parametrize("order", ["recentes", "signatures", "echeance"])
def test_pages_hold_everything_once(write, client, short_pages, order):
    for number in range(8):
        write(f"Numéro {number}", ago=timedelta(hours=number // 2))
    pages = follow(client, f"?tri={order}")
    assert [len(page) for page in pages] == [3, 3, 2]
    assert len({title for page in pages for title in page}) == 8


def test_what_is_added_meanwhile_shifts_nothing(write, client, short_pages):
    for number in range(6):
        write(f"Numéro {number}", ago=timedelta(hours=number))
    first = client.get(LIST).context["listing"]
    write("Toute nouvelle")
    following = client.get(f"{LIST}{first.next_url}").context["listing"]
    assert [p.title for p in following.items] == ["Numéro 3", "Numéro 4", "Numéro 5"]
    assert following.first_url
    assert not following.next_url


def test_filters_and_words_stay_while_one_turns_pages(write, client, short_pages):
    for number in range(5):
        write(f"École {number}")
    write("Autre chose")
    pages = follow(client, "?q=ecole&etat=toutes&tri=signatures")
    assert [len(page) for page in pages] == [3, 2]
    assert all(title.startswith("École") for page in pages for title in page)


def test_equal_counts_are_told_apart(write, client, short_pages):
    for number in range(7):
        write(f"Numéro {number}")
    Counter.objects.update(confirmed=12)
    assert sum(len(page) for page in follow(client, "?tri=signatures")) == 7


@pytest.mark.parametrize("order", ["recentes", "signatures", "echeance"])
@pytest.mark.parametrize(
    "cursor", ["WzEsMl0", "WyJcdTAwMDAiLCJcdTAwMDAiXQ", "W05hTixOYU5d", "W3sieCI6MX0sMV0", ":", "é"]
)
def test_a_forged_cursor_gives_the_first_page(write, client, order, cursor):
    write("Une pétition")
    assert titles(client, f"?tri={order}&apres={cursor}") == ["Une pétition"]
    assert client.get(f"/petitions.json?after={cursor}").json()["petitions"]


def test_a_cursor_of_another_order_gives_the_first_page(write, client, short_pages):
    for number in range(4):
        write(f"Numéro {number}", ago=timedelta(hours=number))
    cursors = {order: client.get(f"{LIST}?tri={order}").context["listing"].page.next_cursor for order in listing.ORDERS}
    for order in listing.ORDERS:
        for cursor in cursors.values():
            assert len(titles(client, f"?tri={order}&apres={cursor}")) in {1, 3}


def test_what_was_never_open_shows_no_count_and_is_not_ordered_by_it(client, refused):
    page = client.get("/petitions/?etat=refusees&tri=signatures")
    assert refused.title in page.content.decode()
    assert 'class="count"' not in page.content.decode()
    assert page.context["listing"].orders == []

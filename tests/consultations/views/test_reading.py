"""What anyone reads: the list, a consultation, what one can choose from, the published text."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Turnout
from tests.consultations.ballot_box import unfrozen

DAY = timedelta(days=1)


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


@pytest.fixture
def open_vote(make_vote):
    return make_vote("single", "basket", easy_read="La ville fait un parc.", quorum=40)


def test_the_list_puts_what_is_open_before_what_comes_and_what_was(client, make_vote):
    titles = {"Ouvert": (-1, 7), "À venir": (3, 9), "Fini": (-9, -2)}
    for title, (opens, closes) in titles.items():
        consultation = make_vote(opens=opens, closes=closes)
        with unfrozen():
            type(consultation).objects.filter(pk=consultation.pk).update(title=title)
    text = text_of(client, "/consultations/")
    places = [text.index(f">{title}</a>") for title in titles]
    assert places == sorted(places)


def test_a_draft_is_not_listed_and_only_read_by_who_writes_it(client, draft, colette, bruno):
    address = f"/consultations/{draft.pk}-{draft.slug}/"
    assert "Le nom du parc" not in text_of(client, "/consultations/")
    assert client.get(address).status_code == 404
    client.force_login(bruno)
    assert client.get(address).status_code == 404


def test_the_page_says_all_that_one_needs_before_taking_part(client, open_vote):
    text = text_of(client, open_vote.get_absolute_url())
    for said in (
        "Voter",
        "Vote confidentiel",
        "nous en sommes là",
        "<strong>ouvre</strong>",
        "La ville fait un parc.",
        "Vous avez 16 ans ou plus",
        "Ce que nous ne pouvons pas promettre",
        "La réponse qui a le plus de voix",
        "Les projets les plus soutenus",
        "Il faut que 40 personnes",
        "Rien : le texte et les dates",
    ):
        assert said in text, said


def test_the_number_of_voters_is_live_and_nothing_else_of_the_vote(client, open_vote):
    Turnout.objects.filter(consultation=open_vote).update(voters=1204)
    text = text_of(client, open_vote.get_absolute_url())
    assert f'data-stream="{open_vote.stream_id}"' in text
    assert 'data-live="voters"' in text
    assert "1 204" in text


def test_before_the_opening_no_number_of_voters_is_shown(client, make_vote):
    text = text_of(client, make_vote(opens=2).get_absolute_url())
    assert "personnes ont voté" not in text
    assert "On peut voter à partir du" in text


def test_an_extension_and_a_correction_are_told_with_their_reasons(client, open_vote, colette):
    at = timezone.now()
    closes_at = open_vote.vote.closes_at + DAY
    open_vote.extend(colette, kind="vote", reason="Une panne d’électricité.", at=at, closes_at=closes_at)
    open_vote.correct(colette, explanation="Une faute de frappe.", at=at, summary="Quel beau parc ?")
    text = text_of(client, open_vote.get_absolute_url())
    assert "Une panne d’électricité." in text
    assert "Une faute de frappe." in text
    assert "Quel beau parc ?" in text
    published = text_of(client, f"/consultations/{open_vote.pk}/versions/")
    assert "beau</" in published or "beau<span" in published
    assert "Quel beau parc ?" in published.partition('id="text"')[2]


def test_an_old_address_leads_to_the_present_one(client, open_vote):
    assert client.get(f"/consultations/{open_vote.pk}-autre/")["Location"] == open_vote.get_absolute_url()
    assert client.get(f"/consultations/{open_vote.pk}/")["Location"] == open_vote.get_absolute_url()


# --- What one can choose from -----------------------------------------------------------------


def test_projects_are_listed_with_costs_in_the_order_that_was_asked(client, open_vote):
    text = text_of(client, f"/consultations/{open_vote.pk}/projets/?question=2&tri=moins-cher")
    assert text.index("Un chemin") < text.index("Une piscine") < text.index("Un parc")
    assert "60 €" in text


@pytest.mark.parametrize(
    "query", ["question=9", "tri=rien", "quartier=nulle-part", "page=0", "page=99", "page=x", "c=1"]
)
def test_what_an_address_asks_wrongly_is_left_out(client, open_vote, query):
    text_of(client, f"/consultations/{open_vote.pk}/projets/?{query}")


def test_up_to_three_are_held_side_by_side(client, open_vote):
    options = [str(o.pk) for question in open_vote.questions.all() for o in question.options.all()]
    address = f"/consultations/{open_vote.pk}/projets/comparer/"
    assert "Rien n’est coché" in text_of(client, address)
    assert text_of(client, f"{address}?c={options[3]}&c={options[4]}").count("<article") == 2
    many = text_of(client, f"{address}?" + "&".join(f"c={option}" for option in options))
    assert many.count("<article") == 3
    assert "trois au plus" in many
    assert text_of(client, f"{address}?c=x&c=999999&c={options[3]}&c={options[3]}").count("<article") == 1


def test_a_project_has_a_page_of_its_own_within_its_consultation(client, open_vote, make_vote):
    option = open_vote.questions.last().options.first()
    assert "<strong>des bancs</strong>" in text_of(client, f"/consultations/{open_vote.pk}/projets/{option.pk}/")
    assert client.get(f"/consultations/{make_vote().pk}/projets/{option.pk}/").status_code == 404


def test_a_proposer_is_never_named(client, open_vote):
    option = open_vote.questions.last().options.first()
    with unfrozen():
        type(option).objects.filter(pk=option.pk).update(proposer="Odile Garnier")
    for address in (f"projets/{option.pk}/", "projets/?question=2", f"projets/comparer/?c={option.pk}", "versions/"):
        assert "Odile" not in text_of(client, f"/consultations/{open_vote.pk}/{address}")


def test_pages_that_are_the_same_for_all_are_kept_by_caches(client, open_vote):
    for address in ("/consultations/", open_vote.get_absolute_url(), f"/consultations/{open_vote.pk}/projets/"):
        assert "public" in client.get(address)["Cache-Control"]


def test_home_shows_what_is_to_be_voted_on(client, open_vote):
    text = text_of(client, "/")
    assert open_vote.get_absolute_url() in text
    assert "Toutes les consultations" in text

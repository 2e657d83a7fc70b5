"""Writing, step by step, as a browser does it: form tokens are checked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from civic.moderation.models import Case
from petitions.models import Petition, PetitionState
from petitions.models.facts import TITLE_LENGTH
from tests.petitions.conftest import published

TITLE = "Des bancs le long du parc Maurice-Thorez"


def step(petition, key: str) -> str:
    return reverse("petitions:write", args=[petition.pk, key])


@pytest.fixture
def author(amina, sign_in):
    return sign_in(amina)


def test_a_petition_is_written_in_steps_and_sent(author, amina, theme, quarter):
    begun = author.post(reverse("petitions:new"), {"title": TITLE})
    petition = Petition.objects.get()
    assert begun.url == step(petition, "demande")
    assert author.post(begun.url, {"request": "Six bancs à l’ombre."}).url == step(petition, "details")
    assert author.post(step(petition, "details"), {"details": "- pour s’asseoir"}).url == step(petition, "lieu")
    answers = {"theme": theme.pk, "quarter": quarter.pk}
    assert author.post(step(petition, "lieu"), answers).url == step(petition, "relecture")

    assert TITLE in author.get(step(petition, "relecture")).content.decode()
    assert author.post(step(petition, "relecture")).url == reverse("petitions:mine")
    petition = Petition.objects.get()
    assert petition.state == PetitionState.IN_REVIEW
    assert (petition.author, petition.request, petition.theme, petition.quarter) == (
        amina, "Six bancs à l’ombre.", theme, quarter,
    )  # fmt: skip
    assert Case.objects.open().get().subject == petition.subject


def test_going_back_keeps_what_was_typed_and_asks_for_nothing(author, amina):
    petition = Petition.draft(amina, title=TITLE)
    back = author.post(step(petition, "demande"), {"request": "Six bancs.", "back": "1"})
    assert back.url == step(petition, "titre")
    assert TITLE in author.get(back.url).content.decode()
    assert "Six bancs." in author.get(step(petition, "demande")).content.decode()
    # Nothing is chosen yet: the way back is open all the same.
    assert author.post(step(petition, "lieu"), {"back": "1"}).url == step(petition, "details")


@pytest.mark.parametrize(
    ("key", "typed", "field"),
    [
        ("titre", {"title": "   "}, "title"),
        ("titre", {"title": "é" * (TITLE_LENGTH + 1)}, "title"),
        ("demande", {"request": ""}, "request"),
        ("demande", {"request": "Trop long. " * 40}, "request"),
        ("details", {"details": "Trop long. " * 400}, "details"),
        ("lieu", {"theme": ""}, "theme"),
        ("lieu", {"theme": "999999"}, "theme"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(author, draft, key, typed, field):
    answer = author.post(step(draft, key), typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert 'aria-invalid="true"' in answer.content.decode()
    if value := typed[field].strip():
        assert field == "theme" or value in answer.content.decode()
    before = getattr(draft, field)
    draft.refresh_from_db()
    assert getattr(draft, field) == before


def test_as_many_characters_as_the_page_allows_are_accepted(author, draft):
    """A browser counts a line break as one character and sends two."""
    lines = ("x" * 99 + "\r\n") * 30
    assert author.post(step(draft, "details"), {"details": lines}).status_code == 302
    request = ("x" * 99 + "\r\n") * 2 + "x" * 100
    assert author.post(step(draft, "demande"), {"request": request}).status_code == 302
    draft.refresh_from_db()
    assert draft.request == ("x" * 99 + " ") * 2 + "x" * 100


@pytest.mark.parametrize(
    "title",
    [
        # Grows when it is normalised; turns the reading direction; right to left; wide; nothing visible.
        pytest.param("\u0958" * TITLE_LENGTH, id="grows"),
        pytest.param("\u202eegarutcel", id="turned"),
        pytest.param("عنوان عريضة", id="arabic"),
        pytest.param("🚲" * TITLE_LENGTH, id="bicycles"),
        pytest.param("\u200b\u200b", id="invisible"),
    ],
)
def test_a_title_in_any_script_is_kept_or_refused_but_breaks_nothing(author, title):
    assert author.post(reverse("petitions:new"), {"title": title}).status_code in {302, 422}
    for petition in Petition.objects.all():
        assert author.get(step(petition, "titre")).status_code == 200
        assert author.get(petition.get_absolute_url()).status_code == 200
        assert "\u202e" not in petition.title
        assert petition.title


def test_the_first_form_sent_twice_is_one_draft(author, amina, bruno):
    first, second = (author.post(reverse("petitions:new"), {"title": TITLE}) for _ in range(2))
    assert first.url == second.url
    Petition.draft(bruno, title=TITLE)
    assert Petition.objects.count() == 2


def test_the_same_title_later_is_another_petition(author, draft, amina):
    author.post(reverse("petitions:new"), {"title": draft.title})
    assert Petition.objects.count() == 2


def test_editing_while_it_is_read_raises_the_revision(author, submitted):
    before = submitted.revision
    assert author.post(step(submitted, "details"), {"details": "Autrement."}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.revision == before + 1
    assert submitted.state == PetitionState.IN_REVIEW


def test_what_is_being_read_can_not_be_emptied_by_going_back(author, submitted):
    answer = author.post(step(submitted, "demande"), {"request": "", "back": "1"})
    assert answer.status_code == 422
    answer = author.post(step(submitted, "lieu"), {"theme": "", "back": "1"})
    assert answer.status_code == 422
    submitted.refresh_from_db()
    assert submitted.request


def test_sending_twice_opens_one_case(author, draft):
    author.post(step(draft, "relecture"))
    author.post(step(draft, "relecture"))
    assert Case.objects.count() == 1


def test_an_incomplete_petition_can_not_be_sent(author, amina):
    petition = Petition.draft(amina, title=TITLE)
    assert author.post(step(petition, "relecture")).status_code == 422
    assert Petition.objects.get().state == PetitionState.DRAFT


def test_a_refused_petition_is_rewritten_and_read_again(author, refused, mireille):
    assert author.get(step(refused, "titre")).status_code == 200
    author.post(step(refused, "demande"), {"request": "Une seule chose."})
    author.post(step(refused, "relecture"))
    refused.refresh_from_db()
    assert refused.state == PetitionState.IN_REVIEW
    assert Case.objects.open().get().trigger == "resubmitted"


def test_what_is_rewritten_after_a_refusal_is_not_shown_before_it_is_read(author, refused, client):
    """Otherwise a harmless refused text could be changed into anything, in public."""
    page = refused.get_absolute_url()
    assert client.get(page).status_code == 200
    author.post(step(refused, "details"), {"details": "Untel est un voleur."})
    refused.refresh_from_db()
    assert client.get(page).status_code == 404
    assert client.get(reverse("petition-json", args=[refused.pk])).status_code == 404
    assert b"voleur" not in client.get(reverse("petitions:list") + "?etat=refusees").content


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["opened", "closed"])
def test_a_published_text_no_longer_changes(request, author, name):
    petition = request.getfixturevalue(name)
    refused = author.post(step(petition, "titre"), {"title": "Autre chose"})
    assert refused.status_code == 403
    assert "<dt>Titre de la pétition</dt><dd>Autre chose</dd>" in refused.content.decode()
    assert author.post(step(petition, "relecture")).status_code == 403
    assert Petition.objects.get().title == petition.title


def test_a_draft_is_its_author_s_alone(draft, bruno, sign_in, client):
    for key in ("titre", "relecture"):
        assert sign_in(bruno).get(step(draft, key)).status_code == 404
        assert sign_in(bruno).post(step(draft, key), {"title": "Vu"}).status_code == 404
        assert client.get(step(draft, key)).status_code == 302
    assert sign_in(bruno).get(draft.get_absolute_url()).status_code == 404


def test_an_unknown_step_does_not_exist(author, draft):
    assert author.get(step(draft, "fin")).status_code == 404


def test_two_windows_do_not_lose_what_was_typed(author, draft):
    """The second window replaces the first one's text only once it has been shown."""
    windows = [author.get(step(draft, "demande")).context["form"]["seen"].value() for _ in range(2)]
    assert author.post(step(draft, "demande"), {"request": "De la première.", "seen": windows[0]}).status_code == 302
    late = author.post(step(draft, "demande"), {"request": "De la seconde.", "seen": windows[1]})
    assert late.status_code == 422
    shown = late.content.decode()
    assert "De la première." in shown
    assert "De la seconde." in shown
    draft.refresh_from_db()
    assert draft.request == "De la première."
    again = {"request": "De la seconde.", "seen": late.context["form"]["seen"].value()}
    assert author.post(step(draft, "demande"), again).status_code == 302
    draft.refresh_from_db()
    assert draft.request == "De la seconde."


def test_two_windows_on_two_steps_do_not_disturb_each_other(author, draft):
    seen = author.get(step(draft, "demande")).context["form"]["seen"].value()
    author.post(step(draft, "details"), {"details": "Entre-temps."})
    assert author.post(step(draft, "demande"), {"request": "Ceci.", "seen": seen}).status_code == 302
    draft.refresh_from_db()
    assert (draft.request, draft.details) == ("Ceci.", "Entre-temps.")


def test_a_form_without_its_token_writes_nothing(amina, draft, sign_in):
    strict = sign_in(amina, Client(enforce_csrf_checks=True))
    assert strict.post(reverse("petitions:new"), {"title": TITLE}).status_code == 403
    assert strict.post(step(draft, "relecture")).status_code == 403
    assert Petition.objects.get().state == PetitionState.DRAFT


def test_beginning_too_often_is_slowed_down(author):
    answers = [author.post(reverse("petitions:new"), {"title": f"Titre {n}"}) for n in range(21)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_my_petitions_are_mine(author, draft, bruno, refused):
    other = Petition.draft(bruno, title="Celle de Bruno")
    answer = author.get(reverse("petitions:mine"))
    assert [petition.pk for petition in answer.context["petitions"]] == [draft.pk]
    assert other.title not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_every_writing_page_is_private_and_cheap(author, draft, django_assert_max_num_queries):
    for key in ("titre", "demande", "details", "lieu", "relecture"):
        with django_assert_max_num_queries(12):
            answer = author.get(step(draft, key))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_after_the_title_similar_open_petitions_are_shown(author, opened, amina, bruno, theme):
    for title in ("Une piscine à Surieux", "L’école de demain", "Une traversée pour l’école, close"):
        other = Petition.draft(bruno, title=title)
        other.edit(bruno, at=timezone.now(), request="Ceci.", theme=theme)
        published(other, at=timezone.now() - timedelta(days=200 if "close" in title else 1))
    begun = Petition.draft(amina, title="Des traversées sûres devant les écoles")
    shown = author.get(step(begun, "demande"))
    assert [petition.pk for petition in shown.context["similar"]] == [opened.pk]
    assert opened.get_absolute_url() in shown.content.decode()
    begun.edit(amina, at=timezone.now(), title="Le la les or")
    assert list(author.get(step(begun, "demande")).context["similar"]) == []

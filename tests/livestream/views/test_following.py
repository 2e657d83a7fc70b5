"""Choosing what to follow, with an account; stopping it all, by the link of a mail."""

import pytest
from django.test import Client
from django.utils import timezone

from civic.territory.models import Quarter, Theme
from livestream import telling
from livestream.models import Follow

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(convened):
    return f"/seances/{convened.pk}/suivre/"


def followed(user):
    return set(Follow.objects.filter(user=user).values_list("sitting", "item__rank"))


def test_a_sitting_and_its_items_are_followed_and_left(convened, address, amina, sign_in):
    reader = sign_in(amina)
    first, second, third = convened.items.all()
    answer = reader.post(address, {"whole": "on", "items": [first.pk, second.pk]})
    assert answer.url == convened.get_absolute_url()
    assert followed(amina) == {(convened.pk, None), (None, 1), (None, 2)}
    reader.post(address, {"items": [second.pk, third.pk]})
    assert followed(amina) == {(None, 2), (None, 3)}


def test_following_again_is_following_since_the_first_time(convened, address, amina, sign_in):
    reader = sign_in(amina)
    reader.post(address, {"whole": "on"})
    (since,) = Follow.objects.values_list("since", flat=True)
    reader.post(address, {"whole": "on"})
    assert list(Follow.objects.values_list("since", flat=True)) == [since]


def test_the_link_of_an_item_ticks_it(convened, address, amina, sign_in):
    item = convened.items.get(rank=2)
    page = sign_in(amina).get(f"{address}?point={item.pk}").content.decode()
    assert page.count("checked") == 1
    assert f'href="{address}?point={item.pk}"' in Client().get(convened.get_absolute_url()).content.decode()


def test_an_item_that_has_begun_is_not_offered_and_stays_followed(live, colette, amina, sign_in):
    first, second, _ = live.items.all()
    Follow.objects.create(user=amina, item=first)
    live.go_to(first, colette, seen=None, at=timezone.now())
    reader = sign_in(amina)
    address = f"/seances/{live.pk}/suivre/"
    assert list(reader.get(address).context["form"].among) == [second, live.items.get(rank=3)]
    assert reader.post(address, {"items": [first.pk]}).status_code == 422
    reader.post(address, {"items": [second.pk]})
    assert followed(amina) == {(None, 1), (None, 2)}


def test_one_that_is_over_is_no_longer_followed(live, colette, amina, sign_in):
    live.adjourn(colette, at=timezone.now())
    address = f"/seances/{live.pk}/suivre/"
    assert sign_in(amina).get(address).status_code == 200
    assert sign_in(amina).post(address, {"whole": "on"}).status_code == 409
    assert not Follow.objects.exists()


def test_themes_and_quarters_are_followed_apart(convened, address, amina, bruno, sign_in):
    theme, quarter = (
        Theme.objects.create(slug="ecoles", name="Écoles"),
        Quarter.objects.create(slug="v", name="Village"),
    )
    reader = sign_in(amina)
    reader.post(address, {"whole": "on"})
    assert reader.post("/seances/suivre/", {"themes": [theme.pk], "quarters": [quarter.pk]}).status_code == 302
    page = reader.get("/seances/suivre/")
    assert page.content.decode().count("checked") == 2
    assert list(page.context["sittings"]) == [convened]
    reader.post("/seances/suivre/", {"themes": [theme.pk]})
    assert set(Follow.objects.values_list("user", "sitting", "theme", "quarter")) == {
        (amina.pk, convened.pk, None, None),
        (amina.pk, None, theme.pk, None),
    }
    assert not Follow.objects.filter(user=bruno).exists()


def test_a_stranger_signs_in_first(convened, address):
    assert "/connexion/" in Client().get(address).url or "next=" in Client().get(address).url
    assert not Follow.objects.exists()


def test_a_draft_can_t_be_followed(draft, amina, sign_in):
    assert sign_in(amina).get(f"/seances/{draft.pk}/suivre/").status_code == 404


def test_the_link_of_a_mail_stops_all_by_a_post_alone(convened, amina, bruno):
    for person in (amina, bruno):
        Follow.objects.create(user=person, sitting=convened)
    program = Client(enforce_csrf_checks=True)
    address = f"/seances/suivre/lien/{telling.token_of(amina)}/"
    assert program.get(address).status_code == 200
    assert Follow.objects.count() == 2
    answer = program.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert [follow.user for follow in Follow.objects.all()] == [bruno]
    assert program.post("/seances/suivre/lien/1:faux/").status_code == 404

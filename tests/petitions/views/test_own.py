"""The signer's own page: by the mail's link, which only its holder has, or with the account."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from petitions.models import Petition, Signature
from petitions.models.links import token_of
from tests.petitions.conftest import published, signer

CHOICES = {"name": "Odile Garnier"}


@pytest.fixture
def signature(confirmed) -> Signature:
    return Signature.objects.get()


# --- The mail's link ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_at_the_link_confirms_nothing(client, address, typed, mailbox, method):
    """Mail scanners follow links."""
    client.post(address("sign"), typed)
    for path in (mailbox.link, f"{mailbox.link}confirmer/"):
        getattr(Client(), method)(path)
    assert not Signature.objects.exists()


def test_its_button_signs_in_any_browser(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    other = Client(enforce_csrf_checks=True)
    page = other.get(mailbox.link)
    assert typed["name"] in page.content.decode()
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    assert other.post(f"{mailbox.link}confirmer/").status_code == 403
    assert other.post(f"{mailbox.link}confirmer/", token).url == address("thanks")
    assert Signature.objects.get().name == typed["name"]


def test_pressing_twice_thanks_twice_and_counts_once(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    answers = [client.post(f"{mailbox.link}confirmer/") for _ in range(2)]
    assert [answer.url for answer in answers] == [address("thanks")] * 2
    assert Signature.objects.count() == 1


def test_the_link_of_another_petition_or_a_forged_one_is_gone(client, opened, confirmed, amina, theme, signature):
    other = Petition.draft(amina, title="Une autre")
    other.edit(amina, at=timezone.now(), request="Ceci.", theme=theme)
    other = published(other, at=timezone.now())
    token = confirmed.rstrip("/").rpartition("/")[2]
    tokens = [token_of(uuid4()), token[:-1], f"{signature.nonce.hex}:x", signature.nonce.hex, "x", ":", "\x00", "é"]
    paths = [f"/petitions/{other.pk}/signature/lien/{token}/"]
    paths += [f"/petitions/{opened.pk}/signature/lien/{forged}/" for forged in tokens]
    for path in paths:
        assert client.get(path).status_code == 410, path
        for act in ("confirmer", "choix", "retrait", "effacement", "desabonnement"):
            assert client.post(f"{path}{act}/", CHOICES).status_code == 410, path
    assert Signature.objects.counting().count() == 1


def test_a_link_that_is_gone_leads_on(client, opened):
    answer = client.get(f"/petitions/{opened.pk}/signature/lien/x/")
    assert 'href="/petitions/"' in answer.content.decode()


def test_the_own_page_is_private_and_says_what_was_signed(client, confirmed, typed):
    page = client.get(confirmed)
    assert typed["name"] in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "no-referrer" in page["Referrer-Policy"] or "same-origin" in page["Referrer-Policy"]


# --- Choices ----------------------------------------------------------------------------------


def test_showing_and_hiding_one_s_name(client, opened, confirmed, typed):
    page = opened.get_absolute_url()
    assert typed["name"] not in Client().get(page).content.decode()
    assert client.post(f"{confirmed}choix/", CHOICES | {"shows_name": "on"}).url == confirmed
    assert typed["name"] in Client().get(page).content.decode()
    client.post(f"{confirmed}choix/", CHOICES)
    assert typed["name"] not in Client().get(page).content.decode()


def test_correcting_one_s_name(client, confirmed, signature):
    client.post(f"{confirmed}choix/", {"name": "Odile Garnier-Roux"})
    signature.refresh_from_db()
    assert (signature.name, signature.folded_name) == ("Odile Garnier-Roux", "odile garnier roux")


@pytest.mark.parametrize("name", ["", "http://exemple.fr", "=1+1", "A" * 81])
def test_a_name_that_is_none_is_told_and_stays_typed(client, confirmed, signature, name):
    answer = client.post(f"{confirmed}choix/", {"name": name})
    assert answer.status_code == 422
    assert answer.context["form"]["name"].value() == name
    signature.refresh_from_db()
    assert signature.name == "Odile Garnier"


def test_mails_are_stopped_in_one_click_without_a_cookie(opened, confirmed, signature):
    """RFC 8058: the mail program posts `List-Unsubscribe=One-Click` and knows no cookie and no token."""
    Signature.objects.update(wants_news=True)
    program = Client(enforce_csrf_checks=True)
    assert program.get(f"{confirmed}desabonnement/").url == confirmed
    signature.refresh_from_db()
    assert signature.wants_news
    answer = program.post(f"{confirmed}desabonnement/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    signature.refresh_from_db()
    assert not signature.wants_news
    assert signature.counts


# --- Taking it back -----------------------------------------------------------------------------


def test_withdrawing_and_signing_again(client, opened, confirmed, address, typed, mailbox):
    assert client.post(f"{confirmed}retrait/").url == confirmed
    assert not Signature.objects.counting().exists()
    assert address("sign") in client.get(confirmed).content.decode()
    assert client.get(address("thanks")).url == opened.get_absolute_url()
    client.post(address("sign"), typed)
    assert client.post(f"{mailbox.link}confirmer/").status_code == 302
    assert Signature.objects.counting().count() == 1
    assert Signature.objects.count() == 1


def test_the_link_pressed_again_after_withdrawing_signs_nothing(client, opened, confirmed):
    client.post(f"{confirmed}retrait/")
    landing = client.post(f"{confirmed}confirmer/").url
    assert client.get(landing).url == opened.get_absolute_url()
    assert not Signature.objects.counting().exists()


def test_a_withdrawn_name_is_not_shown_again_by_an_old_window(client, confirmed, signature):
    client.post(f"{confirmed}retrait/")
    client.post(f"{confirmed}choix/", CHOICES | {"shows_name": "on"})
    signature.refresh_from_db()
    assert not signature.shows_name


def test_erasing_leaves_nobody_and_no_link(client, opened, confirmed, typed):
    assert client.post(f"{confirmed}effacement/").url == opened.get_absolute_url()
    left = Signature.objects.values().get()
    assert not [value for value in left.values() if value in (typed["name"], typed["email"], typed["postal_code"])]
    assert client.get(confirmed).status_code == 410
    assert client.post(f"{confirmed}choix/", CHOICES).status_code == 410


def test_under_a_hidden_petition_one_still_withdraws_and_erases(client, opened, confirmed):
    Petition.objects.filter(pk=opened.pk).update(hidden_at=timezone.now())
    assert client.get(confirmed).status_code == 200
    assert client.post(f"{confirmed}retrait/").status_code == 302
    answer = client.post(f"{confirmed}effacement/", follow=True)
    assert answer.status_code == 200
    assert not Signature.objects.exclude(name="").exists()


def test_what_was_set_aside_is_not_given_again_by_erasing_it(client, opened, confirmed, address, typed, mailbox):
    Signature.objects.update(invalidated_at=timezone.now())
    client.post(f"{confirmed}effacement/")
    assert not Signature.objects.exclude(name="", email="", postal_code="").exists()
    client.post(address("sign"), typed)
    assert client.post(f"{mailbox.link}confirmer/").status_code == 409
    assert not Signature.objects.counting().exists()


def test_what_was_set_aside_is_not_said_to_be_counted(client, confirmed, address, typed, mailbox):
    Signature.objects.update(invalidated_at=timezone.now())
    client.post(address("sign"), typed)
    assert mailbox.link != confirmed
    assert client.post(f"{mailbox.link}confirmer/").status_code == 409


# --- With the account ------------------------------------------------------------------------------


def test_an_account_changes_withdraws_and_erases_its_own_only(opened, address, bruno, camille, sign_in):
    opened.sign(signer(bruno.name, bruno.email, user_id=bruno.pk), at=timezone.now())
    stranger = sign_in(camille)
    for act in ("correct", "withdraw", "erase"):
        assert stranger.post(address(act), CHOICES).status_code == 404
        assert Client().post(address(act), CHOICES).status_code == 404
    reader = sign_in(bruno)
    assert reader.post(address("correct"), {"name": "Bruno Ferrero", "shows_name": "on"}).url == address("sign")
    assert Signature.objects.get().shows_name
    reader.post(address("withdraw"))
    assert not Signature.objects.counting().exists()
    reader.post(address("erase"))
    assert Signature.objects.get().user is None
    assert reader.post(address("withdraw")).status_code == 404


def test_acts_need_their_token_and_a_post(confirmed, address, bruno, sign_in):
    strict = Client(enforce_csrf_checks=True)
    for act in ("choix", "retrait", "effacement", "confirmer"):
        assert strict.post(f"{confirmed}{act}/", CHOICES).status_code == 403
        assert strict.get(f"{confirmed}{act}/").status_code == 405
    strict = sign_in(bruno, Client(enforce_csrf_checks=True))
    for act in ("correct", "withdraw", "erase"):
        assert strict.post(address(act), CHOICES).status_code == 403
    assert Signature.objects.counting().count() == 1


def test_an_account_finds_all_it_signed_and_nothing_of_others(opened, amina, bruno, camille, sign_in):
    taken_back = Petition.draft(amina, title="Un banc à l’ombre")
    taken_back.edit(amina, at=timezone.now(), request="Nous demandons un banc.", theme=opened.theme)
    taken_back = published(taken_back, at=timezone.now())
    for petition in (opened, taken_back):
        petition.sign(signer(bruno.name, bruno.email, user_id=bruno.pk), at=timezone.now())
    Signature.objects.get(petition=taken_back).withdraw(at=timezone.now())
    page = sign_in(bruno).get("/petitions/signatures/").content.decode()
    assert opened.title in page and taken_back.title in page
    assert opened.signature_url in page and taken_back.signature_url not in page
    assert opened.title not in sign_in(camille).get("/petitions/signatures/").content.decode()


def test_ones_signature_stays_in_reach_under_a_hidden_petition(opened, address, bruno, camille, sign_in):
    opened.sign(signer(bruno.name, bruno.email, user_id=bruno.pk), at=timezone.now())
    Petition.objects.filter(pk=opened.pk).update(hidden_at=timezone.now())
    assert sign_in(bruno).get(address("sign")).context["signature"] == Signature.objects.get()
    assert opened.get_absolute_url() not in sign_in(bruno).get(address("sign")).content.decode()
    assert sign_in(camille).get(address("sign")).status_code == 404

"""Signing in and out, by password and by code; what `next=` may do; what others learn."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from civic.accounts.models import User
from tests.accounts.conftest import PASSWORD

LOGIN, BY_CODE, CODE = "/compte/login/", "/compte/login/code/", "/compte/login/code/confirm/"


def is_signed_in(client, user):
    return client.session.get("_auth_user_id") == str(user.pk)


def visible(response, address):
    """What a visitor sees of an answer, but for the CSRF token and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return response.status_code, response.headers.get("Location"), text.replace(address, "…")


def test_signing_in_by_password_opens_a_new_session(client, amina, with_password):
    with_password(amina)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["session"] = planted = session.session_key
    response = client.post(LOGIN, {"login": "Amina@Example.org", "password": PASSWORD})
    assert response.url == "/"
    assert is_signed_in(client, amina)
    assert client.session.session_key != planted
    assert not Client(cookies={"session": planted}).session.get("_auth_user_id")
    assert User.objects.get(pk=amina.pk).last_login is not None


@pytest.mark.parametrize(("ticked", "is_kept"), [({}, False), ({"remember": "on"}, True)])
def test_the_session_outlives_the_browser_only_if_asked(client, amina, with_password, ticked, is_kept):
    with_password(amina)
    response = client.post(LOGIN, {"login": amina.email, "password": PASSWORD, **ticked})
    assert bool(response.cookies["session"]["max-age"]) is is_kept


def test_signing_in_by_code(client, amina, code_of):
    assert client.post(BY_CODE, {"email": amina.email}).url == CODE
    assert not is_signed_in(client, amina)
    (message,) = mail.outbox
    response = client.post(CODE, {"code": code_of(message).replace("-", " ")})
    assert response.url == "/"
    assert is_signed_in(client, amina)
    assert not client.cookies["session"]["max-age"]


def test_a_code_works_once_and_in_its_own_browser(amina, code_of):
    client, other = Client(), Client()
    client.post(BY_CODE, {"email": amina.email})
    code = code_of(mail.outbox[0])
    other.post(BY_CODE, {"email": amina.email})
    other.post(CODE, {"code": code})
    assert not is_signed_in(other, amina)
    client.post(CODE, {"code": code})
    client.post("/compte/logout/")
    client.post(CODE, {"code": code})
    assert not is_signed_in(client, amina)


def test_a_code_is_too_old_after_ten_minutes(client, amina, code_of, time_machine):
    client.post(BY_CODE, {"email": amina.email})
    time_machine.move_to(timezone.now() + timedelta(seconds=601))
    client.post(CODE, {"code": code_of(mail.outbox[0])})
    assert not is_signed_in(client, amina)


def test_a_known_and_an_unknown_address_get_the_same_answers(amina, with_password):
    with_password(amina)
    seen = {}
    for address in (amina.email, "nobody@example.org"):
        client = Client()
        steps = [
            client.post(LOGIN, {"login": address, "password": "pas le bon mot de passe"}),
            client.post(BY_CODE, {"email": address}),
            client.get(CODE),
            client.post(CODE, {"action": "resend"}),
            client.post(CODE, {"code": "0000-0000"}),
            client.post(LOGIN, {"login": address, "password": "encore un mauvais"}),
        ]
        steps += [
            (other := Client()).post("/compte/password/reset/", {"email": address}),
            other.get("/compte/password/reset/confirm/"),
            other.post("/compte/password/reset/confirm/", {"code": "0000-0000"}),
        ]
        seen[address] = [visible(step, address) for step in steps], client.cookies.keys(), other.cookies.keys()
    assert seen[amina.email] == seen["nobody@example.org"]
    assert {recipient for message in mail.outbox for recipient in message.to} == set(seen)


def test_a_closed_account_is_told_so_only_to_who_knows_its_password(client, amina, with_password):
    with_password(amina)
    amina.deactivate(reason="abuse")
    wrong = client.post(LOGIN, {"login": amina.email, "password": "pas le bon mot de passe"})
    assert wrong.status_code == 200
    right = client.post(LOGIN, {"login": amina.email, "password": PASSWORD})
    assert right.url == "/compte/inactive/"
    assert not is_signed_in(client, amina)


def test_a_closed_account_gets_no_code(client, amina):
    amina.deactivate(reason="abuse")
    client.post(BY_CODE, {"email": amina.email})
    assert not re.search(r"\d{4}-\d{4}", mail.outbox[0].body)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        r"\\evil.example",
        r"/\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        "https://localhost/",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
    ],
)
def test_next_never_leaves_the_site(amina, with_password, target, code_of):
    with_password(amina)
    client = Client()
    assert client.post(LOGIN, {"login": amina.email, "password": PASSWORD, "next": target}).url == "/"
    assert client.get(LOGIN, {"next": target}).url == "/"
    assert client.post("/compte/logout/", {"next": target}).url == "/"
    mail.outbox.clear()
    client.post(f"{BY_CODE}", {"email": amina.email, "next": target})
    assert client.post(CODE, {"code": code_of(mail.outbox[0]), "next": target}).url == "/"


def test_next_leads_back_to_where_one_was(client, amina, with_password):
    with_password(amina)
    target = "/petitions/12/signature/?from=home"
    assert client.post(LOGIN, {"login": amina.email, "password": PASSWORD, "next": target}).url == target


def test_signing_out_is_a_post_and_ends_the_session(sign_in, amina):
    client = sign_in(amina)
    assert client.get("/compte/logout/").status_code == 200
    assert is_signed_in(client, amina)
    key = client.session.session_key
    client.post("/compte/logout/")
    assert not is_signed_in(Client(cookies={"session": key}), amina)


@pytest.mark.parametrize("path", [LOGIN, BY_CODE, "/compte/signup/", "/compte/password/reset/", "/compte/logout/"])
def test_a_post_without_a_token_is_refused(path, db):
    assert Client(enforce_csrf_checks=True).post(path, {"login": "a@example.org"}).status_code == 403


def test_a_new_password_by_code_ends_all_sessions_and_signs_nobody_in(sign_in, amina, with_password, code_of):
    with_password(amina)
    before = sign_in(amina)
    client = Client()
    client.post("/compte/password/reset/", {"email": amina.email})
    client.post("/compte/password/reset/confirm/", {"code": code_of(mail.outbox[0])})
    new = "cinq mots encore mieux rangés"
    client.post("/compte/password/reset/complete/", {"password1": new, "password2": new})
    assert not is_signed_in(client, amina)
    assert before.get("/compte/").status_code == 302
    client.post(LOGIN, {"login": amina.email, "password": new})
    assert is_signed_in(client, amina)


def test_changing_the_password_keeps_this_session_and_ends_the_others(sign_in, amina, with_password):
    with_password(amina)
    here, there = sign_in(amina), sign_in(amina)
    new = "cinq mots encore mieux rangés"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/compte/password/change/", fields).status_code == 302
    assert here.get("/compte/").status_code == 200
    assert there.get("/compte/").status_code == 302
    assert mail.outbox[-1].subject
    assert mail.outbox[-1].to == [amina.email]


def test_every_page_before_one_is_signed_in_opens(client, db):
    for path in (LOGIN, BY_CODE, "/compte/signup/", "/compte/password/reset/", "/compte/inactive/"):
        for prefix in ("", "/en"):
            response = client.get(prefix + path)
            assert response.status_code == 200, path
            assert "no-store" in response["Cache-Control"], path


def test_the_language_of_the_page_on_which_one_signed_in_is_kept_for_mails(client, amina, with_password):
    with_password(amina)
    client.post(f"/en{LOGIN}", {"login": amina.email, "password": PASSWORD})
    assert User.objects.get(pk=amina.pk).language == "en"
    client.logout()
    client.post(LOGIN, {"login": amina.email, "password": PASSWORD})
    assert User.objects.get(pk=amina.pk).language == "fr"

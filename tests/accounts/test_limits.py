"""Brakes that slow an attack and that a library's shared address survives."""

import re

import pytest
from django.core import mail
from django.test import Client

from civic.accounts.models import User
from tests.accounts.conftest import PASSWORD

LOGIN, BY_CODE = "/compte/login/", "/compte/login/code/"


@pytest.fixture
def quick_passwords(settings):
    """Thirty people and their Argon2 take long; how a password is kept is not what is looked at here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def residents(make_person, quick_passwords):
    return [make_person(f"resident{n} Test", password=PASSWORD) for n in range(30)]


def sign_in(email, password=PASSWORD, client=None, **extra):
    client = client or Client(**extra)
    response = client.post(LOGIN, {"login": email, "password": password})
    return client, response


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_thirty_residents_behind_one_address_sign_in_while_one_account_is_attacked(residents):
    victim, *others = residents
    for _try in range(12):
        _client, response = sign_in(victim.email, "pas le bon mot de passe")
        assert response.status_code == 200
    for resident in others:
        client, _response = sign_in(resident.email)
        assert is_signed_in(client), resident
    client, response = sign_in(victim.email)
    assert not is_signed_in(client)
    assert "Retry" not in response.headers
    assert response.context["form"].errors


def test_the_attacked_account_keeps_its_other_way_in(residents, code_of):
    victim = residents[0]
    for _try in range(12):
        sign_in(victim.email, "pas le bon mot de passe")
    client = Client()
    client.post(BY_CODE, {"email": victim.email})
    client.post("/compte/login/code/confirm/", {"code": code_of(mail.outbox[0])})
    assert is_signed_in(client)


def test_the_attack_is_slowed_wherever_it_comes_from(residents):
    victim = residents[0]
    for n in range(12):
        sign_in(victim.email, "pas le bon mot de passe", REMOTE_ADDR=f"192.0.2.{n}")
    client, _response = sign_in(victim.email, REMOTE_ADDR="198.51.100.1")
    assert not is_signed_in(client)


def test_right_passwords_in_between_do_not_wipe_the_count(residents):
    victim, own = residents[:2]
    for _try in range(6):
        sign_in(victim.email, "pas le bon mot de passe")
        sign_in(victim.email, "toujours pas le bon")
        sign_in(own.email)
    client, _response = sign_in(victim.email)
    assert not is_signed_in(client)


def test_one_network_that_tries_account_after_account_is_stopped(db, quick_passwords):
    answers = [sign_in(f"nobody{n}@example.org", "pas le bon mot de passe")[1] for n in range(130)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    neighbour = Client(REMOTE_ADDR="192.0.2.77").post(LOGIN, {"login": "a@example.org", "password": "x"})
    assert neighbour.status_code == 200


def test_a_forged_header_gives_no_fresh_count(residents):
    victim = residents[0]
    for n in range(130):
        response = Client(headers={"x-forwarded-for": f"203.0.113.{n}"}).post(LOGIN, {"login": f"{n}@example.org"})
    assert response.status_code == 429
    client, _response = sign_in(victim.email, headers={"x-forwarded-for": "203.0.113.200"})
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", [BY_CODE, "/compte/password/reset/"])
def test_a_mailbox_is_not_flooded_with_codes(path, amina):
    for n in range(8):
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(path, {"email": amina.email})
    assert len(mail.outbox) == 5


def test_a_mailbox_is_not_flooded_by_sign_ups(amina, quick_passwords):
    for n in range(8):
        fields = {"email": amina.email, "name": "Quelqu'un", "is_old_enough": "on"}
        Client(REMOTE_ADDR=f"192.0.2.{n}").post("/compte/signup/", fields)
    assert len(mail.outbox) == 3
    assert User.objects.count() == 1


def test_thirty_residents_behind_one_address_sign_up(db, quick_passwords):
    for n in range(30):
        fields = {"email": f"new{n}@example.org", "name": "Une Personne", "is_old_enough": "on"}
        assert Client().post("/compte/signup/", fields).status_code == 302
    assert User.objects.count() == 30


def test_thirty_residents_behind_one_address_get_their_codes(residents):
    for resident in residents:
        Client().post(BY_CODE, {"email": resident.email})
    assert len([message for message in mail.outbox if re.search(r"\d{4}-\d{4}", message.body)]) == 30


def test_codes_of_an_app_can_not_be_tried_one_after_the_other(residents):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    victim = residents[0]
    TOTP.activate(victim, generate_totp_secret())
    for _round in range(3):
        client, _response = sign_in(victim.email)
        for n in range(5):
            response = client.post("/compte/2fa/authenticate/", {"code": f"00000{n}"})
    assert "trop" in str(response.context["form"].errors).lower()

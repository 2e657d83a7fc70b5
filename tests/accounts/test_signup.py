"""Opening an account: what is asked, what the mail says, and what it must not tell."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from civic.accounts.models import User
from civic.territory.models import Quarter
from tests.accounts.conftest import PASSWORD
from tests.concurrency import together

SIGNUP = "/compte/signup/"
CODE = "/compte/confirm-email/"


@pytest.fixture
def answers(db):
    quarter = Quarter.objects.create(slug="essarts", name="Les Essarts")
    return {
        "email": "Nadia@Example.org",
        "name": "Nadia  Haddad",
        "postal_code": "38130",
        "quarter": quarter.pk,
        "password1": PASSWORD,
        "is_old_enough": "on",
    }


def test_an_account_is_opened_by_the_code_that_its_mail_brings(client, answers, code_of):
    response = client.post(SIGNUP, answers)
    assert response.url == CODE
    assert "_auth_user_id" not in client.session
    nadia = User.objects.get()
    assert (nadia.email, nadia.name, nadia.postal_code) == ("nadia@example.org", "Nadia Haddad", "38130")
    assert nadia.quarter.slug == "essarts"
    (message,) = mail.outbox
    assert message.to == ["nadia@example.org"]
    response = client.post(CODE, {"code": code_of(message)})
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(nadia.pk)
    assert EmailAddress.objects.get().verified


def test_without_a_password_one_signs_in_by_code(client, answers):
    client.post(SIGNUP, answers | {"password1": ""})
    assert not User.objects.get().has_usable_password()


def test_postal_code_and_quarter_may_be_left_out(client, answers):
    client.post(SIGNUP, answers | {"postal_code": "", "quarter": ""})
    nadia = User.objects.get()
    assert (nadia.postal_code, nadia.quarter) == ("", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"name": ""},
        {"name": "Achetez sur www.exemple.fr"},
        {"name": "=HYPERLINK(1)"},
        {"name": "12345"},
        {"postal_code": "3813"},
        {"quarter": "9999"},
        {"password1": "onze lettre"},
        {"password1": "passwordpassword"},
        {"password1": "nadia@example.org"},
        {"is_old_enough": ""},
    ],
    ids=str,
)
def test_a_wrong_answer_is_said_beside_its_field_and_keeps_what_was_typed(client, answers, wrong):
    response = client.post(SIGNUP, answers | wrong)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == set(wrong)
    if "email" not in wrong:
        assert 'value="Nadia@Example.org"' in response.content.decode()
    assert not User.objects.exists()


def test_a_long_password_is_welcome(client, answers):
    long = "une phrase entière, " * 10
    client.post(SIGNUP, answers | {"password1": long})
    assert User.objects.get().check_password(long)


def test_passwords_are_kept_with_argon2(client, answers):
    client.post(SIGNUP, answers)
    assert User.objects.get().password.startswith("argon2$argon2id$")


def normal(response, *words):
    """The page without its CSRF token and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    for word in words:
        text = text.replace(word, "…")
    return response.status_code, response.headers.get("Location"), text


def follow(answers, email):
    """Every answer on the way of a sign-up, up to a wrong code and another mail."""
    client = Client()
    steps = [
        client.post(SIGNUP, answers | {"email": email}),
        client.get(CODE),
        client.post(CODE, {"action": "resend"}),
        client.get(CODE),
        client.post(CODE, {"code": "0000-0000"}),
        client.get("/compte/login/"),
    ]
    return [normal(step, email) for step in steps], client.cookies.keys()


def test_a_known_address_gets_the_same_answers_and_only_its_mail_says_so(answers, amina):
    known, new = follow(answers, amina.email), follow(answers, "nadia@example.org")
    assert known == new
    first, *_rest = [message for message in mail.outbox if message.to == [amina.email]]
    assert not re.search(r"\d{4}-\d{4}", first.body)
    assert "/compte/password/reset/" in first.body
    assert User.objects.filter(email=amina.email).count() == 1


def test_a_known_address_costs_a_hash_too(answers, amina, client, monkeypatch):
    hashed = []
    monkeypatch.setattr("civic.accounts.forms.make_password", hashed.append)
    client.post(SIGNUP, answers | {"email": amina.email})
    assert hashed == [PASSWORD]


def test_five_wrong_codes_end_it(client, answers):
    client.post(SIGNUP, answers)
    responses = [client.post(CODE, {"code": f"0000-000{n}"}) for n in range(5)]
    assert [response.status_code for response in responses] == [200, 200, 200, 200, 302]
    assert client.get(CODE).url == "/compte/login/"


def test_whoever_took_my_address_first_without_its_mailbox_does_not_keep_me_out(client, answers, code_of):
    Client().post(SIGNUP, answers | {"name": "Quelqu'un", "password1": "un mot de passe volé"})
    mail.outbox.clear()
    client.post("/compte/password/reset/", {"email": "nadia@example.org"})
    client.post("/compte/password/reset/confirm/", {"code": code_of(mail.outbox[0])})
    client.post("/compte/password/reset/complete/", {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/compte/login/", {"login": "nadia@example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    thief = Client()
    thief.post("/compte/login/", {"login": "nadia@example.org", "password": "un mot de passe volé"})
    assert "_auth_user_id" not in thief.session


@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_with_the_same_address_at_once_open_one_account(answers):
    for _round in range(3):
        User.objects.all().delete()
        cache.clear()
        responses = together(*[lambda: Client().post(SIGNUP, answers)] * 3)
        assert [(response.status_code, response.url) for response in responses] == [(302, CODE)] * 3
        assert User.objects.count() == EmailAddress.objects.count() == 1
        assert len([m for m in mail.outbox if re.search(r"\d{4}-\d{4}", m.body)]) == 1
        mail.outbox.clear()

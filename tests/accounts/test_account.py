"""One's own page, one's sessions, one's address."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from civic.accounts.models import User
from civic.territory.models import Quarter
from tests.accounts.conftest import PASSWORD
from tests.concurrency import together


@pytest.fixture
def browsers(amina, with_password):
    """Two browsers in which Amina has signed in."""
    with_password(amina)
    clients = Client(headers={"user-agent": "Firefox"}), Client(headers={"user-agent": "Safari"})
    for client in clients:
        client.post("/compte/login/", {"login": amina.email, "password": PASSWORD})
    return clients


def test_the_page_shows_what_is_known_and_changes_it(sign_in, amina):
    quarter = Quarter.objects.create(slug="essarts", name="Les Essarts")
    client = sign_in(amina)
    page = client.get("/compte/").content.decode()
    assert "Amina Belkacem" in page
    assert amina.email in page
    response = client.post("/compte/", {"name": "Amina B.", "postal_code": "38100", "quarter": quarter.pk})
    assert response.url == "/compte/"
    amina.refresh_from_db()
    assert (amina.name, amina.postal_code, amina.quarter) == ("Amina B.", "38100", quarter)
    assert "Amina B." in client.get("/compte/").content.decode()


def test_a_wrong_answer_changes_nothing_and_keeps_what_was_typed(sign_in, amina):
    response = sign_in(amina).post("/compte/", {"name": "Amina B.", "postal_code": "nulle part"})
    assert response.status_code == 422
    assert "nulle part" in response.content.decode()
    amina.refresh_from_db()
    assert amina.name == "Amina Belkacem"


def test_the_page_is_for_oneself_and_kept_by_no_cache(client, sign_in, amina):
    assert client.get("/compte/").url == "/compte/login/?next=/compte/"
    assert client.get("/en/compte/").url == "/en/compte/login/?next=/en/compte/"
    assert "no-store" in sign_in(amina).get("/compte/")["Cache-Control"]


def test_the_page_asks_a_bounded_number_of_queries(sign_in, amina, django_assert_max_num_queries):
    client = sign_in(amina)
    with django_assert_max_num_queries(12):
        client.get("/compte/")


def test_sessions_are_listed_and_closed_one_by_one(browsers, amina):
    here, there = browsers
    assert len(here.get("/compte/sessions/").context["sessions"]) == 2
    assert "Safari" in here.get("/compte/sessions/").content.decode()
    other = UserSession.objects.get(user_agent="Safari")
    assert here.post(f"/compte/sessions/{other.pk}/close/").url == "/compte/sessions/"
    assert there.get("/compte/").status_code == 302
    assert here.get("/compte/").status_code == 200
    assert "Safari" not in here.get("/compte/sessions/").content.decode()


def test_closing_the_session_in_use_signs_out(browsers):
    here, there = browsers
    own = UserSession.objects.get(user_agent="Firefox")
    here.post(f"/compte/sessions/{own.pk}/close/")
    assert here.get("/compte/").status_code == 302
    assert there.get("/compte/").status_code == 200


def test_all_other_sessions_close_at_once(browsers):
    here, there = browsers
    here.post("/compte/sessions/")
    assert there.get("/compte/").status_code == 302
    assert here.get("/compte/").status_code == 200


def test_nobody_closes_the_session_of_another(browsers, sign_in, bruno):
    session = UserSession.objects.first()
    assert sign_in(bruno).post(f"/compte/sessions/{session.pk}/close/").status_code == 404
    assert Client().post(f"/compte/sessions/{session.pk}/close/").status_code == 302
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_closing_a_session_is_a_post(browsers):
    session = UserSession.objects.first()
    assert browsers[0].get(f"/compte/sessions/{session.pk}/close/").status_code == 405


def test_the_address_changes_by_a_code_and_the_old_one_is_told(browsers, amina, code_of):
    here, _there = browsers
    ask = {"email": "amina@ailleurs.example", "action_add": ""}
    response = here.post("/compte/email/", ask)
    assert response.url.startswith("/compte/reauthenticate/")
    here.post(response.url, {"password": PASSWORD})
    here.post("/compte/email/", ask)
    mail_with_code = mail.outbox[-1]
    assert mail_with_code.to == ["amina@ailleurs.example"]
    amina.refresh_from_db()
    assert amina.email == "amina@example.org"
    here.post("/compte/confirm-email/", {"code": code_of(mail_with_code)})
    amina.refresh_from_db()
    assert amina.email == "amina@ailleurs.example"
    assert [address.email for address in EmailAddress.objects.filter(user=amina)] == ["amina@ailleurs.example"]
    assert ["amina@example.org"] in [message.to for message in mail.outbox]


def test_the_address_of_somebody_else_is_not_taken_and_not_told(browsers, amina, bruno, code_of):
    here, _there = browsers
    here.post("/compte/reauthenticate/", {"password": PASSWORD})
    answers = [
        here.post("/compte/email/", {"email": address, "action_add": ""})
        for address in (bruno.email, "new@example.org")
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/compte/confirm-email/")] * 2
    assert User.objects.get(email=bruno.email) == bruno


def test_an_address_that_another_account_holds_is_refused_only_to_who_reads_its_mail(browsers, amina, code_of):
    """Somebody typed it at sign-up and never proved it; its owner can still sign in there by a code."""
    here, _there = browsers
    Client().post("/compte/signup/", {"email": "amina@ailleurs.example", "name": "Quelqu'un", "is_old_enough": "on"})
    here.post("/compte/reauthenticate/", {"password": PASSWORD})
    here.post("/compte/email/", {"email": "amina@ailleurs.example", "action_add": ""})
    response = here.post("/compte/confirm-email/", {"code": code_of(mail.outbox[-1])})
    assert response.context["form"].errors["code"]
    amina.refresh_from_db()
    assert amina.email == "amina@example.org"


TAKING_OVER = ["email/", "password/set/", "2fa/totp/activate/", "2fa/webauthn/add/"]


@pytest.mark.parametrize("way", TAKING_OVER)
def test_without_a_password_taking_over_an_account_needs_a_code_of_just_now(way, amina, client, code_of, time_machine):
    """A browser left open in a library is not enough to make the account one's own."""
    client.post("/compte/login/code/", {"email": amina.email, "remember": "on"})
    client.post("/compte/login/code/confirm/", {"code": code_of(mail.outbox[-1])})
    assert client.get(f"/compte/{way}").status_code == 200
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    response = client.get(f"/compte/{way}")
    assert response.status_code == 403
    assert "/compte/logout/?next=%2Fcompte%2Flogin%2Fcode%2F" in response.content.decode()
    assert client.post(f"/compte/{way}", {"email": "new@example.org", "action_add": ""}).status_code == 403
    assert client.get("/compte/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_that_prove_the_same_address_at_once_one_has_it(amina, bruno, with_password, code_of):
    """One mailbox, two accounts of one person: the second answer says so and changes nothing."""
    clients, codes = [], []
    for person in (amina, bruno):
        client = Client()
        client.post("/compte/login/", {"login": with_password(person).email, "password": PASSWORD})
        client.post("/compte/reauthenticate/", {"password": PASSWORD})
        client.post("/compte/email/", {"email": "shared@example.org", "action_add": ""})
        clients.append(client)
        codes.append(code_of(mail.outbox[-1]))

    def confirm(client, code):
        return lambda: client.post("/compte/confirm-email/", {"code": code})

    results = together(*map(confirm, clients, codes))
    assert {getattr(result, "status_code", result) for result in results} <= {200, 302}
    addresses = sorted(User.objects.values_list("email", flat=True))
    assert addresses in (["amina@example.org", "shared@example.org"], ["bruno@example.org", "shared@example.org"])
    assert EmailAddress.objects.filter(email="shared@example.org", verified=True).count() == 1
    assert EmailAddress.objects.filter(primary=True).count() == 2


ROUTES = {
    "", "sessions/<int:pk>/close/", "sessions/",
    "login/", "logout/", "inactive/", "signup/", "reauthenticate/", "email/", "confirm-email/",
    "password/change/", "password/set/", "password/reset/", "password/reset/confirm/", "password/reset/complete/",
    "password/reset/done/", "login/code/", "login/code/confirm/",
    "2fa/", "2fa/authenticate/", "2fa/reauthenticate/", "2fa/totp/activate/", "2fa/totp/deactivate/",
    "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/recovery-codes/download/",
    "2fa/webauthn/", "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/", "2fa/webauthn/login/",
    "2fa/webauthn/keys/<int:pk>/remove/", "2fa/webauthn/keys/<int:pk>/edit/",
    "decisions/", "decisions/<int:pk>/", "signalements/",
}  # fmt: skip


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def test_the_account_has_these_routes_and_no_others():
    found = {
        route.removeprefix("compte/") for route in routes(get_resolver().url_patterns) if route.startswith("compte/")
    }
    assert found == ROUTES


@pytest.mark.parametrize("route", sorted(route for route in ROUTES if "<" not in route))
def test_every_route_answers_residents_and_visitors(route, sign_in, amina, client, db):
    for visitor in (client, sign_in(amina, Client())):
        assert visitor.get(f"/compte/{route}").status_code < 500
        assert visitor.post(f"/compte/{route}").status_code < 500


@pytest.mark.parametrize(("who", "words"), [("colette", "tri=signatures"), ("mireille", 'href="/moderation/"')])
def test_the_page_says_what_a_role_gives_today(request, sign_in, who, words):
    page = sign_in(request.getfixturevalue(who)).get("/compte/").content.decode()
    assert words in page.split("<main", 1)[1]


def test_the_page_of_a_resident_names_no_role_and_leads_to_what_one_wrote_and_signed(sign_in, bruno):
    response = sign_in(bruno).get("/compte/")
    assert response.context["roles"] == []
    assert "/petitions/miennes/" in response.content.decode() and "/petitions/signatures/" in response.content.decode()

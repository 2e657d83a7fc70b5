"""Staff do nothing before a second factor: every way round it that we could think of."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from civic import urls
from civic.accounts.access import role_required
from civic.accounts.models import Right, Role
from civic.kernel.caching import public_page
from tests.accounts.conftest import PASSWORD

ENROL, SHOW, REAUTHENTICATE = "/compte/2fa/totp/activate/", "/compte/2fa/reauthenticate/", "/compte/reauthenticate/"
CODES = "/compte/2fa/recovery-codes/"


@role_required(Role.MODERATOR)
def desk(request):
    return HttpResponse(f"desk of {request.user.name}")


@public_page
def public(request):
    return HttpResponse("public, moderator" if getattr(request.user, "is_moderator", False) else "public")


urlpatterns = [
    path("desk/", desk),
    path("en/desk/", desk),
    path("streams/1/", desk),
    path("public/", public),
    *urls.urlpatterns,
]

pytestmark = pytest.mark.urls("tests.accounts.test_second_factor")


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(counters())))


@pytest.fixture
def enrol():
    def enrol(user):
        """Give the account an authenticator app, from elsewhere; its secret."""
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        user.tell_change()
        return secret

    return enrol


@pytest.fixture
def session_before_the_role(amina, with_password, sign_in):
    """A session opened as a resident; the role came later."""
    client = sign_in(with_password(amina))
    assert client.get("/public/").content == b"public"
    Right.objects.give(amina, Role.MODERATOR, at=timezone.now())
    return client


def test_a_moderator_who_showed_a_factor_gets_in(sign_in, mireille):
    assert sign_in(mireille).get("/desk/").status_code == 200


def test_a_resident_is_not_asked_for_one_and_not_let_in(sign_in, amina):
    client = sign_in(amina)
    assert client.get("/compte/").status_code == 200
    assert client.get("/desk/").status_code == 403


def test_a_visitor_is_sent_to_sign_in_and_back(client, db):
    assert client.get("/desk/?page=2").url == "/compte/login/?next=/desk/%3Fpage%3D2"


def test_visitors_and_staff_without_a_session_see_public_pages(client, mireille):
    response = client.get("/public/")
    assert response.content == b"public"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("way", ["/desk/", "/en/desk/", "/public/", "/compte/", "/compte/email/", "/compte/sessions/"])
def test_a_page_asked_for_leads_to_enrolment(sign_in, mireille, way):
    client = sign_in(mireille, factor=False)
    assert client.get(way).url in (ENROL, f"/en{ENROL}")
    assert client.head(way).url in (ENROL, f"/en{ENROL}")


@pytest.mark.parametrize("way", ["/desk/", "/public/", "/compte/", "/compte/password/change/", "/compte/email/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_is_done_without_it(sign_in, mireille, way, method):
    response = getattr(sign_in(mireille, factor=False), method)(way)
    assert response.status_code == (403 if method == "post" else 405)


@pytest.mark.parametrize(
    ("way", "accept"),
    [("/streams/1/", "application/json"), ("/desk/", "*/*"), ("/public/", "text/event-stream")],
)
def test_programs_are_refused_rather_than_led_to_a_page(sign_in, mireille, way, accept):
    assert sign_in(mireille, factor=False).get(way, headers={"accept": accept}).status_code == 403


def test_a_forged_method_or_path_changes_nothing(sign_in, mireille):
    client = sign_in(mireille, factor=False)
    assert client.get("/desk/", headers={"x-http-method-override": "POST"}).status_code == 302
    assert client.get("/compte/logout/../../desk/").status_code in (302, 404)
    assert client.get("//desk/").status_code in (302, 404)
    assert client.post("/desk/?next=/compte/logout/").status_code == 403


def test_signing_out_and_static_files_stay_open(sign_in, mireille):
    client = sign_in(mireille, factor=False)
    assert client.get("/compte/logout/").status_code == 200
    assert client.post("/compte/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_enrolling_asks_for_the_password_again_and_opens_the_desk(session_before_the_role):
    client = session_before_the_role
    assert client.get("/desk/").url == ENROL
    response = client.get(ENROL)
    assert response.url.startswith(REAUTHENTICATE)
    response = client.post(response.url, {"password": PASSWORD})
    assert response.url == ENROL
    secret = client.get(ENROL).context["form"].secret
    assert client.post(ENROL, {"code": "000000"}).status_code == 200
    assert client.get("/desk/").url == ENROL
    assert client.post(ENROL, {"code": code_for(secret)}).url == CODES
    assert client.get(CODES).status_code == 200
    assert client.get("/desk/").status_code == 200


def test_the_session_before_a_factor_was_enrolled_elsewhere_must_show_it(session_before_the_role, enrol, amina):
    client = session_before_the_role
    secret = enrol(amina)
    response = client.get("/desk/?page=2")
    assert response.url == f"{SHOW}?next=%2Fdesk%2F%3Fpage%3D2"
    assert client.post(response.url, {"code": "000000"}).status_code == 200
    assert client.get("/desk/").status_code == 302
    response = client.post(response.url, {"code": code_for(secret)})
    assert response.url == "/desk/?page=2"
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("way", [ENROL, "/compte/2fa/webauthn/add/", CODES, f"{CODES}download/", f"{CODES}generate/"])
def test_the_password_alone_adds_no_factor_and_reads_no_codes(session_before_the_role, enrol, amina, way):
    """A stolen session and the password: next to an enrolled factor they must not be enough to make another."""
    client = session_before_the_role
    enrol(amina)
    client.post(REAUTHENTICATE, {"password": PASSWORD})
    assert client.get(way).status_code == 302
    assert client.get(way).url.startswith(SHOW)
    assert client.post(way, {"code": "000000"}).status_code == 403
    assert amina.authenticator_set.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_factor_added_beside_another_by_password_alone_does_not_vouch(sign_in, amina, with_password, enrol):
    """The same before the role: a resident's session that has only the password adds a factor, then gets a role."""
    client = sign_in(with_password(amina))
    enrol(amina)
    client.post(REAUTHENTICATE, {"password": PASSWORD})
    Authenticator.objects.filter(user=amina).update(type="webauthn")
    secret = client.get(ENROL).context["form"].secret
    client.post(ENROL, {"code": code_for(secret)})
    Right.objects.give(amina, Role.MODERATOR, at=timezone.now())
    assert client.get("/desk/").status_code == 302


def test_signing_in_by_password_or_code_asks_for_the_factor(amina, with_password, enrol, code_of):
    Right.objects.give(with_password(amina), Role.MODERATOR, at=timezone.now())
    secret = enrol(amina)
    client = Client()
    assert (
        client.post("/compte/login/", {"login": amina.email, "password": PASSWORD}).url == "/compte/2fa/authenticate/"
    )
    assert client.get("/desk/").url.startswith("/compte/login/")
    assert client.post("/desk/").url.startswith("/compte/login/")
    client.post("/compte/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get("/desk/").status_code == 200
    other = Client()
    other.post("/compte/login/code/", {"email": amina.email})
    response = other.post("/compte/login/code/confirm/", {"code": code_of(mail.outbox[-1])})
    assert response.url == "/compte/2fa/authenticate/"
    assert other.get("/desk/").url.startswith("/compte/login/")


def test_a_code_of_the_app_works_once(amina, with_password, enrol):
    with_password(amina)
    secret = enrol(amina)
    used = code_for(secret)
    for is_in in (True, False):
        client = Client()
        client.post("/compte/login/", {"login": amina.email, "password": PASSWORD})
        client.post("/compte/2fa/authenticate/", {"code": used})
        assert ("_auth_user_id" in client.session) is is_in


def test_a_recovery_code_opens_the_desk_once(mireille, sign_in, with_password, enrol):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    enrol(with_password(mireille))
    (code, *_rest) = RecoveryCodes.activate(mireille).get_unused_codes()
    for status in (200, 302):
        client = Client()
        client.post("/compte/login/", {"login": mireille.email, "password": PASSWORD})
        client.post("/compte/2fa/authenticate/", {"code": code})
        assert client.get("/desk/").status_code == status


def test_a_new_password_by_mail_does_not_replace_the_factor(mireille, with_password, enrol, code_of):
    enrol(with_password(mireille))
    client = Client()
    client.post("/compte/password/reset/", {"email": mireille.email})
    client.post("/compte/password/reset/confirm/", {"code": code_of(mail.outbox[0])})
    new = "cinq mots encore mieux rangés"
    client.post("/compte/password/reset/complete/", {"password1": new, "password2": new})
    assert client.post("/compte/login/", {"login": mireille.email, "password": new}).url == "/compte/2fa/authenticate/"
    assert client.get("/desk/").url.startswith("/compte/login/")


@pytest.mark.django_db(transaction=True)
def test_removing_ones_last_factor_closes_the_desk_at_once(sign_in, mireille, with_password):
    client = sign_in(with_password(mireille))
    client.post(REAUTHENTICATE, {"password": PASSWORD})
    assert client.post("/compte/2fa/totp/deactivate/").status_code == 302
    assert client.get("/desk/").url == ENROL


def test_losing_the_role_closes_the_desk_and_opens_the_rest(sign_in, mireille):
    client = sign_in(mireille)
    mireille.rights.get().withdraw(at=timezone.now())
    assert client.get("/desk/").status_code == 403
    fresh = sign_in(mireille, Client(), factor=False)
    assert fresh.get("/public/").content == b"public"


def test_a_role_in_one_space_is_staff_too(sign_in, amina):
    from civic.territory.models import Space

    Right.objects.give(amina, Role.MODERATOR, at=timezone.now(), space=Space.objects.create(kind="quarter"))
    assert sign_in(amina, factor=False).get("/public/").status_code == 302
    assert sign_in(amina).get("/desk/").status_code == 200


def test_secrets_are_not_readable_in_the_database(mireille, enrol, settings):
    secret = enrol(mireille)
    stored = mireille.authenticator_set.get()
    assert secret not in str(stored.data)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, [settings.SECRET_KEY]
    assert stored.wrap().validate_code(code_for(secret))

"""Production starts only with its secrets, and says in a sentence what is missing."""

import json

import pytest

from tests.gates.production import PRODUCTION, SECRET, python

SECRETS_AND_ADDRESSES = ["SECRET_KEY", "MAILBOX_KEY", "PERSON_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL"]
LOCAL = {"CIVIC_MODE": "local", "DATABASE_URL": "postgresql://fabrique@/fabrique?host=/nowhere"}


def refusal(**environment: str) -> str:
    """The last line of a start that fails."""
    done = python("manage.py", "check", **environment)
    assert done.returncode != 0, done.stdout
    return done.stdout.strip().splitlines()[-1]


def settings_of(*names: str, **environment: str) -> dict:
    """Settings as a process of its own reads them."""
    code = f"import json; from civic import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    done = python("-c", code, **environment)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


@pytest.mark.parametrize("name", SECRETS_AND_ADDRESSES)
def test_production_does_not_start_without(name):
    sentence = refusal(**without(name))
    assert "ImproperlyConfigured" in sentence
    assert name in sentence


@pytest.mark.parametrize("name", ["SECRET_KEY", "MAILBOX_KEY", "PERSON_KEY"])
def test_production_refuses_a_short_secret(name):
    assert f"{name} must be set to 50 random characters or more." in refusal(**PRODUCTION | {name: SECRET[:49]})


def test_production_is_the_default():
    assert settings_of("LOCAL", "DEMO", "DEBUG", **PRODUCTION) == {"LOCAL": False, "DEMO": False, "DEBUG": False}


def test_the_demo_is_refused_by_a_production_configuration():
    assert "The demo can't be switched on in production" in refusal(**PRODUCTION, CIVIC_DEMO="1")


@pytest.mark.parametrize("mode", ["production", "Local", "demo", ""])
def test_no_other_mode_opens_the_demo(mode):
    assert "The demo can't be switched on" in refusal(**PRODUCTION, CIVIC_DEMO="1", CIVIC_MODE=mode)


def test_the_demo_is_no_part_of_production():
    assert "civic.demo" not in settings_of("INSTALLED_APPS", **PRODUCTION)["INSTALLED_APPS"]


@pytest.mark.parametrize(
    "url",
    [
        PRODUCTION["DATABASE_URL"],
        "postgresql://fabrique@127.0.0.1/fabrique",
        "postgresql://fabrique@/fabrique",
        "postgresql://fabrique@database.example/fabrique?host=/nowhere",
        "postgresql://fabrique@/fabrique?host=database.example",
        "postgresql://fabrique@/fabrique?host=/nowhere,database.example",
        "postgresql://fabrique@/fabrique?host=/nowhere&hostaddr=192.0.2.1",
    ],
)
def test_local_mode_accepts_only_a_private_socket(url):
    """With the demo switched on, a city's database must be out of reach, whatever the rest of the environment says."""
    sentence = refusal(**PRODUCTION | {"CIVIC_MODE": "local", "CIVIC_DEMO": "1", "DATABASE_URL": url})
    assert "CIVIC_MODE=local accepts only a PostgreSQL on a Unix socket" in sentence


def test_local_mode_starts_without_secrets():
    assert settings_of("LOCAL", "DEMO", **LOCAL) == {"LOCAL": True, "DEMO": False}


def test_local_mode_delivers_no_mail():
    found = settings_of("DELIVERY_BACKEND", **LOCAL, EMAIL_URL="smtp://mail.example:25")
    assert "smtp" not in found["DELIVERY_BACKEND"]


def test_cookies_of_production_belong_to_this_host_alone():
    names = [f"{cookie}_COOKIE_{what}" for cookie in ("SESSION", "CSRF") for what in ("NAME", "SECURE", "SAMESITE")]
    names.append("CSRF_COOKIE_HTTPONLY")  # the session's always is
    assert settings_of(*names, **PRODUCTION) == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
    }


# What Django's whole stack answers to one page, over https as a proxy says it, and without.
# Files are not collected here, so their names have no hash.
ANSWER = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
answer = Client().get("/compte/login/", headers={"host": "fabrique.example", "x-forwarded-proto": "https"})
plain = Client().get("/compte/login/", headers={"host": "fabrique.example"})
cookies = {name: morsel.OutputString() for name, morsel in answer.cookies.items()}
plain = [plain.status_code, plain["Location"]]
print(json.dumps({"headers": dict(answer.headers), "cookies": cookies, "plain": plain}))
"""


@pytest.fixture(scope="module")
def answer():
    """What a visitor of an invented production is answered, its database apart."""
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "civic.settings", "TRUSTED_PROXY_COUNT": "1"}
    done = python("-c", ANSWER, **environment)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_content_security_policy_is_exactly_this(answer):
    policy = answer["headers"]["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";")} == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "report-uri /csp-reports",
    }


def test_browsers_are_told_to_stay_on_https(answer):
    assert answer["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_plain_http_is_sent_to_https(answer):
    assert answer["plain"] == [301, "https://fabrique.example/compte/login/"]


def test_the_other_headers_are_there(answer):
    headers = answer["headers"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert all(f"{name}=()" in headers["Permissions-Policy"] for name in ("camera", "microphone", "geolocation"))


def test_a_cookie_that_is_set_names_no_domain(answer):
    """`__Host-` is honoured by browsers only on Secure cookies for the path / without a domain."""
    assert answer["cookies"], "the form of signing in sets its token's cookie"
    for name, cookie in answer["cookies"].items():
        assert name.startswith("__Host-")
        assert "; Path=/;" in f"{cookie};"
        assert "Secure" in cookie
        assert "Domain" not in cookie

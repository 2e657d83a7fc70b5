"""The demo opens every account to whoever comes: it must be out of a city's reach."""

from types import SimpleNamespace

import pytest

from civic.demo.guard import signs_of_production
from tests.gates.production import PRODUCTION, python

LOCAL = {"CIVIC_MODE": "local", "DATABASE_URL": "postgresql://fabrique@/fabrique?host=/nowhere", "CIVIC_DEMO": "1"}
SAFE = {
    "LOCAL": True,
    "DATABASES": {"default": {"HOST": "", "OPTIONS": {"host": "/nowhere"}}},
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
    "SITE_URL": "http://127.0.0.1:8000",
    "DELIVERY_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
}
TELL = "import django; django.setup(); from django.urls import reverse; print(reverse('demo:home'))"


def started(code=TELL, **environment):
    return python("-c", code, DJANGO_SETTINGS_MODULE="civic.settings", **environment)


def test_the_demo_starts_on_ones_own_machine():
    done = started(**LOCAL)
    assert done.stdout.splitlines()[-1] == "/demo/"


def test_a_production_with_the_demo_switched_on_does_not_start():
    done = started(**PRODUCTION, CIVIC_DEMO="1")
    assert done.returncode != 0
    assert "The demo can't be switched on in production" in done.stdout


def test_a_production_has_no_address_of_the_demos():
    done = started(**PRODUCTION)
    assert done.returncode != 0
    assert "'demo' is not a registered namespace" in done.stdout


def test_a_production_does_not_know_the_command_that_fills():
    done = python("manage.py", "demo", **PRODUCTION)
    assert done.returncode != 0
    assert "Unknown command" in done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALLOWED_HOSTS", "fabrique.example"), ("SITE_URL", "https://fabrique.example"), ("ALLOWED_HOSTS", "*")],
)
def test_a_demo_under_a_public_name_does_not_start(name, value):
    done = started(**LOCAL | {name: value})
    assert done.returncode != 0
    assert "The demo stays on one's own machine" in done.stdout


@pytest.mark.parametrize(
    "change",
    [
        {"LOCAL": False},
        {"DATABASES": {"default": {"HOST": "database.example", "OPTIONS": {}}}},
        {"DATABASES": {"default": {"HOST": "", "OPTIONS": {}}}},
        {"ALLOWED_HOSTS": ["localhost", "fabrique.example"]},
        {"SITE_URL": "https://fabrique.example"},
        {"DELIVERY_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
    ],
    ids=str,
)
def test_each_sign_of_a_city_is_seen_alone(change):
    assert not list(signs_of_production(SimpleNamespace(**SAFE)))
    assert len(list(signs_of_production(SimpleNamespace(**SAFE | change)))) == 1

"""Passkeys in Chromium, with the virtual authenticator of its own tools."""

import os
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from civic.accounts.models import Right, Role, User
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def page():
    assert CHROMIUM.exists(), "Debian's chromium is needed"
    # Playwright runs an event loop in this thread, where Django refuses the database otherwise.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] * (os.geteuid() == 0))
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.problems = []
        page.on("pageerror", lambda problem: page.problems.append(str(problem)))
        page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
        yield page
        browser.close()
        assert page.problems == []


@pytest.fixture
def device(page):
    """A telephone that recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


@pytest.fixture
def open_page(page, live_server):
    def open_page(path):
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


def sign_in(open_page, user):
    page = open_page("/compte/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile("^(?!.*/login/)"))


def add_passkey(page, *, passwordless):
    page.goto(re.sub(r"(://[^/]+).*", r"\1/compte/2fa/webauthn/add/", page.url))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/webauthn/add/")
    if passwordless:
        page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")


def test_a_resident_adds_a_passkey_and_signs_in_with_it_alone(amina, with_password, device, open_page):
    with_password(amina)
    sign_in(open_page, amina)
    page = open_page("/compte/")
    add_passkey(page, passwordless=True)
    assert Authenticator.objects.filter(user=amina, type="webauthn").count() == 1
    page.context.clear_cookies()
    page = open_page("/compte/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("^(?!.*/login/)"))
    expect(open_page("/compte/").get_by_text(amina.email)).to_be_visible()


def test_a_moderator_who_enrols_a_passkey_may_go_on_at_once_and_shows_it_next_time(
    amina, with_password, device, open_page
):
    Right.objects.give(with_password(amina), Role.MODERATOR, at=timezone.now())
    sign_in(open_page, amina)
    page = open_page("/compte/")
    assert "/compte/2fa/totp/activate/" in page.url or "/reauthenticate/" in page.url
    add_passkey(page, passwordless=False)
    page = open_page("/compte/")
    assert page.url.endswith("/compte/")
    page.context.clear_cookies()
    sign_in(open_page, User.objects.get(pk=amina.pk))
    assert "/compte/2fa/authenticate/" in page.url
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(re.compile("^(?!.*/authenticate/)"))
    assert open_page("/compte/").url.endswith("/compte/")

"""The mails that allauth sends are ours: short, in French first, text and HTML, without a secret in an address."""

import re
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core import mail
from django.test import RequestFactory
from django.utils import translation

FOLDERS = ("account/email", "mfa/email")
NAMES = sorted(
    f"{folder}/{path.name.removesuffix('_message.txt')}"
    for folder in FOLDERS
    for path in (settings.BASE_DIR / "templates" / folder).glob("*_message.txt")
)
CONTEXT = {
    "code": "1234-5678",
    "email": "a&b@example.org",
    "signup_url": "http://testserver/compte/signup/",
    "password_reset_url": "http://testserver/compte/password/reset/",
    "from_email": "a&b@example.org",
    "to_email": "new@example.org",
    "deleted_email": "a&b@example.org",
}


@pytest.fixture
def send():
    def send(name, language):
        request = RequestFactory().get("/")
        with translation.override(language), allauth_context.request_context(request):
            get_adapter(request).send_mail(name, "a&b@example.org", CONTEXT)
        return mail.outbox.pop()

    return send


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mail_has_a_subject_a_text_and_a_page(send, name, language):
    message = send(name, language)
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert 10 < len(message.subject) < 70
    for text in (message.subject, message.body, html):
        assert "!" not in text.replace("<!doctype", "")
        assert "{{" not in text
    assert f'<html lang="{language}">' in html
    assert ("1234-5678" in message.body) is ("1234-5678" in html)
    assert "&amp;" not in message.body
    assert len(message.body.splitlines()) < 20
    assert settings.CITY["telephone"] in message.body


def test_what_people_typed_is_inert_in_the_page(send):
    html = send("account/email/email_changed", "fr").alternatives[0][0]
    assert "a&amp;b@example.org" in html


def test_every_mail_that_allauth_may_send_is_written_here():
    import allauth

    package = Path(allauth.__file__).parent
    used = set()
    for path in package.rglob("*.py"):
        if path.parts[-2] not in ("socialaccount", "headless", "idp"):
            used |= set(re.findall(r'"((?:account|mfa)/email/[a-z_]+)"', path.read_text()))
    ours = set(NAMES)
    # A link in place of a code is off (ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED).
    assert used - ours <= {"account/email/password_reset_key"}

"""Signing by mail, as a browser and a mailbox see it."""

import re

import pytest
from django.urls import reverse

from civic.notifications.models import OutgoingMail

TYPED = {
    "name": "Odile Garnier",
    "email": "odile@example.org",
    "postal_code": "38130",
    "is_old_enough": "on",
    "consent": "on",
}


@pytest.fixture
def typed():
    """The form of someone without an account, filled."""
    return dict(TYPED)


@pytest.fixture
def address(opened):
    """Addresses of the open petition's signing pages by name."""

    def address(name: str, *args) -> str:
        return reverse(f"petitions:{name}", args=[opened.pk, *args])

    return address


class Mailbox:
    """What was written to one address, oldest first."""

    def __init__(self, to: str = TYPED["email"]):
        self.to = to

    @property
    def mails(self) -> list[OutgoingMail]:
        return list(OutgoingMail.objects.waiting().filter(to=self.to).order_by("pk"))

    @property
    def link(self) -> str:
        """The path of the link in the newest mail."""
        return re.search(r"https?://[^/\s]+(/petitions/\d+/signature/lien/\S+)", self.mails[-1].text).group(1)

    @property
    def code(self) -> str:
        return re.search(r"^\d{6}$", self.mails[-1].text, re.MULTILINE).group()

    @property
    def wrong_code(self) -> str:
        return f"{(int(self.code) + 1) % 1_000_000:06d}"


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def confirmed(client, address, typed, mailbox) -> str:
    """The path of the mail's link of someone who has confirmed with it; the browser is another one."""
    client.post(address("sign"), typed)
    client.post(f"{mailbox.link}confirmer/")
    link = mailbox.link
    client.cookies.clear()
    return link

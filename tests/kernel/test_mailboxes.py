"""One person's mailbox has one key, however its address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.mailboxes import canonical, mailbox_key


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Bruno.Ferrero@Example.ORG", "bruno.ferrero@example.org"),
        (" bruno@example.org ", "bruno@example.org"),
        ("bruno+petitions@example.org", "bruno@example.org"),
        ("b.r.u.n.o+x@googlemail.com", "bruno@gmail.com"),
        ("bruno.ferrero@orange.fr", "bruno.ferrero@orange.fr"),
        ("bruno-ferrero@laposte.net", "bruno-ferrero@laposte.net"),
        ("bruno-petitions@yahoo.fr", "bruno@yahoo.fr"),
        ("bru_no-f@pm.me", "brunof@proton.me"),
        ("bruno@mac.com", "bruno@icloud.com"),
        ("bruno@échirolles.example", "bruno@xn--chirolles-93a.example"),
        ("+tag@example.org", "+tag@example.org"),
        ('"bruno"@example.org', "bruno@example.org"),
        ('"br\\uno+x"@example.org', "bruno@example.org"),
    ],
)
def test_an_address_leads_to_its_mailbox(address, mailbox):
    assert canonical(address) == mailbox


@pytest.mark.parametrize("address", ["bruno@" + "é" * 80 + ".example", "bruno@é..example", "bruno@", "bruno"])
def test_a_domain_that_no_mail_reaches_is_no_fault(address):
    assert canonical(canonical(address)) == canonical(address)


@given(st.emails())
def test_a_mailbox_is_its_own(address):
    assert canonical(canonical(address)) == canonical(address)
    assert canonical(address.upper()) == canonical(address.lower())


def test_a_key_tells_mailboxes_apart_and_nothing_else(settings):
    key = mailbox_key("bruno+a@example.org")
    assert key == mailbox_key("Bruno@example.org") != mailbox_key("camille@example.org")
    assert len(key) == 64
    settings.MAILBOX_KEY = "another" * 10
    assert mailbox_key("bruno@example.org") != key

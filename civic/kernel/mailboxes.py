"""One mailbox, however its address is written."""

import hashlib
import hmac
from contextlib import suppress

from django.conf import settings

# Domains that deliver to one mailbox, and what each provider ignores in the part before the @.
# Sources: the providers' own help pages on aliases (Gmail dots and +, Outlook +, Proton +, iCloud +…).
ALIASES = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
}
IGNORED_CHARACTERS = {"gmail.com": ".", "proton.me": "._-"}
DASH_TAGS = {"yahoo.com", "yahoo.fr"}
# What quotes a part is no part of it: "bruno"@example.org is bruno@example.org (RFC 5321, 4.1.2).
QUOTING = str.maketrans("", "", '"\\')


def canonical(address: str) -> str:
    """The address of the mailbox that `address` reaches: lower case, no tag, no dots where they don't count."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.translate(QUOTING)
    # No mail reaches a domain that can't be written in ASCII: it stays as it is, and its mail bounces.
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    domain = ALIASES.get(domain, domain)
    local = local.partition("+")[0] or local
    if domain in DASH_TAGS:
        local = local.partition("-")[0] or local
    ignored = IGNORED_CHARACTERS.get(domain, "")
    return f"{''.join(c for c in local if c not in ignored)}@{domain}"


def mailbox_key(address: str) -> str:
    """HMAC-SHA256 (64 hex digits) of the canonical mailbox: equal for one person, unreadable without the key."""
    return hmac.new(settings.MAILBOX_KEY.encode(), canonical(address).encode(), hashlib.sha256).hexdigest()

"""Where our ways differ from allauth's ordinary ones."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from civic.realtime.access import access_changed


def display_name(user) -> str:
    return user.name


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request, user, form, commit=True):
        """Write the new account once, with all that the form asked."""
        form.fill(user)
        return super().save_user(request, user, form, commit=commit)

    def confirm_email(self, request, email_address):
        """Take up the proven address in one transaction; False where another account has just done so."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def is_safe_url(self, url):
        """`next=` leads to a page of this very site; allauth's own would accept any host of ALLOWED_HOSTS."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def send_mail(self, template_prefix, email, context):
        # What every mail of the product is given (outbox.post); subjects have no request to find it in.
        base = {"city": settings.CITY, "site_url": settings.SITE_URL, "language": get_language()}
        super().send_mail(template_prefix, email, base | context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets of authenticator apps and recovery codes encrypted: who reads the database can't sign in."""

    def encrypt(self, text):
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self):
        """What a device shows beside a passkey: the product's name rather than its host's."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions):
        """Close the sessions' open pages with them."""
        super().end_sessions(sessions)
        for user in {session.user for session in sessions}:
            access_changed(user=user)


def _box() -> MultiFernet:
    # The newest key first; a rotation of SECRET_KEY keeps the older ones in SECRET_KEY_FALLBACKS.
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.blake2b(key.encode(), digest_size=32, person=b"second factor").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

"""The links of mails, by which somebody without an account comes back to a signature."""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError

LINK_SIGNER = signing.Signer(salt="petitions.signature.link")


class LinkGone(DomainError):
    status = 410
    template = "petitions/link_gone.html"
    title = _("This link no longer works")
    sentence = _(
        "It was replaced by a newer one, or its time is over. If you have not signed yet, you can ask for a new mail."
    )


def token_of(nonce: UUID) -> str:
    """What a mail's link holds: signed, so that who reads the database can't make one."""
    return LINK_SIGNER.sign(nonce.hex)


def nonce_of(token: str) -> UUID:
    """The nonce that a link holds. Raises LinkGone."""
    try:
        return UUID(hex=LINK_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkGone from error

"""A signature that waits for its mailbox to say yes. It lives apart: only confirmed ones are signatures."""

import hmac
import string
import uuid
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from civic.kernel import limits
from civic.kernel.errors import DomainError
from civic.notifications import outbox
from civic.territory.models import Quarter
from petitions.models.links import LinkGone, nonce_of, token_of
from petitions.models.petition import Petition, PetitionClosed
from petitions.models.signature import Signature, Signer

TRIES = 5
MAILS = 5
PENDING = timedelta(days=30)
# "Valid until 24 hours after closing" (petitions.md).
AFTER_CLOSING = timedelta(hours=24)
# The same form again within this time is a double click, or an answer that got lost.
SENT_TWICE = timedelta(minutes=1)
TYPED = ("email", "name", "postal_code", "quarter_id", "shows_name", "wants_news")


class WrongCode(DomainError):
    status = 422
    title = _("This is not the code")
    sentence = _("The six digits are not those of the mail. Please look again.")


class TooManyTries(WrongCode):
    sentence = _("The code was mistyped five times and no longer works. The link in the mail still does.")


class TooManyMails(DomainError):
    """Nobody blocks a mailbox by asking for it five times: the newest mail, which lies in it, still signs."""

    status = 429
    title = _("Five mails were sent")
    sentence = _(
        "Five mails were sent for this signature. Please look in the unwanted mail, or sign on paper or at a counter."
    )


class SignatureRequest(models.Model):
    """What was typed on the form, kept 30 days at most and never counted."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="requests")
    mailbox_key = models.CharField(max_length=64)
    folded_name = models.CharField(max_length=120)
    # Renewed when what is asked changes: a mail confirms exactly what it says.
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("first and last name"), max_length=80)
    postal_code = models.CharField(_("postal code"), max_length=5)
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, verbose_name=_("quarter"))
    shows_name = models.BooleanField(default=False)
    wants_news = models.BooleanField(default=False)
    language = models.CharField(max_length=5)
    requested_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    mails_sent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "mailbox_key", "folded_name"], name="petitions_request_one_per_name"
            ),
            models.CheckConstraint(condition=Q(tries_left__lte=TRIES), name="petitions_request_five_tries"),
            models.CheckConstraint(condition=Q(mails_sent__lte=MAILS), name="petitions_request_five_mails"),
        ]
        indexes = [models.Index(fields=["requested_at"], name="petitions_request_age")]

    # --- Asking -----------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def ask(cls, petition: Petition, signer: Signer, *, at: datetime, mails_sent: int = 0) -> "SignatureRequest":
        """Keep what was typed and write to the mailbox. Raises PetitionClosed, TooManyMails, TooManyRequests.

        A later request takes the place of the earlier one of that name, and of all but one other
        name: nobody can keep my mailbox from signing by asking before me. The same form sent
        twice writes one mail, whose link works.
        """
        petition.check_open(at=at)
        # The brake on one mailbox, whoever asks and for whatever petition.
        limits.consume("signature-mailbox", signer.key, rate="30/d")
        request, _created = cls.objects.select_for_update().get_or_create(
            petition=petition, mailbox_key=signer.key, folded_name=signer.folded_name,
            defaults={"requested_at": at, "mails_sent": mails_sent},
        )  # fmt: skip
        if request._was_just_asked(signer, at=at):
            return request
        request._cancel_mails()
        # Corrected to an address that was asked for before: the mails of both were sent for one signature.
        request.mails_sent = max(request.mails_sent, mails_sent)
        if at - request.requested_at >= PENDING:
            request.mails_sent = 0
        for field in TYPED:
            setattr(request, field, getattr(signer, field))
        request.language = get_language() or settings.LANGUAGE_CODE
        request.nonce, request.tries_left = uuid.uuid4(), TRIES
        request._write(at=at)
        others = cls.objects.filter(petition=petition, mailbox_key=signer.key).exclude(pk=request.pk)
        cls.objects.filter(pk__in=others.order_by("-requested_at", "-pk").values("pk")[1:]).delete()
        return request

    def _was_just_asked(self, signer: Signer, *, at: datetime) -> bool:
        is_recent = self.mails_sent > 0 and at - self.requested_at < SENT_TWICE
        return is_recent and all(getattr(self, field) == getattr(signer, field) for field in TYPED)

    @transaction.atomic
    def change_address(self, email: str, *, at: datetime) -> "SignatureRequest":
        """Correct a mistyped address: a mail that has not left never leaves, only the new address is written to."""
        current = type(self).objects.select_for_update(of=["self"]).select_related("petition").get(pk=self.pk)
        current._cancel_mails()
        mails_sent = current.mails_sent
        current.delete()
        return type(self).ask(current.petition, current.signer(email=email), at=at, mails_sent=mails_sent)

    @transaction.atomic
    def write_again(self, *, at: datetime) -> "SignatureRequest":
        """Send the same mail again, with a new code where the old one was mistyped too often. Raises TooManyMails."""
        current = type(self).objects.select_for_update(of=["self"]).select_related("petition").get(pk=self.pk)
        limits.consume("signature-mailbox", current.mailbox_key, rate="30/d")
        current._cancel_mails()
        if not current.tries_left:
            current.nonce, current.tries_left = uuid.uuid4(), TRIES
        current._write(at=at)
        return current

    def _write(self, *, at: datetime) -> None:
        if self.mails_sent >= MAILS:
            raise TooManyMails
        self.mails_sent += 1
        self.requested_at = at
        self.save()
        signature = Signature.objects.of_mailbox(self.petition_id, self.mailbox_key).filter(
            folded_name=self.folded_name, counts=True
        ).first()  # fmt: skip
        outbox.post(
            self.mail_key,
            self.email,
            "signature_known" if signature else "signature_confirm",
            {"request": self, "petition": self.petition, "signature": signature, "site_url": settings.SITE_URL},
            language=self.language,
        )

    @property
    def mail_key(self) -> str:
        """The outbox's key of the newest mail."""
        return self._mail_key(self.mails_sent)

    def _mail_key(self, number: int) -> str:
        return f"petitions.request:{self.nonce.hex}:{number}"

    def _cancel_mails(self) -> None:
        """What has not left yet never leaves: the mail, and those that were asked for again."""
        for number in range(1, self.mails_sent + 1):
            outbox.cancel(self._mail_key(number))

    # --- Confirming ---------------------------------------------------------------------------

    @classmethod
    def from_link(cls, petition_id: int, token: str) -> "SignatureRequest | None":
        """The request that a mail's link stands for. Raises LinkGone where the link is not one of ours."""
        return cls.objects.filter(petition_id=petition_id, nonce=nonce_of(token)).select_related("petition").first()

    @transaction.atomic
    def confirm(self, *, at: datetime) -> int:
        """Turn the request into a signature and return its id.

        Raises LinkGone, PetitionClosed, AlreadySigned, MailboxFull or SignatureSetAside. The row's lock
        makes two confirmations of one request one.
        """
        current = type(self).objects.select_for_update().filter(pk=self.pk, nonce=self.nonce).first()
        if current is None:
            raise LinkGone
        current.check_valid(at=at)
        pk = Signature.add(current.petition_id, current.signer(nonce=current.nonce), at=at)
        current.delete()
        return pk

    def confirm_by_code(self, code: str, *, at: datetime) -> int:
        """Confirm with the six digits of the mail. Raises WrongCode, TooManyTries, or what `confirm` raises.

        The try is spent before the code is compared, in a statement of its own: guesses sent in
        parallel get five tries together.
        """
        digits = "".join(c for c in code if c in string.digits)
        spent = type(self).objects.filter(pk=self.pk, nonce=self.nonce, tries_left__gt=0).update(
            tries_left=F("tries_left") - 1
        )  # fmt: skip
        if not spent:
            raise TooManyTries
        if not hmac.compare_digest(digits, self.code):
            raise WrongCode
        return self.confirm(at=at)

    def is_valid_at(self, at: datetime) -> bool:
        petition = self.petition
        if petition.hidden_at or petition.removed_at or petition.withdrawn_at or petition.closes_at is None:
            return False
        return at < min(self.requested_at + PENDING, petition.closes_at + AFTER_CLOSING)

    def check_valid(self, *, at: datetime) -> None:
        """Raises PetitionClosed, or LinkGone for what was asked more than 30 days ago."""
        if self.is_valid_at(at):
            return
        raise LinkGone if self.petition.is_open_at(at) else PetitionClosed

    @property
    def code(self) -> str:
        """Six digits that follow from the nonce and the site's key; nothing to read in the database."""
        digest = hmac.new(settings.SECRET_KEY.encode(), b"petitions.code:" + self.nonce.bytes, sha256).digest()
        return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"

    @property
    def link_url(self) -> str:
        return reverse("petitions:link", args=[self.petition_id, token_of(self.nonce)])

    def signer(self, *, email: str | None = None, nonce: uuid.UUID | None = None) -> Signer:
        return Signer(
            email=email or self.email,
            name=self.name,
            postal_code=self.postal_code,
            quarter_id=self.quarter_id,
            shows_name=self.shows_name,
            wants_news=self.wants_news,
            nonce=nonce,
        )

"""A signature: confirmed when the row is there, until it is withdrawn or invalidated."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from civic.kernel.mailboxes import mailbox_key
from civic.kernel.postgresql import prepared
from civic.kernel.text import fold, plain_line
from civic.territory.models import Quarter
from petitions.models.links import LinkGone, nonce_of, token_of

# The text that a signer agreed to; a change of its wording gets a new version.
CONSENT_VERSION = "2026-11"
NAME_KEY_LENGTH = 120


class AlreadySigned(DomainError):
    title = _("You have already signed")
    sentence = _("Your signature was already counted: one person signs a petition once. Nothing was changed.")


class MailboxFull(DomainError):
    title = _("This mailbox has already signed")
    sentence = _(
        "A mailbox that is shared may sign twice, for two people with the same postal code. "
        "Others sign with an address of their own, on paper or at a counter."
    )


class SignatureSetAside(DomainError):
    title = _("This signature was set aside")
    sentence = _("A check set this signature aside, so it can’t be given again. You may write to us about it.")


@dataclass(frozen=True)
class Signer:
    """Who signs, as told on the form or by the account; `user_id` and `nonce` say by which of the two."""

    email: str
    name: str
    postal_code: str = ""
    quarter_id: int | None = None
    shows_name: bool = False
    wants_news: bool = False
    user_id: int | None = None
    nonce: UUID | None = None

    @property
    def key(self) -> str:
        return mailbox_key(self.email)

    @property
    def folded_name(self) -> str:
        return name_key(self.name)


def name_key(name: str) -> str:
    """A name as it is compared; cut, since one letter of some scripts unfolds into many."""
    return fold(name)[:NAME_KEY_LENGTH]


class SignatureQuerySet(models.QuerySet["Signature"]):
    def counting(self) -> "SignatureQuerySet":
        return self.filter(counts=True)

    def of_mailbox(self, petition_id: int, key: str) -> "SignatureQuerySet":
        return self.filter(petition_id=petition_id, mailbox_key=key)

    def of_account(self, petition_id: int, user) -> "SignatureQuerySet":
        """What this person gave, with the account or before by mail; what counts comes first."""
        by_mail = Q(mailbox_key=mailbox_key(user.email), folded_name=name_key(user.name))
        return self.filter(Q(user=user) | by_mail, petition_id=petition_id).order_by("-counts", "pk")

    def shown_on(self, petition) -> "SignatureQuerySet":
        """Latest first, those who ticked that their name be shown."""
        return self.filter(petition=petition, shows_name=True, counts=True).order_by("-signed_at")

    def from_link(self, petition_id: int, token: str) -> "Signature | None":
        """The signature that a mail's link stands for. Raises LinkGone where the link is not one of ours."""
        return self.filter(petition_id=petition_id, nonce=nonce_of(token)).first()


class Signature(models.Model):
    """One person's name under one petition.

    A mailbox has place 1; place 2 is for somebody else with the same postal code who shares it.
    """

    petition = models.ForeignKey("petitions.Petition", models.PROTECT, related_name="signatures", db_index=False)
    # Null once anonymised: NULLs are distinct, so what anonymising leaves never collides.
    mailbox_key = models.CharField(max_length=64, null=True)  # noqa: DJ001
    place = models.PositiveSmallIntegerField(default=1)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="signatures", db_index=False
    )
    # In the links of mails; a signer with an account has the account instead.
    nonce = models.UUIDField(null=True)
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(_("first and last name"), max_length=80, blank=True)
    folded_name = models.CharField(max_length=NAME_KEY_LENGTH, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, db_index=False, verbose_name=_("quarter"))
    shows_name = models.BooleanField(default=False)
    wants_news = models.BooleanField(default=False)
    consent_version = models.CharField(max_length=10)
    channel = models.CharField(max_length=10, default="online")
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    invalidated_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)
    counts = models.GeneratedField(
        expression=ExpressionWrapper(Q(withdrawn_at=None, invalidated_at=None), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Whether the published count includes this row: the mark that the counting loop sets (counting.py).
    counted = models.BooleanField(default=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "mailbox_key", "place"], name="petitions_signature_one_per_person"
            ),
            # An account whose address or name has changed is still one person.
            models.UniqueConstraint(
                fields=["user", "petition"], condition=Q(user__isnull=False), name="petitions_signature_one_per_account"
            ),
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="petitions_signature_two_places"),
            models.CheckConstraint(
                condition=Q(anonymised_at=None, mailbox_key__isnull=False)
                | Q(anonymised_at__isnull=False, mailbox_key=None, nonce=None, user=None, email="", name="",
                    folded_name="", postal_code="", shows_name=False, wants_news=False),
                name="petitions_signature_anonymised_or_keyed",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["id"], condition=~Q(counted=F("counts")), name="petitions_signature_moved"),
            models.Index(
                fields=["petition", "-signed_at"],
                condition=Q(shows_name=True, counts=True),
                name="petitions_signature_shown",
            ),
            models.Index(fields=["nonce"], condition=Q(nonce__isnull=False), name="petitions_signature_nonce"),
        ]

    # --- Signing (the row is all that is written: the count follows by a loop) ----------------

    @classmethod
    def add(cls, petition_id: int, signer: Signer, *, at: datetime) -> int:
        """Record a signature, once per person, and return its id.

        Raises AlreadySigned, MailboxFull or SignatureSetAside. INSERT … ON CONFLICT DO NOTHING lets the
        constraint decide every race; only who meets a conflict pays for finding out why.
        """
        pk = _insert(petition_id, signer, place=1, at=at)
        return pk if pk is not None else cls._add_beside(petition_id, signer, at=at)

    @classmethod
    def add_if_open(cls, petition_id: int, signer: Signer, *, at: datetime) -> int | None:
        """Sign in one statement, without reading the petition first: the busiest request of a busy day.

        None where the petition is not open or the mailbox has signed; `Petition.sign` tells which.
        """
        return _insert(petition_id, signer, place=1, at=at, if_open=True)

    @classmethod
    def _add_beside(cls, petition_id: int, signer: Signer, *, at: datetime) -> int:
        same = Q(mailbox_key=signer.key) | (Q(user=signer.user_id) if signer.user_id else Q())
        others = list(cls.objects.filter(same, petition_id=petition_id))
        own = [other for other in others if other._is_of(signer)]
        if any(signature.counts for signature in own):
            raise AlreadySigned
        if any(signature.invalidated_at for signature in own):
            raise SignatureSetAside
        if own:
            # The account's own row first: it is the one that may bear the account.
            return max(own, key=lambda signature: signature.user_id or 0)._take_up_again(signer, at=at)
        if len(others) == 1 and others[0].postal_code == signer.postal_code and signer.postal_code:
            pk = _insert(petition_id, signer, place=2, at=at)
            # Somebody took place 2 in between: look again who it was, once.
            return pk if pk is not None else cls._add_beside(petition_id, signer, at=at)
        raise MailboxFull

    def _is_of(self, signer: Signer) -> bool:
        if self.user_id and self.user_id == signer.user_id:
            return True
        return self.mailbox_key == signer.key and self.folded_name == signer.folded_name

    def _take_up_again(self, signer: Signer, *, at: datetime) -> int:
        taken_up = Signature.objects.filter(pk=self.pk, withdrawn_at__isnull=False, invalidated_at=None).update(
            withdrawn_at=None, signed_at=at, user=signer.user_id, nonce=signer.nonce, email=signer.email,
            name=plain_line(signer.name), postal_code=signer.postal_code, quarter=signer.quarter_id,
            shows_name=signer.shows_name, wants_news=signer.wants_news, consent_version=CONSENT_VERSION,
        )  # fmt: skip
        if not taken_up:
            raise AlreadySigned
        return self.pk

    # --- The signer's own acts ----------------------------------------------------------------

    def withdraw(self, *, at: datetime) -> None:
        """Take the signature back; the count falls. Doing it twice changes nothing."""
        Signature.objects.filter(pk=self.pk, withdrawn_at=None).update(withdrawn_at=at, shows_name=False)

    @transaction.atomic
    def erase(self, *, at: datetime) -> None:
        """Destroy who signed. While the petition collects, the count falls; afterwards the certified count stays."""
        current = Signature.objects.select_for_update(of=["self"]).select_related("petition").get(pk=self.pk)
        if current.petition.is_open_at(at) and current.withdrawn_at is None:
            current.withdrawn_at = at
        if current.invalidated_at and current.petition.is_open_at(at):
            # What a check set aside is not given again: the mailbox's key stays until the end.
            current._forget_person()
            current.save()
        else:
            current.anonymise(at=at)

    def anonymise(self, *, at: datetime) -> None:
        """Leave petition, status, quarter, channel and the hour; nothing that tells who it was."""
        self._forget_person()
        self.mailbox_key = None
        for field in ("signed_at", "withdrawn_at", "invalidated_at"):
            moment = getattr(self, field)
            setattr(self, field, moment and moment.replace(minute=0, second=0, microsecond=0))
        self.anonymised_at = at.replace(minute=0, second=0, microsecond=0)
        self.save()

    def _forget_person(self) -> None:
        self.nonce = self.user = None
        self.email = self.name = self.folded_name = self.postal_code = ""
        self.shows_name = self.wants_news = False

    def correct(self, *, name: str, shows_name: bool, wants_news: bool) -> None:
        """Correct my name, show or hide it, receive news or not."""
        # Where it stands: what was withdrawn or erased in another window meanwhile stays so.
        present = Signature.objects.filter(pk=self.pk, anonymised_at=None).exclude(name="")
        present.update(
            name=plain_line(name),
            folded_name=name_key(name),
            shows_name=Case(When(withdrawn_at=None, then=Value(shows_name)), default=Value(False)),
            wants_news=wants_news,
        )

    def stop_news(self) -> None:
        Signature.objects.filter(pk=self.pk).update(wants_news=False)

    @property
    def token(self) -> str:
        if self.nonce is None:
            raise LinkGone
        return token_of(self.nonce)

    @property
    def link_url(self) -> str:
        """The signer's own page; stands in mails only."""
        return reverse("petitions:link", args=[self.petition_id, self.token])


STATEMENT = """
INSERT INTO petitions_signature (petition_id, mailbox_key, place, user_id, nonce, email, name, folded_name, postal_code,
                                 quarter_id, shows_name, wants_news, consent_version, channel, signed_at, counted)
SELECT id, %s, %s, %s::bigint, %s::uuid, %s, %s, %s, %s, %s::bigint, %s, %s, %s, 'online', %s, FALSE
FROM petitions_petition WHERE id = %s {if_open} ON CONFLICT DO NOTHING RETURNING id
"""
INSERT = STATEMENT.format(if_open="")
# The same conditions as PetitionQuerySet.open, in the statement that signs.
INSERT_IF_OPEN = STATEMENT.format(
    if_open="""
AND opens_at <= %s AND closes_at > %s
AND hidden_at IS NULL AND removed_at IS NULL AND withdrawn_at IS NULL AND archived_at IS NULL
"""
)


def _insert(petition_id: int, signer: Signer, *, place: int, at: datetime, if_open: bool = False) -> int | None:
    """The id of the new row, or None where a constraint held it back (Django's ORM doesn't tell which)."""
    values = [
        *(signer.key, place, signer.user_id, signer.nonce, signer.email, plain_line(signer.name)),
        *(signer.folded_name, signer.postal_code, signer.quarter_id, signer.shows_name, signer.wants_news),
        *(CONSENT_VERSION, at, petition_id),
    ]
    with prepared() as cursor:
        if if_open:
            cursor.execute(INSERT_IF_OPEN, [*values, at, at])
        else:
            cursor.execute(INSERT, values)
        row = cursor.fetchone()
    return row[0] if row else None

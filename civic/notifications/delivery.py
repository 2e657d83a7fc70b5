"""Handing mail over to the mail server, one at a time."""

import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from civic.notifications.models import OutgoingMail

log = structlog.get_logger(__name__)

# Seconds for each answer of the mail server: while it hesitates, the mail's row is locked.
TIMEOUT = 8
GIVE_UP_AFTER = timedelta(days=3)


class Postponed(Exception):
    """The mail server is away or hesitates: the mail stays, and is tried again later."""


def deliver(mail_id: int, *, at: datetime) -> bool:
    """Send one mail, if it still waits; True when it was handed over. Raises Postponed.

    The mail leaves under its row's lock and is marked in the same transaction: a worker killed
    in between sends that one again, and no other.
    """
    postponed = None
    with transaction.atomic():
        # SKIP LOCKED: in the hands of another worker, or being cancelled.
        waiting = OutgoingMail.objects.waiting().select_for_update(skip_locked=True)
        mail = waiting.filter(pk=mail_id).first()
        if mail is None:
            return False
        mail.tries += 1
        try:
            hand_over(mail)
            mail.sent_at, mail.last_error = at, ""
        except Exception as error:  # Whatever a mail backend raises, the mail must not be lost.
            mail.last_error = name_of(error)
            if is_final(error) or mail.created_at < at - GIVE_UP_AFTER:
                mail.failed_at = at
                log.warning("mail given up", mail=mail.pk, error=mail.last_error, tries=mail.tries)
            else:
                postponed = error
        mail.save(update_fields=["tries", "sent_at", "failed_at", "last_error"])
    if postponed:
        raise Postponed(mail.last_error) from postponed
    return mail.sent_at is not None


def hand_over(mail: OutgoingMail) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {
        # The same for a second copy, so that a mailbox can drop it.
        "Message-ID": f"<mail.{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
        **mail.headers,
    }
    connection = get_connection(settings.DELIVERY_BACKEND, timeout=TIMEOUT)
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers, connection=connection)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()


def is_final(error: Exception) -> bool:
    """Whether the server refused this recipient or this text for good (5xx), or it can't be written at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def name_of(error: Exception) -> str:
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None) or ""
    return f"{type(error).__name__} {code}".strip()

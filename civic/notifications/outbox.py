"""The one way for mail to leave: written in the transaction of the act that it tells of."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import Truncator

from civic.kernel.text import plain_line
from civic.notifications.models import OutgoingMail
from civic.notifications.tasks import deliver

BULK_PRIORITY = -10

INSERT = """
INSERT INTO notifications_outgoingmail ("key", "to", subject, text, html, headers, language)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s)
ON CONFLICT ("key") DO NOTHING RETURNING id
"""


def post(
    key: str,
    to: str,
    template: str,
    context: Mapping[str, Any],
    *,
    language: str = "fr",
    headers: Mapping[str, str] | None = None,
    bulk: bool = False,
) -> bool:
    """Write a mail, once for each key; False where a mail with this key exists already.

    `key` names person and event ("signature:12:confirmation"); `template` is a name in
    templates/emails/ with the files .subject.txt, .txt and .html. It leaves if the caller's
    transaction commits, and only then. Mailings say `bulk=True`: a code to sign in passes them.
    Raises BadHeaderError for a line break in the address or a header.
    """
    with translation.override(language):
        context = {"city": settings.CITY, "site_url": settings.SITE_URL, "language": language, **context}
        subject = plain_line(render_to_string(f"emails/{template}.subject.txt", context))
        text = render_to_string(f"emails/{template}.txt", context).strip() + "\n"
        html = render_to_string(f"emails/{template}.html", context)
    return write(key, to, subject, text, html, headers=headers or {}, language=language, bulk=bulk)


def write(
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    *,
    headers: Mapping[str, str],
    language: str,
    bulk: bool = False,
) -> bool:
    """`post` for a mail that is written already."""
    refuse_line_breaks(to, *headers.keys(), *headers.values())
    subject = Truncator(subject).chars(250)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [key, to, subject, text, html, json.dumps(dict(headers)), language])
        row = cursor.fetchone()
        if row:
            # The job is a row of the same transaction: neither exists without the other.
            deliver.configure(priority=BULK_PRIORITY if bulk else 0).defer(mail_id=row[0])
    return row is not None


def refuse_line_breaks(*values: str) -> None:
    """A line break would start another header: what follows it would be the writer's own."""
    for value in values:
        if "\n" in value or "\r" in value:
            raise BadHeaderError("A mail's address or header holds a line break.")


def cancel(key: str) -> bool:
    """Keep a mail from leaving; False where it left before (or there is none).

    Waits for a delivery under way: the row's lock decides between the two.
    """
    mail = OutgoingMail.objects.waiting().filter(key=key)
    return bool(mail.update(cancelled_at=timezone.now(), to="", subject="", text="", html="", headers={}))


def cancel_all(keys: Collection[str]) -> set[str]:
    """`cancel` for many at once; the keys of those that will not leave."""
    mails = OutgoingMail.objects.waiting().filter(key__in=keys).select_for_update()
    with transaction.atomic():
        # Locked in one order, whoever else cancels.
        found = dict(mails.order_by("pk").values_list("pk", "key"))
        OutgoingMail.objects.filter(pk__in=found).update(
            cancelled_at=timezone.now(), to="", subject="", text="", html="", headers={}
        )
    return set(found.values())


def has_left(key: str) -> bool:
    """Whether a mail with this key was sent: somebody may have read it."""
    return OutgoingMail.objects.filter(key=key, sent_at__isnull=False).exists()


def one_click(url: str) -> dict[str, str]:
    """Headers that let a mail program unsubscribe by one POST to `url` (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from civic.kernel.text import plain_line
from civic.notifications import outbox
from civic.notifications.models import DJANGO_KEY


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend that writes to the outbox: what allauth sends is kept, tried again and delivered alike."""

    def send_messages(self, email_messages):
        return sum(self.write(message) for message in email_messages)

    def write(self, message: EmailMessage) -> int:
        """One mail for each recipient; 1 as Django counts, 0 without any. Raises ValueError for an attachment."""
        if message.attachments:
            raise ValueError("The outbox carries no attachments.")
        headers = {name: str(value) for name, value in message.extra_headers.items() if name != "From"}
        if message.reply_to:
            headers["Reply-To"] = ", ".join(message.reply_to)
        html = next((part for part, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
        for recipient in message.recipients():
            outbox.write(
                f"{DJANGO_KEY}{uuid4()}",
                recipient,
                plain_line(str(message.subject)),
                str(message.body),
                str(html),
                headers=headers,
                language=translation.get_language() or "fr",
            )
        return 1 if message.recipients() else 0

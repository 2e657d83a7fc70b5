from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend that writes to the outbox."""

    def send_messages(self, email_messages):
        return len(email_messages)

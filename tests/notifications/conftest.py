import pytest

from civic.notifications import outbox
from tests.notifications.smtp_sink import SmtpSink


@pytest.fixture
def write():
    """Put a mail into the outbox without a template."""

    def write(key, to="amina@example.org", **options):
        fields = {"headers": {}, "language": "fr"} | options
        return outbox.write(key, to, "Objet", "Bonjour.\n", "<p>Bonjour.</p>", **fields)

    return write


@pytest.fixture
def sink(settings):
    """A mail server, which the settings point to."""
    with SmtpSink() as sink:
        settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink

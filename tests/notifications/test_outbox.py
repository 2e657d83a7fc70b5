"""What is written to the outbox, once, in the caller's transaction."""

import threading

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.notifications import outbox
from civic.notifications.models import OutgoingMail

# Named in full: Django's test runner puts another one into the settings.
OUTBOX = "civic.notifications.backend.OutboxBackend"


@pytest.fixture
def template(settings, tmp_path):
    """A small mail template of the tests' own."""
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / "greeting.subject.txt").write_text("Hello {{ name }}\n")
    (folder / "greeting.txt").write_text("\nHello {{ name|safe }}, {{ site_url }}.\n\n")
    (folder / "greeting.html").write_text("<p>Hello {{ name }}</p>")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    return "greeting"


@pytest.fixture
def post(template):
    def post(key="event:1:amina", name="Amina", **options):
        return outbox.post(key, "amina@example.org", template, {"name": name}, **options)

    return post


def test_a_mail_is_written_in_text_and_html(db, post, settings):
    assert post()
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject, mail.language) == ("amina@example.org", "Hello Amina", "fr")
    assert mail.text == f"Hello Amina, {settings.SITE_URL}.\n"
    assert mail.html == "<p>Hello Amina</p>"
    assert mail.is_waiting()


def test_the_same_key_writes_once_and_has_one_job(db, post):
    assert post()
    assert not post(name="Someone else")
    assert OutgoingMail.objects.get().subject == "Hello Amina"
    assert ProcrastinateJob.objects.count() == 1


def test_a_mail_is_forgotten_with_the_act_that_failed(db, post):
    with pytest.raises(RuntimeError), transaction.atomic():
        post()
        raise RuntimeError
    assert not OutgoingMail.objects.exists()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_one_key_write_one_mail(post):
    answers, barrier = [], threading.Barrier(8)

    def run():
        barrier.wait()
        answers.append(post())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True]
    assert OutgoingMail.objects.count() == ProcrastinateJob.objects.count() == 1


def test_a_line_break_in_a_name_makes_no_header(db, post):
    post(name="Amina\r\nBcc: everyone@example.org")
    assert OutgoingMail.objects.get().subject == "Hello Amina Bcc: everyone@example.org"


@pytest.mark.parametrize("headers", [{"X-A": "b\nBcc: c@example.org"}, {"X-A\r\nBcc": "c@example.org"}])
def test_a_line_break_in_a_header_is_refused(db, post, headers):
    with pytest.raises(BadHeaderError):
        post(headers=headers)


def test_a_line_break_in_the_address_is_refused(db, template):
    with pytest.raises(BadHeaderError):
        outbox.post("event:1", "a@example.org\nBcc: b@example.org", template, {})


def test_a_mailing_lets_urgent_mail_pass(db, post):
    post("bulk", bulk=True)
    post("urgent")
    bulk, urgent = ProcrastinateJob.objects.order_by("id").values_list("priority", flat=True)
    assert urgent > bulk


def test_one_click_headers_follow_rfc_8058(db, post):
    post(headers=outbox.one_click("https://fabrique.example/stop/x/"))
    assert OutgoingMail.objects.get().headers == {
        "List-Unsubscribe": "<https://fabrique.example/stop/x/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_a_cancelled_mail_keeps_its_key_and_nothing_else(db, post):
    post()
    assert outbox.cancel("event:1:amina")
    mail = OutgoingMail.objects.get()
    assert mail.cancelled_at and not mail.is_waiting()
    assert (mail.to, mail.subject, mail.text, mail.html) == ("", "", "", "")
    assert not post(), "its event is settled"


def test_many_are_cancelled_at_once_but_those_that_left(db, post):
    for number in (1, 2, 3):
        post(key=f"event:{number}")
    OutgoingMail.objects.filter(key="event:2").update(sent_at=timezone.now())
    assert outbox.cancel_all(["event:1", "event:2", "event:9"]) == {"event:1"}
    assert list(OutgoingMail.objects.waiting().values_list("key", flat=True)) == ["event:3"]


def test_a_mail_that_left_can_not_be_cancelled(db, post):
    post()
    OutgoingMail.objects.update(sent_at=timezone.now())
    assert not outbox.cancel("event:1:amina")
    assert OutgoingMail.objects.get().text


def test_a_mail_has_one_fate(db, post):
    post()
    with pytest.raises(IntegrityError, match="notifications_outgoingmail_one_fate"):
        OutgoingMail.objects.update(sent_at=timezone.now(), cancelled_at=timezone.now())


def test_django_mail_enters_the_outbox(db):
    message = EmailMultiAlternatives(
        "Your\ncode", "1234", to=["amina@example.org"], headers={"X-Kind": "code"}, reply_to=["city@example.org"]
    )
    message.attach_alternative("<p>1234</p>", "text/html")
    assert get_connection(OUTBOX).send_messages([message]) == 1
    mail = OutgoingMail.objects.get()
    assert (mail.subject, mail.text, mail.html) == ("Your code", "1234", "<p>1234</p>")
    assert mail.headers == {"X-Kind": "code", "Reply-To": "city@example.org"}
    assert ProcrastinateJob.objects.count() == 1


def test_an_attachment_is_refused_rather_than_lost(db):
    message = EmailMultiAlternatives("Subject", "text", to=["amina@example.org"])
    message.attach("receipt.pdf", b"%PDF", "application/pdf")
    with pytest.raises(ValueError, match="attachments"):
        get_connection(OUTBOX).send_messages([message])

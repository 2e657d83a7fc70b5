"""From the outbox to the mail server: each mail, once, whatever happens to server and worker."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.notifications import delivery, outbox, tasks
from civic.notifications.models import OutgoingMail
from tests.notifications.smtp_sink import PATIENCE, SmtpSink
from tests.worker_process import WorkerProcess, wait_until


def deliver(at=None):
    return delivery.deliver(OutgoingMail.objects.get().pk, at=at or timezone.now())


def test_a_mail_is_handed_over_as_it_was_written(db, write, sink):
    write("event:1", headers=outbox.one_click("https://fabrique.example/stop/x/"))
    assert deliver()
    (message,) = sink.mails
    assert (message["To"], message["Subject"]) == ("amina@example.org", "Objet")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]
    assert OutgoingMail.objects.get().sent_at


def test_a_mail_that_left_does_not_leave_again(db, write, sink):
    write("event:1")
    assert deliver() and not deliver()
    assert len(sink.mails) == 1


def test_a_cancelled_mail_never_leaves(db, write, sink):
    write("event:1")
    outbox.cancel("event:1")
    assert not deliver()
    assert not sink.mails


def test_a_mail_waits_for_a_server_that_is_away(db, write, sink):
    write("event:1")
    sink.__exit__()
    with pytest.raises(delivery.Postponed, match="ConnectionRefusedError"):
        deliver()
    mail = OutgoingMail.objects.get()
    assert mail.is_waiting() and mail.tries == 1
    with SmtpSink(sink.port) as back:
        assert deliver()
    assert len(back.mails) == 1 and OutgoingMail.objects.get().last_error == ""


def test_a_server_that_hesitates_is_asked_again(db, write, sink):
    write("event:1")
    sink.refusal = "450 greylisted"
    with pytest.raises(delivery.Postponed):
        deliver()
    assert OutgoingMail.objects.get().is_waiting()


def test_an_address_refused_for_good_is_given_up(db, write, sink):
    write("event:1")
    sink.refusal = "550 no such mailbox amina@example.org"
    assert not deliver()
    mail = OutgoingMail.objects.get()
    assert mail.failed_at and mail.last_error == "SMTPRecipientsRefused", "no address in what is kept"


def test_after_three_days_a_mail_is_given_up(db, write, sink):
    write("event:1")
    sink.refusal = "450 later"
    assert not deliver(at=timezone.now() + timedelta(days=3, minutes=1))
    assert OutgoingMail.objects.get().failed_at


def test_tries_come_more_slowly_and_never_end():
    waits = []
    for attempts in (0, 1, 2, 6, 7, 400):
        job = SimpleNamespace(attempts=attempts)
        decision = tasks.BackOff().get_retry_decision(exception=delivery.Postponed(), job=job)
        waits.append(round((decision.retry_at - timezone.now()).total_seconds(), -1))
    assert waits == [10, 20, 40, 600, 600, 600]


@pytest.mark.django_db(transaction=True)
def test_cancelling_waits_for_the_delivery_under_way(write, sink):
    write("event:1")
    sink.may_answer.clear()
    with ThreadPoolExecutor(2) as pool:
        sending = pool.submit(beside, deliver)
        assert sink.is_given.wait(PATIENCE), "the delivery holds the mail"
        cancelling = pool.submit(beside, lambda: outbox.cancel("event:1"))
        wait_until(waits_for_a_lock, "cancelling waits")
        sink.may_answer.set()
        assert (sending.result(PATIENCE), cancelling.result(PATIENCE)) == (True, False), "it was leaving already"
    mail = OutgoingMail.objects.get()
    assert mail.sent_at and not mail.cancelled_at and len(sink.mails) == 1


def beside(act):
    """Run in a thread, on a connection of its own."""
    try:
        return act()
    finally:
        connection.close()


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_a_mail_once(write, sink):
    write("event:1")
    sink.pause = 0.2
    results, barrier = [], threading.Barrier(2)

    def run():
        barrier.wait()
        results.append(deliver())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True] and len(sink.mails) == 1


def test_a_mail_without_a_job_gets_one(db, write):
    write("event:1")
    write("event:2")
    first = OutgoingMail.objects.get(key="event:1")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE (args->>'mail_id')::bigint = %s", [first.pk])
    assert tasks.resume() == 0, "it may just be waiting for its turn"
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert tasks.resume() == 1
    assert tasks.resume() == 0
    assert ProcrastinateJob.objects.filter(args__mail_id=first.pk).count() == 1


def test_what_left_two_days_ago_is_erased_but_for_its_key(db, write, settings):
    settings.DEMO = False
    now = timezone.now()
    for key, sent_at in [
        ("old", now - timedelta(days=2, hours=1)),
        ("new", now - timedelta(days=1)),
        ("waiting", None),
    ]:
        write(key)
        OutgoingMail.objects.filter(key=key).update(sent_at=sent_at)
    tasks.erase_old_mail(timestamp=0)
    mails = {mail.key: mail for mail in OutgoingMail.objects.all()}
    assert (mails["old"].to, mails["old"].subject, mails["old"].text, mails["old"].html) == ("", "", "", "")
    assert mails["new"].text and mails["waiting"].text
    assert not write("old"), "once is once"


def test_old_mail_of_django_is_gone_and_the_demos_stays(db, write, settings):
    write("django:1")
    OutgoingMail.objects.update(sent_at=timezone.now() - timedelta(days=3))
    settings.DEMO = True
    tasks.erase_old_mail(timestamp=0)
    assert OutgoingMail.objects.get().text
    settings.DEMO = False
    tasks.erase_old_mail(timestamp=0)
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_a_mailing_loses_no_mail_and_doubles_at_most_one(write, tmp_path):
    addresses = [f"resident{n}@example.org" for n in range(60)]
    for address in addresses:
        write(f"mailing:1:{address}", address, bulk=True)
    kills = 0
    with SmtpSink(pause=0.03) as sink:
        environment = {"DJANGO_SETTINGS_MODULE": "tests.notifications.smtp_settings", "SINK_PORT": str(sink.port)}
        for enough in (15, 35):
            with WorkerProcess(tmp_path / "worker.log", **environment) as worker:
                wait_until(lambda enough=enough: len(sink.mails) >= enough, "the mailing goes on")
                worker.kill()
                kills += 1
                let_heartbeats_age()
        with WorkerProcess(tmp_path / "worker.log", **environment) as worker:
            wait_until(lambda: not OutgoingMail.objects.waiting().exists(), "every mail left")
            assert worker.stop() == 0
    received = Counter(message["To"] for message in sink.mails)
    assert set(received) == set(addresses)
    doubled = [address for address, times in received.items() if times > 1]
    assert sum(received.values()) - len(addresses) <= kills, doubled
    identities = Counter(message["Message-ID"] for message in sink.mails)
    assert len(identities) == len(addresses), "a double has its first copy's Message-ID"


def let_heartbeats_age():
    """The time in which a dead worker is found out, without waiting for it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")

"""The worker: jobs and loops go on whatever happens, and stop when asked."""

import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from civic.kernel.loops import Loop
from civic.notifications import outbox
from civic.notifications.models import OutgoingMail
from civic.portal import jobs
from civic.portal.rounds import SLOWEST, Round
from tests.worker_process import WorkerProcess, wait_until


@pytest.fixture
def worker(transactional_db, tmp_path):
    with WorkerProcess(tmp_path / "worker.log") as worker:
        wait_until(ProcrastinateWorker.objects.exists, "the worker starts")
        yield worker


def write(key):
    outbox.write(key, "amina@example.org", "Objet", "Bonjour.", "", headers={}, language="fr")


def all_left() -> bool:
    return not OutgoingMail.objects.waiting().exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_jobs_are_done_and_a_signal_stops_cleanly(worker, how):
    write("event:1")
    wait_until(all_left, "the mail leaves")
    assert worker.stop(how) == 0
    assert not ProcrastinateWorker.objects.exists(), "it signed off"
    assert not ProcrastinateJob.objects.filter(task_name__contains="deliver").exists(), "done jobs are forgotten"


def test_sigint_stops_it_where_a_shell_had_it_ignored(transactional_db, tmp_path, monkeypatch):
    # What `command &` does in a script: children inherit an ignored SIGINT.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with WorkerProcess(tmp_path / "worker.log") as worker:
            wait_until(ProcrastinateWorker.objects.exists, "the worker starts")
            assert worker.stop(signal.SIGINT) == 0
    finally:
        signal.signal(signal.SIGINT, before)


def test_jobs_of_a_dead_worker_are_done_by_another(transactional_db, tmp_path):
    write("event:1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    with WorkerProcess(tmp_path / "worker.log"):
        wait_until(all_left, "the mail leaves")


def test_a_database_away_for_a_moment_stops_neither_jobs_nor_loops(worker):
    write("before")
    wait_until(all_left, "the mail leaves")
    with database_away():
        assert worker.process.poll() is None
    write("after")
    wait_until(all_left, "the mail leaves")
    # Only the loop `portal.rescue` finds this one.
    with connection.cursor() as cursor:
        write("stalled")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE status = 'todo'")
    wait_until(all_left, "the mail leaves")
    assert worker.stop() == 0


@contextmanager
def database_away():
    """Nobody gets in, and whoever was in is thrown out, but for this connection."""
    name = connection.settings_dict["NAME"]
    own = connection.connection.info.backend_pid
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            thrown_out = (
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
            )
            cursor.execute(thrown_out, [name, own])
            cursor.execute("SELECT pg_sleep(3)")
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def turn(each: Round):
    """One turn in a thread of its own, as the worker does: connections belong to threads."""
    thread = threading.Thread(target=each.turn)
    thread.start()
    thread.join()


def test_a_loop_that_fails_comes_back_more_slowly_and_recovers():
    fails = [ValueError, ValueError, None]

    def function():
        if error := fails.pop(0):
            raise error

    each = Round(Loop("test", function, 1.0), threading.Event())
    pauses = []
    for _ in range(3):
        turn(each)
        pauses.append(each.pause())
    assert pauses == [2.0, 4.0, 1.0]
    each.failures = 50
    assert each.pause() == SLOWEST


def test_a_slow_loop_is_not_made_quicker_by_failing():
    each = Round(Loop("test", lambda: None, 60.0), threading.Event())
    each.failures = 3
    assert each.pause() == 60.0


@pytest.mark.django_db(transaction=True)
def test_a_loop_leaves_no_connection_behind():
    used = []

    def function():
        connection.ensure_connection()
        used.append(connections["default"])

    each = Round(Loop("test", function, 1.0), threading.Event())
    turn(each)
    assert used[0].connection is None


def test_mail_goes_one_by_one_and_alone():
    mail, others = jobs.lanes()
    assert mail == (["mail"], 1)
    assert "mail" not in others[0] and "default" in others[0]


def test_the_command_is_known():
    listed = subprocess.run([sys.executable, "manage.py", "help", "worker"], capture_output=True, check=True)
    assert b"SIGTERM" in listed.stdout

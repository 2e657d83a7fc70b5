"""The private PostgreSQL, with its real programs, as root and as an ordinary user."""

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from devtools.places import LONGEST_SOCKET, NOBODY, Place
from devtools.postgres import PostgresError
from tests.devtools.watching import wait_until


def ask(server, sql):
    with psycopg.connect(server.url) as connection:
        return connection.execute(sql).fetchone()[0]


def tell(server, sql):
    with psycopg.connect(server.url) as connection:
        connection.execute(sql)


def test_a_first_start_makes_a_database_that_answers_and_stops(stage):
    def scene(stage):
        server = stage.place().server()
        assert server.pid() is None
        assert server.start() is True
        assert ask(server, "SELECT lower('ÉCHIROLLES')") == "échirolles"
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SHOW synchronous_commit") == "on"
        server.stop()
        assert server.pid() is None
        with pytest.raises(psycopg.OperationalError):
            ask(server, "SELECT 1")

    stage.play(scene)


def test_it_listens_on_no_port_and_its_socket_is_closed_to_others(stage):
    def scene(stage):
        server = stage.place().server()
        server.start()
        assert ask(server, "SHOW listen_addresses") == ""
        assert server.sockets.stat().st_mode & 0o777 == 0o700

    stage.play(scene)


def test_a_running_server_is_reused(stage):
    def scene(stage):
        first, second = stage.place().server(), stage.place().server()
        assert first.start() is True
        assert second.start() is False
        assert second.pid() == first.pid()
        second.stop_if_started_here()
        assert ask(first, "SELECT 1") == 1
        second.stop()
        assert first.pid() is None

    stage.play(scene)


def test_rows_survive_a_stop(stage):
    def scene(stage):
        server = stage.place().server()
        server.start()
        tell(server, "CREATE TABLE kept AS SELECT 38130 AS code")
        server.stop()
        server.start()
        assert ask(server, "SELECT code FROM kept") == 38130

    stage.play(scene)


def test_acknowledged_rows_survive_a_killed_server(stage):
    def scene(stage):
        server = stage.place().server()
        server.start()
        tell(server, "CREATE TABLE kept AS SELECT 38130 AS code")
        client = psycopg.connect(server.url)  # its own server process outlives the first one
        os.kill(server.pid(), signal.SIGKILL)
        server.process.wait()
        assert server.pid() is None
        assert server.start() is True
        client.close()
        assert ask(server, "SELECT code FROM kept") == 38130

    stage.play(scene)


def test_a_pid_file_that_names_a_stranger_is_not_believed(stage):
    def scene(stage):
        server = stage.place().server()
        server.start()
        left = (server.data / "postmaster.pid").read_text().splitlines()
        server.stop()
        stranger = [str(os.getpid()), *left[1:]]
        (server.data / "postmaster.pid").write_text("\n".join(stranger))
        (server.sockets / ".s.PGSQL.5432.lock").write_text("\n".join(stranger))
        assert server.pid() is None
        assert server.start() is True
        assert ask(server, "SELECT 1") == 1

    stage.play(scene)


def test_an_interrupted_creation_is_taken_up_again(stage):
    def scene(stage):
        server = stage.place().server()
        (server.folder / "data.partial" / "base").mkdir(parents=True)
        assert server.start() is True
        assert not (server.folder / "data.partial").exists()

    stage.play(scene)


def test_two_checkouts_run_side_by_side(stage):
    def scene(stage):
        servers = [stage.place(path).server() for path in ("one", "two")]
        for server in servers:
            server.start()
            tell(server, f"CREATE TABLE mine AS SELECT '{server.folder}' AS folder")
        assert [ask(server, "SELECT folder FROM mine") for server in servers] == [
            str(server.folder) for server in servers
        ]
        servers[0].stop()
        assert ask(servers[1], "SELECT 1") == 1

    stage.play(scene)


def test_the_tests_have_a_server_apart_from_the_products(stage):
    def scene(stage):
        product, tests = stage.place().server(), stage.place().server("test")
        product.start()
        tests.start()
        assert product.pid() != tests.pid()
        stage.place().stop_all()
        assert product.pid() is None
        assert tests.pid() is None

    stage.play(scene)


@pytest.mark.parametrize("path", ["l'été, à Échirolles", 'a "quoted" name', "/".join(["a-long-name"] * 12)])
def test_any_path_will_do(stage, path):
    def scene(stage):
        server = stage.place(path).server()
        server.start()
        assert len(os.fsencode(server.sockets)) <= LONGEST_SOCKET
        assert ask(server, "SELECT 1") == 1
        sockets = server.sockets
        stage.place(path).remove()
        assert not sockets.exists()

    stage.play(scene)


def test_two_starts_at_once_make_one_server(stage):
    def scene(stage):
        servers = [stage.place().server() for _ in range(4)]
        started = []
        # Untied: the kernel counts a thread as the parent, and these end.
        threads = [
            threading.Thread(target=lambda server=server: started.append(server.start(is_tied=False)))
            for server in servers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(started) == [False, False, False, True]
        assert len({server.pid() for server in servers}) == 1
        servers[0].stop()

    stage.play(scene)


def test_a_tied_server_ends_with_a_killed_parent(stage):
    def scene(stage):
        server = stage.place().server()
        parent = os.fork()
        if parent == 0:
            server.start()
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(parent, 0)
        wait_until(lambda: server.pid() is None)

    stage.play(scene)


def test_an_untied_server_outlives_its_parent(stage):
    def scene(stage):
        server = stage.place().server()
        parent = os.fork()
        if parent == 0:
            server.start(is_tied=False)
            os._exit(0)
        os.waitpid(parent, 0)
        assert ask(server, "SELECT 1") == 1
        server.stop()

    stage.play(scene)


def test_data_of_another_major_version_are_refused_with_a_sentence(stage):
    def scene(stage):
        server = stage.place().server()
        server.data.mkdir(parents=True)
        (server.data / "PG_VERSION").write_text("16\n")
        with pytest.raises(PostgresError, match="vient de PostgreSQL 16"):
            server.start()

    stage.play(scene)


def test_a_server_that_can_not_start_says_why(stage):
    def scene(stage):
        server = stage.place().server()
        server.start()
        server.stop()
        with (server.data / "postgresql.conf").open("a") as settings:
            settings.write("no_such_setting = 1\n")
        with pytest.raises(PostgresError, match="no_such_setting"):
            server.start()

    stage.play(scene)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a folder outside the checkout")
class TestRoot:
    @pytest.fixture
    def place(self, open_folder):
        checkout = open_folder / "closed" / "checkout"
        checkout.mkdir(parents=True)
        (open_folder / "closed").chmod(0o700)
        place = Place(checkout, shelter=open_folder / "shelter")
        yield place
        with suppress(FileNotFoundError):
            place.remove()

    def test_the_server_runs_as_nobody_from_a_checkout_closed_to_others(self, place):
        server = place.server()
        server.start()
        assert Path(f"/proc/{server.pid()}").stat().st_uid == NOBODY
        assert ask(server, "SELECT 1") == 1

    def test_a_closed_umask_does_not_hinder(self, place):
        before = os.umask(0o077)
        try:
            place.server().start()
        finally:
            os.umask(before)

    def test_a_start_elsewhere_removes_what_a_deleted_checkout_left(self, place, open_folder):
        server = place.server()
        server.start()
        pid = server.pid()
        place.checkout.rmdir()
        other = Place(open_folder, shelter=place.shelter)
        other.forget_gone_checkouts()
        assert not place.folder.exists()
        assert server.process.wait() == 0
        assert not Path(f"/proc/{pid}").exists()

    def test_the_programs_are_copied_once(self, place):
        first = (place.server().binaries / "postgres").stat()
        second = (place.server().binaries / "postgres").stat()
        assert first.st_ino == second.st_ino

"""Whatever is killed while people vote or while the box is counted: all of it is there, or nothing."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress

import psycopg
import pytest

from devtools.lifeline import die_with_parent
from tests.product import ROOT, Product, wait_until

pytestmark = pytest.mark.xdist_group("faults")

UNDER_WAY = 30  # acknowledgements between two faults
PEOPLE = 100_000  # more than will ever vote before the end of a test
PAIR = """
SELECT (SELECT count(*) FROM consultations_rollentry WHERE consultation_id = %(pk)s),
       (SELECT count(*) FROM consultations_envelope WHERE consultation_id = %(pk)s)
"""
STATE = """
SELECT (SELECT count(*) FROM consultations_rollentry WHERE consultation_id = %(pk)s),
       (SELECT count(*) FROM consultations_envelope WHERE consultation_id = %(pk)s),
       (SELECT count(*) FROM consultations_ballot WHERE consultation_id = %(pk)s),
       (SELECT count(*) FROM consultations_result WHERE consultation_id = %(pk)s)
"""


class Scene:
    """One open vote on the product's database, and processes that act on it."""

    def __init__(self, product: Product):
        self.product = product
        begun = json.loads(self.run("begin", capture=True))
        self.pk, self.private = begun["pk"], begun["private"]
        self.journal = product.folder / f"votes-{self.pk}"
        self.journal.touch()
        self.next = 0

    def command(self, act: str, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "tests.faults.voting_scene", act, *map(str, arguments)]

    def run(self, act: str, *arguments: object, capture: bool = False) -> str:
        out = subprocess.PIPE if capture else None
        done = subprocess.run(
            self.command(act, *arguments), cwd=ROOT, env=self.product.environment, check=True, stdout=out, text=True
        )
        return done.stdout

    @contextmanager
    def beside(self, act: str, *arguments: object):
        process = subprocess.Popen(
            self.command(act, *arguments), cwd=ROOT, env=self.product.environment, stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def voting(self):
        """A process that votes for one person after another, others than before."""
        self.next += PEOPLE
        return self.beside("cast", self.pk, self.next, self.next + PEOPLE, self.journal)

    @property
    def acknowledged(self) -> set[str]:
        return set(self.journal.read_text().split())

    def query(self, sql: str) -> tuple:
        with psycopg.connect(self.product.url, autocommit=True) as connection:
            return connection.execute(sql, {"pk": self.pk}).fetchone()

    def check_whole(self) -> int:
        roll, envelopes = self.query(PAIR)
        assert roll == envelopes
        with psycopg.connect(self.product.url, autocommit=True) as connection:
            keys = connection.execute(
                "SELECT key FROM consultations_rollentry WHERE consultation_id = %s", [self.pk]
            ).fetchall()
        assert self.acknowledged <= {key for (key,) in keys}, "a vote that was acknowledged is lost"
        return roll


@pytest.fixture
def scene(product):
    return Scene(product)


def test_a_voter_s_process_is_killed_again_and_again(scene):
    for _ in range(4):
        before = len(scene.acknowledged)
        with scene.voting() as voter:
            wait_until(lambda before=before: len(scene.acknowledged) >= before + UNDER_WAY, "people vote")
            voter.send_signal(signal.SIGKILL)
    # What was sent and not answered is there whole, or not at all: one vote at the most for each kill.
    assert scene.check_whole() - len(scene.acknowledged) <= 4


@pytest.mark.parametrize("who", ["the server's process", "its connection"])
def test_killed_between_the_roll_and_the_ballot_it_is_neither(scene, who):
    """The second table is held, so that the vote stands exactly between both writes when it is killed."""
    with psycopg.connect(scene.product.url) as holder:
        holder.execute("LOCK TABLE consultations_envelope IN EXCLUSIVE MODE")
        with scene.voting() as voter:
            backend = wait_until(lambda: waiting(scene), "a vote waits between roll and ballot")
            if who == "its connection":
                holder.execute("SELECT pg_terminate_backend(%s)", [backend])
            voter.send_signal(signal.SIGKILL)
            voter.wait()
            if who == "the server's process":
                # Nobody is there any more to ask for it: the connection ends when it is next used.
                holder.execute("SELECT pg_terminate_backend(%s)", [backend])
        holder.rollback()
    wait_until(lambda: not waiting(scene), "the connection ends")
    assert scene.check_whole() == 0
    with scene.voting():
        wait_until(lambda: len(scene.acknowledged) >= UNDER_WAY, "people vote afterwards")
    scene.check_whole()


def waiting(scene) -> int | None:
    found = scene.query(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%consultations_envelope%%'"
        " AND %(pk)s > 0"
    )
    return found and found[0]


def test_postgresql_is_killed_while_people_vote(scene, postgres):
    with scene.voting():
        wait_until(lambda: len(scene.acknowledged) >= UNDER_WAY, "people vote")
        with suppress(ProcessLookupError):
            os.kill(postgres.pid(), signal.SIGKILL)
        if postgres.process:
            postgres.process.wait()
    postgres.start()
    scene.check_whole()


def test_a_count_that_is_killed_changes_nothing_and_can_begin_again(scene):
    with scene.voting():
        wait_until(lambda: len(scene.acknowledged) >= 10 * UNDER_WAY, "people vote")
    scene.run("close", scene.pk)
    before = scene.query(STATE)
    with psycopg.connect(scene.product.url) as holder:
        # The count stands in the middle: it has opened all envelopes and waits to write what it found.
        holder.execute("LOCK TABLE consultations_ballot IN EXCLUSIVE MODE")
        with scene.beside("count", scene.pk, *scene.private[:2]) as counter:
            backend = wait_until(lambda: counting(scene), "a count is under way")
            counter.send_signal(signal.SIGKILL)
            counter.wait()
        holder.execute("SELECT pg_terminate_backend(%s)", [backend])
        holder.rollback()
    assert scene.query(STATE) == before
    scene.run("count", scene.pk, *scene.private[1:])
    roll, envelopes, ballots, results = scene.query(STATE)
    assert (roll, envelopes, results) == (before[0], 0, 1)
    assert ballots == before[1]


def counting(scene) -> int | None:
    found = scene.query(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'COPY consultations_ballot%%'"
        " AND %(pk)s > 0"
    )
    return found and found[0]

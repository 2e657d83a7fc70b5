"""Whose ballot is which: tried with full SQL access, a dump, the raw files and a backup of the voting time.

Of 1,000 votes no linker may find more than 6 (chance alone finds one). The same linkers are tried on the layout that
one would write without thinking, where they must find nearly all: else they would prove nothing.
"""

import hashlib
import io
import logging
import re
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from civic.kernel.mailboxes import mailbox_key
from consultations import box, codes, keys, sweeping, turnout
from consultations.eligibility import roll_key
from consultations.models import Envelope
from consultations.sealing import TooFewKeys
from tests.consultations.ballot_box import Vote, open_vote
from tests.consultations.linkers import LINKERS, Row, hits
from tests.gates.world import session_of

VOTES = 1_000
AT_MOST = 6
CHOICES = ("o1", "o2", "o3", "")
CODE = re.compile(rf"\b[{codes.ALPHABET}]{{4}}(?:-[{codes.ALPHABET}]{{4}}){{4}}\b")
ROLL, ENVELOPES, BALLOTS = "consultations_rollentry", "consultations_envelope", "consultations_ballot"

pytestmark = pytest.mark.django_db(transaction=True)


# --- What somebody with full access sees ------------------------------------------------------------


def rows_of(table: str, name: str, length: str) -> list[Row]:
    """Every row of a table, with its hidden columns, in the order in which a dump writes them."""
    sql = f"SELECT xmin::text::bigint, cmin::text::bigint, ctid::text, {name}, {length} FROM {table}"
    # As pg_dump reads: COPY of the whole table, in the order of its pages.
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
        copy.set_types(["int8", "int8", "text", "text", "int8"])
        found = list(copy.rows())
    return [
        Row(xmin, cmin, tuple(map(int, place.strip("()").split(","))), position, name, length)
        for position, (xmin, cmin, place, name, length) in enumerate(found)
    ]


def roll_rows() -> list[Row]:
    return rows_of(ROLL, "key", "length(channel)")


def ballot_rows() -> list[Row]:
    return rows_of(BALLOTS, "code", "length(answers::text)")


def raw_file(table: str) -> bytes:
    """The table's file on the disk, deleted rows included."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(f"SELECT pg_read_binary_file(pg_relation_filepath('{table}'))")
        return bytes(cursor.fetchone()[0])


def as_found_in(content: bytes, rows: list[Row]) -> list[Row]:
    """The rows with their place in a file as their position."""
    return [row._replace(position=content.find(row.name.encode())) for row in rows]


def fingerprints() -> dict[str, str]:
    """A digest of everything in each table of the database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM \"{table}\" AS t")
            found[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return found


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def voters(number: int, vote: Vote) -> dict[str, Client]:
    """So many people with an account and an open session, by their key of the roll."""
    people = get_user_model().objects.bulk_create(
        get_user_model()(
            email=f"v{n}.{vote.consultation.pk}@example.org", name=f"Votant {n}", postal_code="38130", password="!"
        )
        for n in range(number)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
    found = {}
    for user in people:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        found[roll_key(vote.consultation, mailbox_key(user.email))] = client
    return found


# --- The vote, the backup, the count ------------------------------------------------------------------


class Ballotting:
    """A thousand people vote; a backup is taken; the box is counted and the result proclaimed."""

    def __init__(self, author):
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {ROLL}, {ENVELOPES}, {BALLOTS}")
        self.vote = open_vote(author)
        self.address = reverse("consultations:take-part", args=[self.vote.consultation.pk])
        self.truth: dict[str, str] = {}
        people = voters(VOTES, self.vote)
        before = fingerprints()
        with everything_logged() as log:
            for number, (key, client) in enumerate(people.items()):
                self.truth[key] = self.send(client, CHOICES[number * 7 % 4], with_browser=number % 2 == 0)
        assert len(set(self.truth.values())) == VOTES
        self.written = {table for table, digest in fingerprints().items() if digest != before[table]}
        self.log = log.getvalue()
        self.backup()
        turnout.follow()
        self.vote.close()
        self.vote.count(0, 2, by=author)
        sweeping.sweep()
        type(self.vote.consultation).objects.filter(pk=self.vote.consultation.pk).update(proclaimed_at=timezone.now())

    def send(self, client: Client, choice: str, *, with_browser: bool) -> str:
        """A vote as the last page of the journey sends it; the code of the receipt."""
        form = {"page": "review", "of_age": "on", "q1": choice, "go": "send"}
        if with_browser:
            form["randomness"] = secrets.token_hex(32)
        answer = client.post(self.address, form)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
        # As its voter reads it: what the page was made from holds no code yet.
        return codes.plain(CODE.search(answer.content.decode())[0])

    def backup(self) -> None:
        self.backup_roll = roll_rows()
        self.backup_envelopes = rows_of(ENVELOPES, "id::text", "length(content)")
        self.contents = {str(pk): bytes(content) for pk, content in Envelope.objects.values_list("pk", "content")}
        # Whose envelope is whose the backup does say: both were written at once. What is in it, it does not.
        by_xmin = {row.xmin: row.name for row in self.backup_envelopes}
        self.envelope_of = {row.name: by_xmin[row.xmin] for row in self.backup_roll}

    def found(self) -> dict[str, int]:
        """By what was tried, how many of the votes it links."""
        roll, ballots = roll_rows(), ballot_rows()
        in_order_of_voting = [row._replace(position=n) for n, row in enumerate(self.as_cast(roll))]
        by_content = sorted(self.backup_roll, key=lambda row: self.contents[self.envelope_of[row.name]])
        by_envelope = sorted(self.backup_roll, key=lambda row: self.envelope_of[row.name])
        views = {
            "after the count": (roll, ballots),
            "with a backup": (self.backup_roll, ballots),
            "with the order of the requests in a log": (in_order_of_voting, ballots),
            "in the files": (as_found_in(raw_file(ROLL), roll), as_found_in(raw_file(BALLOTS), ballots)),
            "by the envelopes' identifiers": ([r._replace(position=n) for n, r in enumerate(by_envelope)], ballots),
            "by the envelopes' contents": ([r._replace(position=n) for n, r in enumerate(by_content)], ballots),
        }
        return {
            f"{name}, {view}": hits(linker, *rows, self.truth)
            for view, rows in views.items()
            for name, linker in LINKERS.items()
            # Only the position is another in the later views.
            if view in ("after the count", "with a backup") or "position" in name
        }

    def as_cast(self, roll: list[Row]) -> list[Row]:
        order = {key: number for number, key in enumerate(self.truth)}
        return sorted(roll, key=lambda row: order[row.name])


@pytest.fixture
def ballotting(colette, patient_sweeping):
    return Ballotting(colette)


def test_a_thousand_votes_are_linked_to_nobody(ballotting, colette):
    assert_written_nowhere_else(ballotting)
    assert_a_backup_holds_sealed_envelopes_only(ballotting)
    assert_nothing_is_left_of_the_old_rows(ballotting)
    found = ballotting.found()
    assert len(found) >= 30
    suspects = {name for name, number in found.items() if number > AT_MOST}
    if suspects:
        # So many by chance is rare, by the same linker twice rarer than a disk that fails.
        again = Ballotting(colette).found()
        suspects = {f"{name}: {found[name]}, {again[name]}" for name in suspects if again[name] > AT_MOST}
    assert not suspects


def assert_written_nowhere_else(ballotting):
    """Mail, sessions, cache, journal, jobs, streams: no row of them changed, so that nothing there can link."""
    assert ballotting.written == {ROLL, ENVELOPES}
    said = ballotting.log
    assert not any(code in said or key in said for key, code in ballotting.truth.items())
    assert '"nom"' not in said and "'nom'" not in said


def assert_a_backup_holds_sealed_envelopes_only(ballotting):
    contents = ballotting.contents.values()
    assert {len(content) for content in contents} == {box.box_of(ballotting.vote.consultation).size}
    whole = b"".join(contents)
    assert not any(code.encode() in whole for code in ballotting.truth.values())
    assert b"nom" not in whole or whole.count(b"nom") < 5
    # One scrutineer alone, whoever it is, opens nothing.
    for private in ballotting.vote.private:
        with pytest.raises(TooFewKeys):
            box.box_of(ballotting.vote.consultation).opener([keys.private_key(private)])
    # Compressing finds no likeness between ballots that say the same.
    assert len(zlib.compress(whole, 9)) > 0.99 * len(whole)


def assert_nothing_is_left_of_the_old_rows(ballotting):
    assert raw_file(ENVELOPES) == b""
    roll = raw_file(ROLL)
    assert all(roll.count(row.name.encode()) == 1 for row in roll_rows())
    assert len({row.xmin for row in roll_rows()} | {row.xmin for row in ballot_rows()}) == 1


def test_with_the_keys_of_enough_scrutineers_a_backup_does_open(colette):
    """A backup of the voting time and two keys together do tell: hence the destruction of the keys."""
    vote = open_vote(colette)
    code = vote.cast(1, nom="o2")
    content = bytes(Envelope.objects.get().content)
    for pair in combinations(vote.private, 2):
        opened = box.box_of(vote.consultation).opener(map(keys.private_key, pair)).open(content)
        assert opened == box.written(box.Content(vote.consultation.pk, code, {"nom": "o2"}))


# --- The same linkers on a layout that one would write without thinking -------------------------------


NAIVE = """
CREATE TABLE naive_roll (key text PRIMARY KEY);
CREATE TABLE naive_box (content text);
"""


@pytest.fixture
def naive_tables():
    with connection.cursor() as cursor:
        cursor.execute(NAIVE)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive_roll, naive_box")


def test_the_linkers_find_nearly_all_where_votes_are_only_written_down(naive_tables):
    """One transaction for each vote, a random code, no time and no identifier: and yet all is linked."""
    truth = {}
    for number in range(VOTES):
        key, code = hashlib.sha256(b"%d" % number).hexdigest(), hashlib.md5(b"%d" % number).hexdigest()[:20]
        truth[key] = code
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO naive_roll VALUES (%s)", [key])
            cursor.execute("INSERT INTO naive_box VALUES (%s)", [code])
    roll, ballots = rows_of("naive_roll", "key", "1"), rows_of("naive_box", "content", "1")
    for name in ("xmin", "xmin in order", "ctid in order", "position in the dump", "lengths"):
        assert hits(LINKERS[name], roll, ballots, truth) > 0.99 * VOTES, name
    # Sorting by code, as the publication does, hides nothing as long as xmin is there; nor does a rewritten order.
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sorted_box AS SELECT * FROM naive_box ORDER BY content")
        cursor.execute("DROP TABLE naive_box")
        cursor.execute("ALTER TABLE sorted_box RENAME TO naive_box")
    names_in_order = hits(LINKERS["position in the dump"], roll, rows_of("naive_box", "content", "1"), truth)
    assert names_in_order < 0.01 * VOTES


def test_a_roll_that_is_not_rewritten_is_found_out(colette):
    """Only the ballots drawn by lot, the roll left as it is: its order of voting is still there to be read."""
    vote = open_vote(colette)
    order = [vote.voter(number).key for number in range(50) if vote.cast(number)]
    assert [row.name for row in sorted(roll_rows(), key=lambda row: row.place)] == order

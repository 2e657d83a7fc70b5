import io
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import box, keys
from consultations.models import Ballot, Channel, Envelope, OpenBallot, RollEntry
from consultations.obstacles import AlreadyVoted, NotOpenYet, VoteClosed
from tests.concurrency import together
from tests.consultations.ballot_box import open_vote, unfrozen

SECOND = timedelta(seconds=1)


@pytest.fixture
def secret(colette):
    return open_vote(colette)


@pytest.fixture
def confidential(colette):
    return open_vote(colette, secrecy="confidential")


@pytest.fixture
def named(colette):
    return open_vote(colette, secrecy="named")


# --- One vote -------------------------------------------------------------------------------------


def test_a_secret_vote_is_one_row_of_the_roll_and_one_envelope(secret):
    code = secret.cast(1, nom="o2")
    entry, envelope = RollEntry.objects.get(), Envelope.objects.get()
    assert entry.key == secret.voter(1).key
    assert (entry.channel, entry.counted) == (Channel.ONLINE, False)
    assert len(bytes(envelope.content)) == box.box_of(secret.consultation).size
    assert len(code) == 20
    assert code.encode() not in bytes(envelope.content)


def test_what_is_in_the_envelope_is_the_choice_and_the_code(secret):
    code = secret.cast(1, nom="o2")
    opener = box.box_of(secret.consultation).opener(map(keys.private_key, secret.private[:2]))
    inside = opener.open(bytes(Envelope.objects.get().content))
    assert inside == box.written(box.Content(secret.consultation.pk, code, {"nom": "o2"}))


def test_a_secret_vote_is_one_statement_and_writes_to_two_tables_only(secret):
    secret.cast(1)  # the ballot paper is known from now on
    before = written()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        secret.cast(2)
    assert len(queries) == 1
    # Of a secret vote no plain choice travels, not even in a statement that a server might log.
    assert "o1" not in queries[0]["sql"].replace("entry AS", "")
    changed = {table for table, rows in written().items() if rows != before[table]}
    assert changed == {"consultations_rollentry", "consultations_envelope"}


def written() -> dict[str, int]:
    """Rows of each table of the database."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def test_all_envelopes_are_of_one_size_blank_ones_too(secret):
    for number, choice in enumerate(["o1", "o2", "o3", None]):
        secret.cast(number, nom=choice)
    sizes = {len(bytes(content)) for content in Envelope.objects.values_list("content", flat=True)}
    assert sizes == {box.box_of(secret.consultation).size}


def test_the_code_mixes_the_browser_s_randomness_with_the_server_s(secret, monkeypatch):
    seen = []
    monkeypatch.setattr("consultations.codes.secrets.token_bytes", lambda size: seen.append(size) or b"server" * 6)
    voters = [secret.voter(number) for number in range(3)]
    randomness = [b"one", b"two", b"one"]
    given = [
        box.cast(secret.consultation, voter, {"nom": "o1"}, browser_randomness=some, at=timezone.now()).code
        for voter, some in zip(voters, randomness, strict=True)
    ]
    assert given[0] == given[2] != given[1]
    assert seen == [32, 32, 32]


# --- Refused --------------------------------------------------------------------------------------


def test_a_second_secret_vote_is_refused_and_tells_no_code(secret):
    code = secret.cast(1, nom="o1")
    with pytest.raises(AlreadyVoted) as refused:
        secret.cast(1, nom="o2")
    assert code not in str(refused.value)
    assert Envelope.objects.count() == RollEntry.objects.count() == 1


def test_a_vote_on_paper_blocks_the_one_online_and_the_other_way_round(secret):
    box.enter(secret.consultation, secret.voter(1).key, Channel.PAPER, at=timezone.now())
    with pytest.raises(AlreadyVoted):
        secret.cast(1)
    secret.cast(2)
    with pytest.raises(AlreadyVoted):
        box.enter(secret.consultation, secret.voter(2).key, Channel.PAPER, at=timezone.now())
    assert Envelope.objects.count() == 1


def test_before_the_opening_nothing_is_taken(secret):
    secret.move(opens_at=timezone.now() + 60 * SECOND)
    with pytest.raises(NotOpenYet):
        secret.cast(1)
    assert not RollEntry.objects.exists()


def test_from_the_closing_second_on_nothing_is_taken(secret):
    secret.close()
    with pytest.raises(VoteClosed):
        secret.cast(1)
    with pytest.raises(VoteClosed):
        box.enter(secret.consultation, secret.voter(1).key, Channel.PAPER, at=timezone.now())
    assert not RollEntry.objects.exists()


def test_the_clock_of_the_database_decides_whatever_the_application_thinks(secret):
    secret.close()
    with pytest.raises(VoteClosed):
        long_ago = timezone.now() - timedelta(hours=1)
        box.cast(secret.consultation, secret.voter(1), {"nom": "o1"}, at=long_ago)
    assert not RollEntry.objects.exists()


@pytest.mark.parametrize("facts", [{"withdrawn_at": True, "withdrawal_reason": "x"}, {"counted_at": True}])
def test_what_was_withdrawn_or_counted_takes_no_vote(secret, facts):
    given = {name: timezone.now() if value is True else value for name, value in facts.items()}
    with unfrozen():
        type(secret.consultation).objects.filter(pk=secret.consultation.pk).update(**given)
    with pytest.raises(VoteClosed):
        secret.cast(1)
    assert not RollEntry.objects.exists()


@pytest.mark.parametrize(
    "answers", [{"nom": "o9"}, {"nom": ["o1"]}, {"autre": "o1"}, {"nom": 1}, {"nom": "o1", "x": None}]
)
def test_an_invalid_ballot_is_refused_whole(secret, answers):
    with pytest.raises(box.BallotRefused) as refused:
        box.cast(secret.consultation, secret.voter(1), answers, at=timezone.now())
    assert not RollEntry.objects.exists()
    assert not Envelope.objects.exists()
    # Nothing that a trace would print names the choice.
    assert refused.value.__cause__ is None


def test_nothing_of_a_vote_is_logged(secret, caplog):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        with caplog.at_level(logging.DEBUG):
            code = secret.cast(1, nom="o3")
            with pytest.raises(AlreadyVoted):
                secret.cast(1, nom="o3")
    finally:
        logging.getLogger().removeHandler(handler)
    said = stream.getvalue() + caplog.text
    assert code not in said
    assert "'o3'" not in said


# --- Named and confidential -----------------------------------------------------------------------


def test_a_confidential_vote_may_be_changed_until_the_close_and_keeps_its_code(confidential):
    code = confidential.cast(1, nom="o1")
    assert confidential.cast(1, nom="o2") is None
    ballot = OpenBallot.objects.get()
    assert (ballot.code, ballot.answers, ballot.user_id) == (code, {"nom": "o2"}, None)
    assert RollEntry.objects.count() == 1
    confidential.close()
    with pytest.raises(VoteClosed):
        confidential.cast(1, nom="o3")
    ballot.refresh_from_db()
    assert ballot.answers == {"nom": "o2"}


def test_a_named_vote_bears_its_account_and_a_confidential_one_does_not(named, confidential, amina):
    for vote in (named, confidential):
        box.cast(vote.consultation, vote.voter(1, user_id=amina.pk), {"nom": "o1"}, at=timezone.now())
    assert set(OpenBallot.objects.values_list("consultation", "user")) == {
        (named.consultation.pk, amina.pk),
        (confidential.consultation.pk, None),
    }


def test_who_voted_on_paper_has_no_ballot_to_change(confidential):
    box.enter(confidential.consultation, confidential.voter(1).key, Channel.PAPER, at=timezone.now())
    with pytest.raises(AlreadyVoted):
        confidential.cast(1)
    assert not OpenBallot.objects.exists()


def test_who_voted_online_puts_no_paper_in_even_where_the_vote_may_be_changed(confidential):
    confidential.cast(1)
    with pytest.raises(AlreadyVoted):
        box.enter(confidential.consultation, confidential.voter(1).key, Channel.PAPER, at=timezone.now())


def test_an_open_vote_has_no_ballot_rows_yet(secret, confidential):
    secret.cast(1)
    confidential.cast(1)
    assert not Ballot.objects.exists()


# --- Races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secrecy", ["secret", "confidential"])
def test_fifty_parallel_votes_of_one_person_are_one(colette, secrecy):
    vote = open_vote(colette, secrecy=secrecy)
    vote.cast(0)
    given = together(*[lambda: vote.cast(1)] * 50)
    codes = [code for code in given if isinstance(code, str)]
    assert len(codes) == 1
    assert RollEntry.objects.filter(key=vote.voter(1).key).count() == 1
    rows = Envelope.objects.count() if secrecy == "secret" else OpenBallot.objects.count()
    assert rows == 2
    others = [answer for answer in given if not isinstance(answer, str)]
    assert all(isinstance(answer, AlreadyVoted) if secrecy == "secret" else answer is None for answer in others)


@pytest.mark.django_db(transaction=True)
def test_many_people_at_once_all_get_in(colette):
    vote = open_vote(colette)
    given = together(*[lambda number=number: vote.cast(number) for number in range(30)])
    assert len(set(given)) == 30
    assert all(isinstance(code, str) for code in given)
    assert Envelope.objects.count() == RollEntry.objects.count() == 30

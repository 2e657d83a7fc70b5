import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from civic.audit.models import Entry
from consultations import box, counting, keys, sweeping, turnout
from consultations.models import Ballot, Consultation, Envelope, OpenBallot, Result, RollEntry, Turnout
from consultations.sealing import SameKeyTwice, TooFewKeys, WrongKey
from consultations.tally.published import digest, write_ballots
from tests.concurrency import together
from tests.consultations.ballot_box import open_vote, unfrozen

CHOICES = ["o1", "o2", "o2", "o3", None, "o2"]


@pytest.fixture
def vote(colette):
    """A secret vote in which six people voted; the close has passed."""
    vote = open_vote(colette)
    vote.given = {vote.cast(number, nom=choice): choice for number, choice in enumerate(CHOICES)}
    vote.close()
    return vote


def stored(vote):
    """All that a count changes."""
    pk = vote.consultation.pk
    return (
        set(RollEntry.objects.filter(consultation=pk).values_list("key", "channel", "counted")),
        {(row.pk, bytes(row.content)) for row in Envelope.objects.filter(consultation=pk)},
        Ballot.objects.filter(consultation=pk).count(),
        Result.objects.filter(consultation=pk).count(),
        Consultation.objects.get(pk=pk).counted_at,
    )


@pytest.mark.parametrize("places", [(0, 1), (0, 2), (1, 2), (2, 0), (0, 1, 2)])
def test_any_two_of_three_scrutineers_open_the_box(vote, colette, places):
    result = vote.count(*places, by=colette)
    assert {ballot.code: ballot.answers["nom"] for ballot in Ballot.objects.all()} == vote.given
    assert result.outcomes["nom"]["votes"] == {"o1": 1, "o2": 3, "o3": 1}
    assert result.outcomes["nom"]["winner"] == "o2"
    assert result.blank == {"nom": 1}
    assert result.channels == {"online": 6}
    assert result.record == {"voters": 6, "found": 6, "unreadable": 0, "repeated": 0, "ballots": 6}
    assert vote.consultation.counted_at == result.counted_at


def test_a_count_leaves_the_ballots_and_the_roll_and_no_envelope(vote, colette):
    keys_before = set(RollEntry.objects.values_list("key", flat=True))
    vote.count(0, 1, by=colette)
    assert not Envelope.objects.exists()
    assert set(RollEntry.objects.values_list("key", flat=True)) == keys_before
    assert not RollEntry.objects.filter(counted=False).exists()
    assert Turnout.objects.get(consultation=vote.consultation).voters == 6


def test_ballots_and_roll_are_written_in_orders_of_their_own(colette):
    vote = open_vote(colette)
    codes = [vote.cast(number) for number in range(60)]
    vote.close()
    vote.count(0, 1, by=colette)

    def in_order_of_place(table, column):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} ORDER BY ctid")
            return [value for (value,) in cursor.fetchall()]

    ballots = in_order_of_place("consultations_ballot", "code")
    roll = in_order_of_place("consultations_rollentry", "key")
    cast = [vote.voter(number).key for number in range(60)]
    assert sorted(ballots) == sorted(codes)
    assert sorted(roll) == sorted(cast)
    for orders in [(ballots, codes), (roll, cast), (ballots, sorted(ballots)), (roll, sorted(roll))]:
        # Two independent orders agree at one place in sixty, on average once.
        assert sum(one == other for one, other in zip(*orders, strict=True)) < 12


@pytest.mark.parametrize(("places", "fact"), [((), TooFewKeys), ((1,), TooFewKeys), ((1, 1), SameKeyTwice)])
def test_without_enough_keys_nothing_is_opened(vote, places, fact):
    before = stored(vote)
    with pytest.raises(fact):
        vote.count(*places)
    assert stored(vote) == before


def test_the_key_of_somebody_else_opens_nothing(vote):
    before = stored(vote)
    foreign = keys.private_key(keys.make_pair().private)
    with pytest.raises(WrongKey):
        counting.count(
            vote.consultation, by=None, private_keys=[keys.private_key(vote.private[0]), foreign], at=timezone.now()
        )
    assert stored(vote) == before


def test_while_the_vote_is_open_the_box_stays_shut(colette):
    vote = open_vote(colette)
    vote.cast(1)
    before = stored(vote)
    with pytest.raises(counting.VoteStillOpen):
        vote.count(0, 1, 2)
    assert stored(vote) == before


def test_a_second_count_changes_nothing(vote):
    vote.count(0, 1)
    before = stored(vote)
    with pytest.raises(counting.AlreadyCounted):
        vote.count(0, 1)
    assert stored(vote) == before


@pytest.mark.parametrize("facts", [{"published_at": None}, {"withdrawn_at": True, "withdrawal_reason": "x"}])
def test_what_is_a_draft_or_withdrawn_is_not_counted(vote, facts):
    given = {name: timezone.now() if value is True else value for name, value in facts.items()}
    with unfrozen():
        Consultation.objects.filter(pk=vote.consultation.pk).update(**given)
    with pytest.raises(counting.NothingToCount):
        vote.count(0, 1)


def test_what_was_slipped_into_the_box_is_counted_apart_and_reported(vote, colette):
    paper = box.paper_of(vote.consultation)

    def slip(content: bytes):
        Envelope.objects.create(consultation=vote.consultation, content=content)

    def forged(number=vote.consultation.pk, code="2" * 20, answers=None):
        return paper.box.seal(box.written(box.Content(number, code, answers or {"nom": "o1"})))

    slip(b"")
    slip(b"\0" * paper.box.size)
    slip(bytes(Envelope.objects.exclude(content=b"").first().content)[::-1])
    slip(forged(number=vote.consultation.pk + 1))
    slip(forged(code="0" * 20))
    slip(forged(answers={"nom": "o9"}))
    slip(forged(answers={"nom": []}))
    slip(paper.box.seal(b"\xff" * 30))
    slip(paper.box.seal(b""))
    slip(paper.box.seal(box.written(box.Content(vote.consultation.pk, "2" * 20, {}))[:-2] + b"[" * 3))
    result = vote.count(0, 1, by=colette)
    assert result.record == {"voters": 6, "found": 16, "unreadable": 10, "repeated": 0, "ballots": 6}
    assert {ballot.code: ballot.answers["nom"] for ballot in Ballot.objects.all()} == vote.given


def test_an_envelope_that_was_copied_counts_once(vote):
    Envelope.objects.bulk_create(
        Envelope(consultation=vote.consultation, content=row.content) for row in list(Envelope.objects.all())
    )
    result = vote.count(0, 1)
    assert result.record == {"voters": 6, "found": 12, "unreadable": 0, "repeated": 6, "ballots": 6}
    assert result.outcomes["nom"]["votes"] == {"o1": 1, "o2": 3, "o3": 1}


def test_the_journal_says_who_counted_and_how_much_was_found(vote, colette):
    vote.count(0, 1, by=colette)
    entry = Entry.objects.get(action="consultation.counted")
    assert entry.actor == colette.journal_id
    assert entry.details == {"voters": 6, "found": 6, "unreadable": 0, "repeated": 0, "ballots": 6}
    said = str(entry.details)
    assert not any(private[:4] in said for private in vote.private)


def test_the_digest_is_of_the_ballots_that_were_written(vote):
    result = vote.count(0, 1)
    questions = box.paper_of(vote.consultation).questions
    assert result.digest == digest(write_ballots(questions, Ballot.objects.values_list("code", "answers")))


def test_a_confidential_vote_is_counted_without_keys_and_forgets_whose_each_ballot_was(colette):
    vote = open_vote(colette, secrecy="confidential")
    given = {vote.cast(number, nom=choice): choice for number, choice in enumerate(CHOICES)}
    vote.close()
    result = vote.count(by=colette)
    assert {ballot.code: ballot.answers["nom"] for ballot in Ballot.objects.all()} == given
    assert result.outcomes["nom"]["winner"] == "o2"
    assert not OpenBallot.objects.exists()


def test_a_named_vote_keeps_who_said_what(colette, amina):
    vote = open_vote(colette, secrecy="named")
    box.cast(vote.consultation, vote.voter(1, user_id=amina.pk), {"nom": "o1"}, at=timezone.now())
    vote.close()
    vote.count(by=colette)
    assert OpenBallot.objects.get().user == amina


def test_an_empty_box_is_counted_too(colette):
    vote = open_vote(colette)
    vote.close()
    result = vote.count(0, 1)
    assert (result.ballots, result.channels) == (0, {})


def test_only_this_consultation_s_box_is_opened(vote, colette):
    other = open_vote(colette)
    other.cast(1)
    before = stored(other)
    vote.count(0, 1)
    assert stored(other) == before


# --- Races and faults -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once_count_once(colette):
    vote = open_vote(colette)
    given = {vote.cast(number, nom="o1") for number in range(40)}
    vote.close()
    results = together(*[lambda: vote.count(0, 1)] * 2)
    assert sum(isinstance(result, Result) for result in results) == 1
    assert sum(isinstance(result, counting.AlreadyCounted | counting.CountUnderWay) for result in results) == 1
    assert set(Ballot.objects.values_list("code", flat=True)) == given


@pytest.mark.django_db(transaction=True)
def test_an_error_in_the_middle_leaves_everything_as_before(colette, monkeypatch):
    vote = open_vote(colette)
    for number in range(5):
        vote.cast(number)
    vote.close()
    before = stored(vote)

    def fails(consultation):
        raise RuntimeError

    monkeypatch.setattr(counting, "_forget", fails)
    with pytest.raises(RuntimeError):
        vote.count(0, 1)
    assert stored(vote) == before
    monkeypatch.undo()
    assert vote.count(0, 1).ballots == 5


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_is_still_being_written_is_waited_for_and_counted(colette):
    """It passed the gate before the close; its transaction ends after the count has begun."""
    from threading import Event, Thread

    from django.db import transaction

    vote = open_vote(colette)
    vote.cast(0)
    inside, go_on, codes = Event(), Event(), []

    def slowly():
        with transaction.atomic():
            codes.append(vote.cast(1))
            inside.set()
            go_on.wait(30)
        connection.close()

    voter = Thread(target=slowly)
    voter.start()
    assert inside.wait(30)
    vote.close()
    counted = []
    counter = Thread(target=lambda: (counted.append(vote.count(0, 1)), connection.close()))
    counter.start()
    counter.join(1)
    assert counter.is_alive()
    go_on.set()
    voter.join(30)
    counter.join(30)
    assert counted[0].record["ballots"] == counted[0].record["voters"] == 2
    assert codes[0] in set(Ballot.objects.values_list("code", flat=True))


@pytest.mark.django_db(transaction=True)
def test_sweeping_leaves_no_trace_of_the_old_rows_on_the_pages(colette, patient_sweeping):
    vote = open_vote(colette)
    codes = [vote.cast(number) for number in range(50)]
    vote.close()
    vote.count(0, 1)
    sweeping.sweep()
    assert pages_of_envelopes() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(ctid)::text, count(*) FROM consultations_rollentry")
        assert cursor.fetchone() == ("(0,1)", 50)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",)
    assert len(codes) == RollEntry.objects.count()


def pages_of_envelopes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('consultations_envelope')")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_sweeping_is_put_off_while_a_backup_still_sees_the_old_rows(colette, patient_sweeping, monkeypatch):
    """PostgreSQL keeps for older readers what was deleted, even on pages that are written anew."""
    vote = open_vote(colette)
    vote.cast(0)
    vote.close()
    database = connection.settings_dict
    params = {"dbname": database["NAME"], "user": database["USER"], "host": database["OPTIONS"]["host"]}
    with psycopg.connect(**params) as backup:
        backup.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        backup.execute("SELECT count(*) FROM consultations_envelope")
        vote.count(0, 1)
        with monkeypatch.context() as hurried, pytest.raises(sweeping.StillSeen):
            hurried.setattr(sweeping, "SECONDS", 1)
            sweeping.sweep()
        assert pages_of_envelopes() > 0
    sweeping.sweep()
    assert pages_of_envelopes() == 0


def test_a_count_asks_for_the_sweeping(vote):
    vote.count(0, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'consultations.sweep'")
        assert cursor.fetchone() == (1,)


def test_the_count_is_published_after_a_loop_that_lagged(vote):
    turnout.follow()
    late = vote
    late.count(0, 1)
    assert turnout.follow() == 0
    assert turnout.recount() == 0

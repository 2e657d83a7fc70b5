"""A big box is counted beside the request that brought the keys: seen by all, and undone whole where it breaks off."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from civic.accounts.models import Right, Role
from consultations import counting, opening, progress
from consultations.models import Ballot, Envelope, Result, RollEntry
from consultations.progress import Progress
from consultations.sealing import TooFewKeys
from tests.consultations.ballot_box import open_vote

PATIENCE = 60
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'count %'"


def address(vote, name):
    return reverse(f"scrutiny:{name}", args=[vote.consultation.pk])


def bring(client, vote):
    return client.post(address(vote, "count"), {"key_1": vote.private[0], "key_3": vote.private[2]})


def finished(vote):
    for thread in threading.enumerate():
        if thread.name == f"count-{vote.consultation.pk}":
            thread.join(PATIENCE)


@pytest.mark.django_db(transaction=True)
def test_a_long_count_is_seen_cut_off_and_taken_up_again(colette, sign_in, monkeypatch):
    vote = open_vote(colette)
    codes = {vote.cast(number, nom="o2") for number in range(5)}
    vote.close()
    scrutineer = vote.scrutineers[0]
    Right.objects.create(user=scrutineer, role=Role.SCRUTINEER, space=vote.consultation.space)
    client = sign_in(scrutineer)
    inside, go_on, forget = threading.Event(), threading.Event(), counting._forget

    def slowly(consultation):
        inside.set()
        assert go_on.wait(PATIENCE)
        forget(consultation)

    monkeypatch.setattr(counting, "_forget", slowly)
    monkeypatch.setattr(opening, "AT_ONCE", 0)
    assert bring(client, vote).url == address(vote, "progress")
    assert inside.wait(PATIENCE)
    # All ballots are written in there, and nobody sees any of it.
    assert progress.of(vote.consultation) == Progress(5, 5)
    assert "progress" in client.get(address(vote, "progress")).context
    assert not Ballot.objects.exists()
    assert not Result.objects.exists()
    # Pressed again, or by a colleague: the count that is under way is shown, no other one begins.
    assert bring(client, vote).url == address(vote, "progress")
    with pytest.raises(counting.CountUnderWay):
        opening.begin(vote.consultation, by=colette, private_keys=[], at=vote.consultation.published_at)

    with connection.cursor() as cursor:
        cursor.execute(CUT)
    go_on.set()
    finished(vote)
    assert progress.of(vote.consultation) is None
    assert client.get(address(vote, "progress")).context["progress"] is None
    assert (Envelope.objects.count(), RollEntry.objects.count(), Result.objects.count()) == (5, 5, 0)

    assert bring(client, vote).url in (address(vote, "progress"), address(vote, "record"))
    finished(vote)
    assert client.get(address(vote, "progress")).url == address(vote, "record")
    assert set(Ballot.objects.values_list("code", flat=True)) == codes
    assert Result.objects.get().outcomes["nom"]["votes"]["o2"] == 5


def test_a_small_box_is_counted_at_once(colette):
    vote = open_vote(colette, secrecy="confidential")
    vote.cast(1)
    vote.close()
    assert opening.begin(vote.consultation, by=colette, at=vote.consultation.published_at)
    assert Result.objects.get().ballots == 1


def test_what_can_be_refused_is_refused_before_a_long_count_begins(colette, monkeypatch):
    monkeypatch.setattr(opening, "AT_ONCE", 0)
    vote = open_vote(colette)
    vote.cast(1)
    for fact in (counting.VoteStillOpen, TooFewKeys):
        with pytest.raises(fact):
            opening.begin(vote.consultation, by=colette, at=vote.consultation.published_at)
        vote.close()


def test_progress_is_said_in_hundredths():
    assert [Progress(0, 3).percent, Progress(2, 3).percent, Progress(3, 3).percent] == [0, 66, 100]
    assert Progress(0, 0).percent == 100

"""People who had voted on a text that was corrected since are told: they, once, and nobody else."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from civic.kernel.mailboxes import mailbox_key
from civic.notifications.models import OutgoingMail
from consultations import box, eligibility, obstacles, tasks, telling
from consultations.eligibility import roll_key
from consultations.models import Consultation, OpenBallot, RollEntry, VotedBefore
from consultations.models.correcting import correction
from consultations.models.roll import hold_gate
from consultations.views import taking_part
from tests.concurrency import together
from tests.product import wait_until

DAY = timedelta(days=1)


@pytest.fixture
def voting(make_consultation, colette):
    consultation = make_consultation(opens=-1, closes=7)
    consultation.publish(colette, at=timezone.now() - 2 * DAY)
    return consultation


def vote(consultation, user, choice="o1"):
    voter = eligibility.voter_of(user, consultation, of_age=True, at=timezone.now())
    return box.cast(consultation, voter, {"nom": choice}, at=timezone.now())


def correct(consultation, colette, words="Le résumé corrigé"):
    consultation.correct(colette, explanation="Une faute.", at=timezone.now(), summary=words)
    return consultation.versions.last()


def test_who_had_voted_is_told_and_nobody_else(voting, colette, amina, bruno, camille):
    vote(voting, amina)
    vote(voting, bruno)
    # Somebody whose account is gone, or who voted on paper.
    RollEntry.objects.create(consultation=voting, key=roll_key(voting, mailbox_key("partie@example.org")))
    version = correct(voting, colette)
    vote(voting, camille)
    assert telling.tell_corrected(version) == 2
    mails = OutgoingMail.objects.filter(subject__contains="corrigé")
    assert sorted(mails.values_list("to", flat=True)) == [amina.email, bruno.email]
    assert "Une faute." in mails[0].text
    assert "Vous pouvez le changer" in mails[0].text
    assert not VotedBefore.objects.exists()


def test_the_mail_of_a_correction_comes_in_the_language_of_its_reader(voting, colette, amina, bruno):
    amina.language = "en"
    amina.save()
    vote(voting, amina)
    vote(voting, bruno)
    telling.tell_corrected(correct(voting, colette))
    by_person = {mail.to: mail for mail in OutgoingMail.objects.all()}
    assert "was corrected" in by_person[amina.email].subject
    assert "/en/consultations/" in by_person[amina.email].text
    assert "corrigé" in by_person[bruno.email].subject


def test_a_job_that_runs_twice_tells_once(voting, colette, amina):
    vote(voting, amina)
    version = correct(voting, colette)
    tasks.tell_corrected(version_id=version.pk)
    tasks.tell_corrected(version_id=version.pk)
    assert OutgoingMail.objects.filter(to=amina.email).count() == 1


def test_a_second_correction_tells_those_who_voted_before_it(voting, colette, amina, bruno):
    vote(voting, amina)
    first = correct(voting, colette)
    vote(voting, bruno)
    second = correct(voting, colette, "Encore une fois")
    assert [telling.tell_corrected(first), telling.tell_corrected(second)] == [1, 2]


def test_the_mail_of_a_secret_vote_says_that_it_stands(voting):
    from django.template.loader import render_to_string

    voting.secrecy = "secret"
    text = render_to_string("emails/consultation_corrected.txt", {"consultation": voting, "version": None, "name": "A"})
    assert "ne peut pas être changé" in text


@pytest.mark.django_db(transaction=True)
def test_a_vote_at_the_very_moment_is_before_the_correction_or_refused(voting, colette, make_person):
    """However they fall: who is on the roll voted on the old text and is told, or read the new one."""
    people = [make_person(f"Personne{number} Test") for number in range(6)]
    read = Consultation.objects.get(pk=voting.pk)
    results = together(*(lambda user=user: vote(read, user) for user in people), lambda: correct(voting, colette))
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(fact, obstacles.TextCorrected) for fact in refused)
    told = set(VotedBefore.objects.values_list("key", flat=True))
    assert told == set(RollEntry.objects.values_list("key", flat=True))
    assert len(told) == len(people) - len(refused)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_change", [False, True], ids=["a first vote", "a changed one"])
def test_a_vote_that_began_before_a_correction_and_waited_for_it_is_refused(voting, colette, amina, is_change):
    if is_change:
        vote(voting, amina)
    before = list(OpenBallot.objects.values_list("answers", flat=True))
    read, answer = Consultation.objects.get(pk=voting.pk), []
    waiting = Thread(target=lambda: answer.extend(together(lambda: vote(read, amina, "o2"))))
    with correction(voting, colette, explanation="Une faute.", at=timezone.now()) as current:
        current.summary = "Le résumé corrigé"
        current.save(update_fields=["summary"])
        hold_gate(voting.pk)
        waiting.start()
        wait_until(somebody_waits_at_the_gate, "the vote waits at the gate")
    waiting.join()
    assert [type(fact) for fact in answer] == [obstacles.TextCorrected]
    assert list(OpenBallot.objects.values_list("answers", flat=True)) == before
    assert RollEntry.objects.count() == len(before) == VotedBefore.objects.count()


def somebody_waits_at_the_gate() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks AS waited JOIN pg_database AS here ON here.oid = waited.database"
            " WHERE here.datname = current_database() AND waited.locktype = 'advisory' AND NOT waited.granted"
        )
        return cursor.fetchone()[0] > 0


def test_nobody_votes_unawares_on_a_text_that_was_corrected(voting, colette, amina):
    read = Consultation.objects.get(pk=voting.pk)
    correct(voting, colette)
    with pytest.raises(obstacles.TextCorrected):
        vote(read, amina)
    assert not RollEntry.objects.exists()
    vote(voting, amina)


@pytest.mark.parametrize("is_remembered", [False, True], ids=["read now", "read a moment ago"])
def test_the_review_is_shown_again_with_what_was_corrected_meanwhile(
    voting, colette, amina, sign_in, monkeypatch, is_remembered
):
    client, read = sign_in(amina), Consultation.objects.get(pk=voting.pk)
    address = f"/consultations/{voting.pk}/participer/"
    typed = {"of_age": "on", "page": "1", "go": "next", "text": str(voting.revision)}
    for name, value in ballot_of(client, address, typed):
        typed[name] = value
    correct(voting, colette)
    sent = {**typed, "page": "review", "go": "send"}
    with monkeypatch.context() as patched:
        if is_remembered:
            # The correction has not come to this process yet: the box knows it.
            patched.setattr(taking_part, "read_lately", lambda _pk, _moment: read)
        again = client.post(address, sent)
    assert again.status_code == 409
    assert "a été corrigé" in again.content.decode()
    assert "Une faute." in again.content.decode()
    voting.refresh_from_db()
    assert f'name="text" value="{voting.revision}"' in again.content.decode()
    assert not RollEntry.objects.exists()
    assert client.post(address, {**sent, "text": str(voting.revision)}).status_code == 200
    assert RollEntry.objects.count() == 1


def ballot_of(client, address, typed):
    """The names under which the first option of the page's question is chosen."""
    page = client.post(address, {**typed, "page": "start"}).content.decode()
    found = re.search(r'<input[^>]*type="radio"[^>]*>', page)[0]
    return [(re.search(r'name="([^"]+)"', found)[1], re.search(r'value="([^"]+)"', found)[1])]

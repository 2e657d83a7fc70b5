"""Scrutineers are asked, reminded and called: once for each event, in their own language."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.notifications.models import OutgoingMail
from consultations import drafting, keys, tasks
from consultations.models import Consultation, Phase
from consultations.scrutiny import calling
from tests.consultations.ballot_box import open_vote, unfrozen

DAY = timedelta(days=1)


@pytest.fixture
def draft(make_consultation, colette, bruno, camille):
    """A secret vote that opens in twenty days; Bruno and Camille are named."""
    draft = make_consultation(opens=20, closes=30, secrecy="secret")
    for person in (bruno, camille):
        drafting.name_scrutineer(draft, colette, person, at=timezone.now())
    return draft


def opening(draft):
    return Phase.objects.get(consultation=draft, kind="vote").opens_at


def mails(to, word=""):
    return OutgoingMail.objects.filter(to=to.email, subject__contains=word)


def test_who_is_named_is_asked_for_a_key_once_with_the_date_of_the_opening(draft, bruno, camille):
    now = timezone.now()
    assert [calling.post_due(at=now), calling.post_due(at=now + DAY)] == [2, 0]
    mail = mails(bruno, "Faites votre clé").get()
    assert f"Le vote ouvre le {timezone.localtime(opening(draft)).day}" in mail.text.replace("1er", "1")
    assert f"/consultations/{draft.pk}/depouillement/" in mail.text
    assert "<time" not in mail.text + mail.html
    assert mails(camille).count() == 1


def test_without_dates_the_mail_names_none(draft, bruno):
    Phase.objects.filter(consultation=draft).delete()
    calling.post_due(at=timezone.now())
    assert "Le vote ouvre" not in mails(bruno).get().text


def test_mails_come_in_the_language_in_which_one_signed_in(draft, bruno, camille):
    bruno.language = "en"
    bruno.save()
    calling.post_due(at=timezone.now())
    assert "Make your scrutineer’s key" in mails(bruno).get().subject
    assert "/en/consultations/" in mails(bruno).get().text
    assert "Faites votre clé" in mails(camille).get().subject


def test_whose_key_is_not_tested_is_reminded_some_days_before(draft, bruno, camille):
    calling.post_due(at=timezone.now())
    tested = draft.scrutineers.get(user=camille)
    tested.give_key(keys.make_pair().public, at=timezone.now())
    draft.scrutineers.filter(user=camille).update(tested_at=timezone.now())
    soon = opening(draft) - calling.REMIND
    assert calling.post_due(at=soon - DAY) == 0
    assert [calling.post_due(at=soon), calling.post_due(at=soon + DAY)] == [1, 0]
    assert "Votre clé n’est pas encore faite" in mails(bruno, "pas encore essayée").get().text
    assert not mails(camille, "pas encore essayée").exists()


def test_who_is_named_in_the_last_days_is_asked_first_and_reminded_later(draft, bruno):
    late = opening(draft) - 3 * DAY
    calling.post_due(at=late)
    OutgoingMail.objects.update(created_at=late)
    assert calling.post_due(at=late + DAY) == 0
    assert calling.post_due(at=late + calling.LEFT_ALONE) == 2


def test_nobody_is_asked_for_a_key_that_no_vote_needs(draft):
    Consultation.objects.filter(pk=draft.pk).update(secrecy="confidential")
    assert calling.post_due(at=timezone.now()) == 0


def test_after_the_close_all_are_called_to_the_count_once(colette):
    vote = open_vote(colette)
    assert calling.post_due(at=timezone.now()) == 0
    vote.close()
    assert [calling.post_due(at=timezone.now()), calling.post_due(at=timezone.now())] == [3, 0]
    mail = mails(vote.scrutineers[0], "au dépouillement").get()
    assert "2 scrutatrices ou scrutateurs l’ouvrent ensemble" in mail.text
    assert f"/consultations/{vote.consultation.pk}/depouillement/urne/" in mail.text


def test_a_vote_that_was_prolonged_calls_again_at_its_new_end(colette):
    vote = open_vote(colette)
    vote.close()
    calling.post_due(at=timezone.now())
    later = timezone.now() + DAY
    vote.move(closes_at=later)
    assert calling.post_due(at=timezone.now()) == 0
    assert calling.post_due(at=later) == 3


@pytest.mark.parametrize("fact", ["withdrawn", "counted", "closed account"])
def test_nobody_is_called_where_there_is_nothing_to_open(colette, fact):
    vote = open_vote(colette)
    vote.close()
    if fact == "withdrawn":
        vote.consultation.withdraw(colette, reason="Une panne.", at=timezone.now())
    elif fact == "counted":
        vote.count(0, 1)
    else:
        for user in vote.scrutineers:
            user.deactivate(reason="asked")
    tasks.call_scrutineers(timestamp=0)
    assert not OutgoingMail.objects.exists()


def test_a_published_vote_asks_for_no_more_keys(colette):
    vote = open_vote(colette)
    with unfrozen():
        vote.consultation.scrutineers.update(tested_at=None)
    assert calling.post_due(at=timezone.now()) == 0

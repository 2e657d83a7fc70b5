"""Who is told that a sitting or an item begins: once each, soon enough, and nobody of a click that was taken back."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from civic.kernel.templatetags.typography import spoken_hour
from civic.notifications.models import OutgoingMail
from civic.territory.models import Quarter, Theme
from livestream import telling
from livestream.models import Follow, Told
from livestream.models.follow import forget_before

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def told():
    """Look once, at a moment; addresses and subjects of the mails that this wrote and that still wait."""

    def told(at=NOW):
        before = set(OutgoingMail.objects.values_list("pk", flat=True))
        telling.tell(at=at)
        written = OutgoingMail.objects.waiting().exclude(pk__in=before).order_by("pk")
        return [(mail.to, mail.subject) for mail in written]

    return told


@pytest.fixture
def items(live):
    first, second, third = live.items.all()
    for item in (first, second, third):
        item.planned_minutes = 30
        item.save()
    return first, second, third


def follows(user, **thing):
    return Follow.objects.create(user=user, since=NOW - 60 * MINUTE, **thing)


def begin(item, colette, *, seen=None, at=NOW):
    return item.sitting.go_to(item, colette, seen=seen, at=at)


def test_those_who_follow_an_item_are_told_once_when_it_begins(live, items, colette, amina, bruno, camille, told):
    first, second, _ = items
    follows(amina, item=second)
    follows(bruno, item=first)
    passage = begin(first, colette)
    assert told() == [(bruno.email, "C’est maintenant : point 1, Point 1")]
    assert told() == []
    begin(second, colette, seen=passage.pk)
    assert told() == [(amina.email, "C’est maintenant : point 2, Point 2")]


def test_an_item_that_comes_back_is_not_told_again(live, items, colette, amina, told):
    first, second, _ = items
    follows(amina, item=first)
    passage = begin(first, colette)
    assert len(told()) == 1
    passage = begin(second, colette, seen=passage.pk, at=NOW + MINUTE)
    begin(first, colette, seen=passage.pk, at=NOW + 2 * MINUTE)
    assert told(NOW + 2 * MINUTE) == []


def test_one_is_told_about_ten_minutes_before_by_what_was_planned(live, items, colette, amina, told):
    first, second, third = items
    follows(amina, item=second)
    follows(amina, item=third)
    begin(first, colette)
    assert told(NOW + 19 * MINUTE) == []
    assert told(NOW + 20 * MINUTE) == [(amina.email, "Dans dix minutes environ : point 2, Point 2")]
    assert told(NOW + 90 * MINUTE) == []


def test_a_break_is_no_part_of_the_time_planned(live, items, colette, amina, told):
    first, second, _ = items
    follows(amina, item=second)
    begin(first, colette)
    live.suspend(colette, at=NOW + 5 * MINUTE)
    assert told(NOW + 25 * MINUTE) == []
    live.resume(colette, at=NOW + 25 * MINUTE)
    assert told(NOW + 39 * MINUTE) == []
    assert len(told(NOW + 40 * MINUTE)) == 1


def test_items_that_are_withdrawn_take_no_time_and_are_not_told(live, items, colette, amina, told):
    first, second, third = items
    second.withdrawn_at = NOW
    second.save()
    follows(amina, item=second)
    follows(amina, item=third)
    begin(first, colette)
    assert [subject for _to, subject in told(NOW + 25 * MINUTE)] == ["Dans dix minutes environ : point 3, Point 3"]


def test_a_theme_and_a_quarter_are_followed_in_whatever_sitting(live, items, colette, amina, bruno, told):
    theme, quarter = (
        Theme.objects.create(slug="ecoles", name="Écoles"),
        Quarter.objects.create(slug="v", name="Village"),
    )
    first, _, _ = items
    first.theme, first.quarter = theme, quarter
    first.save()
    follows(amina, theme=theme)
    follows(amina, item=first)
    follows(bruno, quarter=quarter)
    begin(first, colette)
    assert sorted(to for to, _subject in told()) == sorted([amina.email, bruno.email])


def test_a_wrong_click_takes_back_the_mails_that_have_not_left(live, items, colette, amina, bruno, told):
    first, second, _ = items
    follows(amina, item=second)
    follows(bruno, item=second)
    passage = begin(first, colette)
    wrong = begin(second, colette, seen=passage.pk, at=NOW + MINUTE)
    assert len(told(NOW + MINUTE)) == 2
    OutgoingMail.objects.filter(to=bruno.email).update(sent_at=NOW)
    live.undo(colette, seen=wrong.pk, at=NOW + 2 * MINUTE)
    assert not OutgoingMail.objects.waiting().exists()
    begin(second, colette, seen=passage.pk, at=NOW + 3 * MINUTE)
    # Amina's mail is another, with a key of its own; Bruno read the first one.
    assert told(NOW + 3 * MINUTE) == [(amina.email, "C’est maintenant : point 2, Point 2")]
    assert OutgoingMail.objects.filter(key__startswith="sitting:told:").count() == 3


def test_what_was_written_before_the_wrong_click_stays(live, items, colette, amina, told):
    first, second, _ = items
    follows(amina, item=first)
    passage = begin(first, colette)
    told()
    wrong = begin(second, colette, seen=passage.pk, at=NOW + MINUTE)
    live.undo(colette, seen=wrong.pk, at=NOW + 2 * MINUTE)
    assert OutgoingMail.objects.waiting().count() == 1


def test_who_begins_to_follow_during_an_item_knows_that_it_has_begun(live, items, colette, amina, told):
    first, _, _ = items
    begin(first, colette)
    Follow.objects.create(user=amina, item=first, since=NOW + MINUTE)
    assert told(NOW + 2 * MINUTE) == []


def test_nothing_is_told_of_an_item_behind_closed_doors(live, items, colette, amina, told):
    first, _, _ = items
    follows(amina, item=first)
    live.close_doors(colette, at=NOW)
    begin(first, colette, at=NOW + MINUTE)
    assert told(NOW + MINUTE) == []


def test_a_sitting_is_told_before_and_at_its_opening(convened, colette, amina, told):
    follows(amina, sitting=convened)
    starts_at = convened.starts_at
    assert told(starts_at - 11 * MINUTE) == []
    assert told(starts_at - 10 * MINUTE) == [(amina.email, "Dans dix minutes environ : Conseil de décembre")]
    convened.open(colette, at=starts_at)
    assert told(starts_at) == [(amina.email, "C’est maintenant : Conseil de décembre")]
    assert told(starts_at + MINUTE) == []


def test_a_cancelled_sitting_is_told_to_those_of_its_items_too(convened, colette, amina, bruno, told):
    follows(amina, sitting=convened)
    follows(bruno, item=convened.items.first())
    convened.cancel(colette, reason="La salle est inondée.", at=NOW)
    assert [to for to, _subject in told(NOW + MINUTE)] == [amina.email, bruno.email]
    assert "La salle est inondée." in OutgoingMail.objects.first().text


def test_another_hour_is_told_once_to_whoever_followed_before(convened, colette, amina, bruno, camille, told):
    follows(amina, sitting=convened)
    follows(bruno, item=convened.items.first())
    later = convened.starts_at + 60 * MINUTE
    convened.edit(colette, revision=1, at=NOW, starts_at=later)
    Follow.objects.create(user=camille, sitting=convened, since=NOW + MINUTE)
    subject = "Autre heure ou autre lieu\u00a0: Conseil de décembre"
    assert told(NOW + MINUTE) == [(amina.email, subject), (bruno.email, subject)]
    assert told(NOW + 2 * MINUTE) == []
    assert spoken_hour(timezone.localtime(later)) in OutgoingMail.objects.first().text
    convened.edit(colette, revision=2, at=NOW, delay_seconds=10)
    assert told(NOW + 2 * MINUTE) == []


def test_a_date_that_is_put_right_at_once_is_told_as_it_is(convened, colette, amina, told):
    follows(amina, sitting=convened)
    for revision, place in enumerate(("Gymnase", "Gymnase Jean-Jaurès"), 1):
        convened.edit(colette, revision=revision, at=NOW, place=place)
        told(NOW)
    assert ["Jean-Jaurès" in mail.text for mail in OutgoingMail.objects.waiting()] == [True]


def test_who_knew_that_it_was_about_to_begin_is_told_again_at_the_new_hour(convened, colette, amina, told):
    follows(amina, sitting=convened)
    soon = convened.starts_at - 5 * MINUTE
    assert len(told(soon)) == 1
    convened.edit(colette, revision=1, at=soon, starts_at=convened.starts_at + 60 * MINUTE)
    assert [subject.split()[0] for _to, subject in told(soon)] == ["Autre"]
    assert [subject.split()[0] for _to, subject in told(soon + 60 * MINUTE)] == ["Dans"]


def test_many_are_told_in_one_look(live, items, colette, make_person, told, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 2)
    first, _, _ = items
    for number in range(5):
        follows(make_person(f"P{number} Durand"), item=first)
    begin(first, colette)
    assert len(told()) == 5


def test_a_closed_account_is_told_nothing(live, items, colette, amina, told):
    first, _, _ = items
    follows(amina, item=first)
    amina.is_active = False
    amina.save()
    begin(first, colette)
    assert told() == []


def test_a_mail_is_in_its_reader_s_language_and_stops_in_one_click(live, items, colette, amina, client, told):
    first, _, _ = items
    follows(amina, item=first)
    amina.language = "en"
    amina.save()
    begin(first, colette)
    assert told() == [(amina.email, "It begins: item 1, Point 1")]
    mail = OutgoingMail.objects.get(to=amina.email)
    stop = mail.headers["List-Unsubscribe"].strip("<>")
    assert stop in mail.text
    assert f"/en/seances/{live.pk}-" in mail.text
    assert client.post(urlsplit(stop).path).status_code == 200
    assert not Follow.objects.exists()


def test_whom_was_told_what_is_not_kept_for_ever(live, items, colette, amina, told):
    first, _, _ = items
    follows(amina, item=first)
    begin(first, colette)
    told()
    assert forget_before(NOW) == 0
    assert forget_before(NOW + MINUTE) == 1
    assert not Told.objects.exists()

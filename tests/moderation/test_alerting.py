"""The alert: once for each case, to those on duty, grouped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.accounts.models import Right
from civic.moderation import alerting
from civic.moderation.models import Alert, Case, Duty
from civic.notifications.models import OutgoingMail
from civic.territory.models import Space
from tests.concurrency import together

# Rights begin when they are given.
AT = timezone.now() + timedelta(hours=1)
LONG_AGO = AT - timedelta(days=40)


@pytest.fixture
def mails():
    def mails():
        return sorted(
            (mail.to, mail.subject) for mail in OutgoingMail.objects.filter(key__startswith="moderation:alert")
        )

    return mails


def test_a_case_in_time_alerts_nobody(make_case, mireille, mails):
    make_case(at=AT - timedelta(hours=1))
    assert alerting.alert(at=AT) == 0
    assert mails() == []


def test_late_cases_are_told_in_one_mail_and_once(make_case, mireille, mails):
    first, second = make_case(at=LONG_AGO), make_case(at=LONG_AGO)
    assert alerting.alert(at=AT) == 2
    assert mails() == [("mireille@example.org", "2 dossiers ont dépassé leur délai")]
    (mail,) = OutgoingMail.objects.filter(key__startswith="moderation:alert")
    assert f"/moderation/{first.pk}/" in mail.text and f"/moderation/{second.pk}/" in mail.text
    assert "Some text" not in mail.text, "a mail shows no text that nobody has read"
    assert alerting.alert(at=AT) == 0
    third = make_case(at=LONG_AGO)
    assert alerting.alert(at=AT) == 1
    assert len(mails()) == 2
    assert Alert.objects.get(case=third).at == AT


def test_a_case_that_waits_again_is_not_told_again(make_case, mireille, mails):
    case = make_case(at=LONG_AGO)
    alerting.alert(at=AT)
    Case.objects.filter(pk=case.pk).update(decided_at=AT)
    Case.objects.filter(pk=case.pk).update(decided_at=None)
    assert alerting.alert(at=AT + timedelta(days=1)) == 0


def test_those_on_duty_are_told_and_the_others_left_in_peace(make_case, mireille, malik, mails):
    Duty.objects.give(mireille, user=malik, starts_at=AT, ends_at=AT + timedelta(hours=1))
    make_case(at=LONG_AGO)
    alerting.alert(at=AT)
    assert [to for to, _subject in mails()] == ["malik@example.org"]


def test_moderators_of_another_space_are_not_told(make_case, make_person, mireille, mails):
    here, there = (Space.objects.create(kind="quarter") for _ in range(2))
    for name, space in (("Lise Here", here), ("Théo There", there)):
        Right.objects.create(user=make_person(name), role="moderator", space=space)
    make_case(at=LONG_AGO, space=here)
    alerting.alert(at=AT)
    assert [to for to, _subject in mails()] == ["lise@example.org", "mireille@example.org"]


def test_what_is_set_apart_or_decided_is_not_told(make_case, mireille, mails):
    decided, apart = make_case(at=LONG_AGO), make_case(at=LONG_AGO)
    Case.objects.filter(pk=decided.pk).update(decided_at=AT)
    Case.objects.filter(pk=apart.pk).update(apart_at=AT, apart_kind="danger", apart_standing="held")
    assert alerting.alert(at=AT) == 0
    assert mails() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(make_case, mireille, mails):
    for _ in range(5):
        make_case(at=LONG_AGO)
    results = together(*[lambda: alerting.alert(at=AT)] * 4)
    assert sorted(results) == [0, 0, 0, 5]
    assert mails() == [("mireille@example.org", "5 dossiers ont dépassé leur délai")]

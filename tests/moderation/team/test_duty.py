"""Who is on duty, over HTTP and in the journal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from civic.audit.models import Entry
from civic.moderation.models import Duty
from civic.moderation.models.duty import DutyOver, to_alert

pytestmark = pytest.mark.django_db
PAGE = "/moderation/reglages/astreinte/"


@pytest.fixture
def now():
    return timezone.now()


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_somebody_is_put_on_duty_and_taken_off(mireille, malik, sign_in, now):
    desk = sign_in(mireille)
    form = {"user": malik.pk, "starts_at": local(now), "ends_at": local(now + timedelta(days=2))}
    assert desk.post(PAGE, form).status_code == 302
    duty = Duty.objects.get()
    content = desk.get(PAGE).content.decode()
    assert "Malik Saïdi" in content
    assert desk.post(f"{PAGE}{duty.pk}/fin/").status_code == 302
    assert not Duty.objects.current(at=timezone.now()).exists()
    actions = Entry.objects.filter(target_kind="duty").values_list("action", flat=True)
    assert list(actions) == ["duty.given", "duty.ended"]


def test_only_moderators_can_be_chosen_and_an_end_lies_in_the_future(mireille, bruno, sign_in, now):
    desk = sign_in(mireille)
    form = {"user": bruno.pk, "starts_at": local(now), "ends_at": local(now - timedelta(days=1))}
    response = desk.post(PAGE, form)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"user", "ends_at"}


def test_a_duty_that_has_not_begun_never_does(mireille, malik, now):
    duty = Duty.objects.give(mireille, user=malik, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    duty.end(mireille, at=now)
    assert not Duty.objects.exists()
    with pytest.raises(DutyOver):
        duty.end(mireille, at=now)


def test_who_is_on_duty_is_written_to_and_all_the_others_when_nobody_is(mireille, malik, colette, now):
    assert set(to_alert(None, at=now)) == {mireille, malik}
    Duty.objects.give(mireille, user=malik, starts_at=now, ends_at=now + timedelta(days=1))
    assert set(to_alert(None, at=now)) == {malik}
    assert set(to_alert(None, at=now + timedelta(days=1))) == {mireille, malik}

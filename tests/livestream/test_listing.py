"""What the home page shows of sittings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from livestream.listing import LATE, on_home
from livestream.models import State

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def convene(sitting, colette, *, starts_at):
    sitting.convene(colette, at=timezone.now())
    sitting.starts_at = starts_at
    sitting.save(update_fields=["starts_at"])
    return sitting


def test_what_goes_on_comes_first_with_what_is_examined(make_sitting, live, colette, client, django_assert_num_queries):
    at = timezone.now()
    later, sooner = (convene(make_sitting(), colette, starts_at=at + days * DAY) for days in (9, 2))
    live.go_to(live.items.get(rank=2), colette, seen=None, at=at)
    with django_assert_num_queries(1):
        shown = on_home(at=at)
    assert (shown.live, shown.coming) == ([live], sooner)
    assert (shown.live[0].current_number, shown.live[0].current_title) == ("2", "Point 2")
    page = client.get("/").content.decode()
    assert "En direct" in page and "Point 2" in page
    assert later.get_absolute_url() not in page


def test_nothing_is_said_of_an_item_behind_closed_doors(live, colette, client):
    live.go_to(live.items.get(rank=2), colette, seen=None, at=timezone.now())
    live.close_doors(colette, at=timezone.now())
    page = client.get("/").content.decode()
    assert str(State.CLOSED_DOORS.label) in page
    assert "Point 2" not in page


def test_one_that_never_opened_is_not_the_next_one_for_ever(make_sitting, colette):
    at = timezone.now()
    sitting = convene(make_sitting(), colette, starts_at=at - LATE + timedelta(minutes=1))
    assert on_home(at=at).coming == sitting
    assert on_home(at=at + timedelta(minutes=2)).coming is None


def test_drafts_cancelled_ones_and_those_that_are_over_are_not_on_the_home_page(make_sitting, colette, client):
    _draft, cancelled, over = (make_sitting() for _ in range(3))
    for sitting in (cancelled, over):
        sitting.convene(colette, at=timezone.now())
    cancelled.cancel(colette, reason="Une panne.", at=timezone.now())
    over.open(colette, at=timezone.now())
    over.adjourn(colette, at=timezone.now())
    shown = on_home(at=timezone.now())
    assert (shown.live, shown.coming) == ([], None)
    assert client.get("/").status_code == 200

"""Somebody signs now and then, never too often and never for ever."""

import pytest

from civic.demo.cast import open_accounts
from civic.demo.filling import lay_ground
from civic.demo.movement import LONGEST, SHORTEST, Movement
from petitions import counting
from petitions.models import Signature
from tests.petitions.conftest import closed, draft, opened, quarter, theme  # noqa: F401


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def people(db, now):
    lay_ground()
    open_accounts(now=now)


@pytest.fixture
def amina(people, django_user_model):
    return django_user_model.objects.get(email="amina@example.org")


@pytest.fixture
def clock():
    return Clock()


def test_a_signature_comes_when_its_time_has_come(opened, clock):  # noqa: F811
    movement = Movement(clock=clock)
    assert not movement.step()
    clock.now += SHORTEST
    assert movement.step()
    assert not movement.step()
    clock.now += LONGEST
    assert movement.step()
    counting.count_moved()
    opened.counter.refresh_from_db()
    assert opened.count == Signature.objects.counting().count() == 2


def test_it_ends_after_so_many(opened, clock):  # noqa: F811
    movement = Movement(most=3, clock=clock)
    for _number in range(5):
        clock.now += LONGEST
        movement.step()
    assert Signature.objects.count() == 3


def test_nobody_signs_a_closed_petition(closed, clock):  # noqa: F811
    movement = Movement(clock=clock)
    clock.now += LONGEST
    assert not movement.step()
    assert not Signature.objects.exists()


def test_nobody_signs_where_the_city_was_not_invented(opened, clock, django_user_model):  # noqa: F811
    django_user_model.objects.filter(email="nadege@example.org").delete()
    movement = Movement(clock=clock)
    clock.now += LONGEST
    assert not movement.step()
    assert not Signature.objects.exists()

"""Brakes: counted by name and key, forgotten with the window, forgiving when the counter is away."""

import pytest
import time_machine
from django.core.cache import caches

from civic.kernel.errors import TooManyRequests
from civic.kernel.limits import consume

MOMENT = 1_800_000_000  # the beginning of an hour


def used(times, name="sign", key="a", rate="3/h"):
    for _ in range(times):
        consume(name, key, rate=rate)


@time_machine.travel(MOMENT + 60, tick=False)
def test_one_use_too_many_is_refused_until_the_window_ends():
    used(3)
    with pytest.raises(TooManyRequests) as refusal:
        used(1)
    assert refusal.value.status == 429
    assert 3600 - 60 <= refusal.value.retry_after <= 3600 - 59


def test_the_next_window_is_open():
    with time_machine.travel(MOMENT + 3599, tick=False):
        used(3)
    with time_machine.travel(MOMENT + 3600, tick=False):
        used(3)


@time_machine.travel(MOMENT, tick=False)
def test_keys_and_names_are_counted_apart():
    used(3)
    used(3, key="b")
    used(3, name="search")


@pytest.mark.parametrize(("rate", "seconds"), [("1/s", 1), ("1/m", 60), ("1/h", 3600), ("1/d", 86400)])
def test_a_rate_names_its_period(rate, seconds):
    with time_machine.travel(MOMENT - MOMENT % seconds, tick=False):
        used(1, rate=rate)
        with pytest.raises(TooManyRequests) as refusal:
            used(1, rate=rate)
    assert refusal.value.retry_after == seconds + 1


def test_a_counter_that_was_evicted_lets_people_through(monkeypatch):
    def evicted(*args, **options):
        raise ValueError

    monkeypatch.setattr(caches["limits"], "incr", evicted)
    used(10)

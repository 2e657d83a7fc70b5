from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from civic.demo.chance import series
from civic.demo.days import CURVES, Days, draw

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def test_days_are_counted_in_the_citys_own_time():
    assert Days(NOW).ago(1, hour=9).isoformat() == "2026-11-21T08:00:00+00:00"
    assert Days(NOW).ago(-200, hour=8).isoformat() == "2027-06-10T06:00:00+00:00"


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("length", [timedelta(minutes=5), timedelta(days=1), timedelta(days=183)])
def test_every_moment_lies_within_the_collection(curve, length):
    rng = series("moments")
    for _number in range(500):
        assert NOW - length <= draw(curve, NOW - length, NOW, rng) < NOW


def test_curves_differ_as_their_names_say():
    def half(curve):
        rng = series("halves")
        return sum(CURVES[curve](rng) < 0.5 for _number in range(2_000)) / 2_000

    assert half("early_burst") > 0.75
    assert half("late_burst") < 0.3
    assert 0.4 < half("steady") < 0.6


def test_few_people_sign_by_night():
    rng = series("nights")
    moments = [draw("steady", NOW - timedelta(days=100), NOW, rng) for _number in range(1_000)]
    assert sum(1 <= timezone.localtime(moment).hour < 5 for moment in moments) < 20

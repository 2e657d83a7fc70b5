"""Moments told as days from now, at an hour when people are awake."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from django.utils import timezone

# How many of a hundred signatures come at each hour, from midnight: few by night, most after dinner.
BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 4, 5, 5, 5, 5, 7, 6, 4, 4, 5, 6, 7, 7, 9, 8, 5, 3)


@dataclass(frozen=True)
class Days:
    """Counts days from `now`, in the city's own time zone."""

    now: datetime

    def ago(self, days: int, *, hour: int, minute: int = 0) -> datetime:
        """That many days ago (negative: ahead), at a time of the clock."""
        day = timezone.localdate(self.now) - timedelta(days=days)
        moment = datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())
        # In UTC, six months stay 183 times 24 hours across a change of the clocks.
        return moment.astimezone(UTC)


def steady(rng: Random) -> float:
    return rng.random()


def early_burst(rng: Random) -> float:
    return rng.betavariate(1, 9) if rng.random() < 0.7 else rng.random()


def late_burst(rng: Random) -> float:
    return rng.betavariate(8, 1) if rng.random() < 0.6 else rng.random()


def two_waves(rng: Random) -> float:
    wave = rng.random()
    if wave < 0.45:
        return rng.betavariate(6, 22)
    return rng.betavariate(22, 8) if wave < 0.85 else rng.random()


# How signatures spread over a collection: each draws a share of it, from 0 (the opening) to 1 (the end).
CURVES = {"steady": steady, "early_burst": early_burst, "late_burst": late_burst, "two_waves": two_waves}


def draw(curve: str, start: datetime, end: datetime, rng: Random) -> datetime:
    """A moment between `start` and `end`, drawn from the curve, at an hour when people sign."""
    moment = start + CURVES[curve](rng) * (end - start)
    hour = rng.choices(range(24), weights=BY_HOUR)[0]
    awake = timezone.localtime(moment).replace(hour=hour)
    # On the first and the last day the hour may fall outside.
    return awake if start <= awake < end else moment

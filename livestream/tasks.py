"""Nightly jobs of council sessions."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from livestream.models.follow import forget_before

# Nothing of a sitting begins this long after it was told.
KEPT_FOR = timedelta(days=30)


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="livestream.forget")
def forget_who_was_told(timestamp: int) -> None:
    forget_before(timezone.now() - KEPT_FOR)

"""What the worker does for moderation."""

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.moderation import alerting
from civic.moderation.models import Evidence


@app.periodic(cron="*/10 * * * *")
@app.task(name="moderation.alert", queueing_lock="moderation.alert")
def alert(timestamp: int) -> None:
    alerting.alert(at=timezone.now())


@app.periodic(cron="23 3 * * *")
@app.task(name="moderation.forget_evidence")
def forget_evidence(timestamp: int) -> None:
    """What was set apart is kept for a year, and no longer (evidence.py)."""
    Evidence.objects.forget(at=timezone.now())

"""What the worker does for moderation."""

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.moderation import alerting


@app.periodic(cron="*/10 * * * *")
@app.task(name="moderation.alert", queueing_lock="moderation.alert")
def alert(timestamp: int) -> None:
    alerting.alert(at=timezone.now())

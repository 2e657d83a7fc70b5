"""What the worker does for petitions by night."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from petitions import counting
from petitions.models import SignatureRequest
from petitions.models.request import PENDING


@app.periodic(cron="17 3 * * *")
@app.task(name="petitions.recount")
def recount(timestamp: int) -> None:
    """Repair what the counting loop should never have missed."""
    counting.recount()


@app.periodic(cron="41 3 * * *")
@app.task(name="petitions.forget_requests")
def forget_requests(timestamp: int) -> None:
    """What was never confirmed is destroyed after 30 days (RGPD art. 5)."""
    SignatureRequest.objects.filter(requested_at__lt=timezone.now() - PENDING - timedelta(days=1)).delete()

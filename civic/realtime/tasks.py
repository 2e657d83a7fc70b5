"""Background work on streams."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.realtime.models import StreamEvent

# Who was away for longer loads the page again.
KEPT_FOR = timedelta(days=7)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="realtime.prune", pass_context=False)
def prune(timestamp: int) -> int:
    """Remove events that no open page needs any more; returns how many."""
    return StreamEvent.objects.prune(before=timezone.now() - KEPT_FOR)

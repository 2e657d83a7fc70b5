"""Jobs of the worker: deliver, look for what was forgotten, erase."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.notifications import delivery
from civic.notifications.models import OutgoingMail

# Served by a worker of its own that does one job at a time (civic.portal): with two at once, a
# kill could double two mails.
QUEUE = "mail"


class BackOff(BaseRetryStrategy):
    """Again after 10 s, 20 s, 40 s… at most 10 minutes; the delivery itself knows when to give up."""

    def get_retry_decision(self, *, exception, job):
        return RetryDecision(retry_in={"seconds": min(10 * 2 ** min(job.attempts, 10), 600)})


@app.task(queue=QUEUE, retry=BackOff())
def deliver(mail_id: int) -> None:
    delivery.deliver(mail_id, at=timezone.now())


def resume() -> int:
    """Give a job to each mail that waits and has none; their number.

    Not needed while all goes well: a job that met a locked row ended with nothing done, and an
    operator may have emptied the queue. A job too many does nothing.
    """
    late = OutgoingMail.objects.waiting().filter(created_at__lt=timezone.now() - timedelta(minutes=1))
    jobs = ProcrastinateJob.objects.filter(task_name=deliver.name, status__in=["todo", "doing"])
    with transaction.atomic():
        known = set(jobs.values_list("args__mail_id", flat=True))
        orphans = [pk for pk in late.values_list("pk", flat=True) if pk not in known]
        for pk in orphans:
            deliver.defer(mail_id=pk)
    return len(orphans)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="notifications.erase")
def erase_old_mail(timestamp: int) -> None:
    # The demo's mails are invented and its page shows them all.
    if not settings.DEMO:
        OutgoingMail.objects.all().erase(at=timezone.now())

"""What the worker does for consultations."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from consultations import retention, sweeping, telling, told, turnout
from consultations.models import Consultation, Version
from consultations.scrutiny import calling


@app.task(name="consultations.tell_corrected")
def tell_corrected(version_id: int) -> None:
    """Those who had voted before a correction are told of it."""
    telling.tell_corrected(Version.objects.select_related("consultation").get(pk=version_id))


@app.task(name="consultations.tell_participants")
def tell_participants(consultation_id: int, step: str) -> None:
    """Those who took part are told of a step: the result, the decision."""
    told.tell_participants(Consultation.objects.get(pk=consultation_id), told.Step(step))


# A backup of a whole city may read for hours.
@app.task(name="consultations.sweep", retry=RetryStrategy(max_attempts=720, wait=60))
def sweep() -> None:
    """Take off the pages what a count deleted; again every minute while the tables are busy."""
    sweeping.sweep()


@app.periodic(cron="23 3 * * *")
@app.task(name="consultations.recount")
def recount(timestamp: int) -> None:
    """Repair what the loop of the number of voters should never have missed."""
    turnout.recount()


@app.periodic(cron="53 3 * * *")
@app.task(name="consultations.destroy_due", queueing_lock="consultations.destroy_due")
def destroy_due(timestamp: int) -> None:
    """The roll and the box of what is over for good are destroyed (RGPD art. 5)."""
    retention.destroy_due(at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="consultations.call_scrutineers", queueing_lock="consultations.call_scrutineers")
def call_scrutineers(timestamp: int) -> None:
    """Scrutineers are asked for their keys, reminded, and called to the count."""
    calling.post_due(at=timezone.now())

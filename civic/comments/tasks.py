"""What the worker does for comments by night."""

from procrastinate.contrib.django import app

from civic.comments import counting


@app.periodic(cron="23 3 * * *")
@app.task(name="comments.recount")
def recount(timestamp: int) -> None:
    """Repair what the counting loop should never have missed, and forget supports that were taken back."""
    counting.recount()
    counting.forget_taken_back()

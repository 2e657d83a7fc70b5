"""Nightly work that belongs to no feature."""

from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

KEPT_HOURS = 30 * 24


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="portal.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context, timestamp: int) -> None:
    """Those that failed for good stay a month for whoever looks into it; the others went when done."""
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEPT_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )

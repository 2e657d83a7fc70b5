"""Running procrastinate's jobs, and finding those that a killed worker left behind."""

import asyncio

import structlog
from asgiref.sync import async_to_sync
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.utils import connector_params
from psycopg import AsyncConnection

log = structlog.get_logger(__name__)

HEARTBEAT_EVERY = 5
# A worker that was silent for this many seconds is dead: its jobs are given to another.
DEAD_AFTER = 20

START_AGAIN_AFTER = 1

# Mail goes one by one, so that a killed worker doubles at most one (notifications.tasks.QUEUE);
# a long job elsewhere must not hold it up either.
ONE_BY_ONE = "mail"


def lanes() -> list[tuple[list[str], int]]:
    """The queues that are served together, and how many of their jobs run at once."""
    queues = {task.queue for task in app.tasks.values()} | {"default"}
    return [([ONE_BY_ONE], 1), (sorted(queues - {ONE_BY_ONE}), 2)]


async def serve(queues: list[str], concurrency: int) -> None:
    """Do the jobs of these queues until cancelled; start over when the database comes back."""
    while True:
        try:
            # Asked first, since a pool that opens onto nothing waits half a minute.
            async with await AsyncConnection.connect(**connector_params()):
                pass
            async with worker_app().open_async() as worker:
                # It also returns, having logged why, when its listener or heartbeat loses the database.
                await worker.run_worker_async(
                    queues=queues,
                    name=queues[0],
                    concurrency=concurrency,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=5,
                    update_heartbeat_interval=HEARTBEAT_EVERY,
                    stalled_worker_timeout=DEAD_AFTER,
                )
        except Exception:
            log.exception("jobs interrupted", queues=queues)
        await asyncio.sleep(START_AGAIN_AFTER)


def worker_app() -> App:
    """The app with connections of its own for fetching jobs.

    Tasks keep Django's app: a job deferred by a job is a row of that job's transaction.
    """
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3, timeout=5, reconnect_timeout=2)
    worker = DjangoApp(connector=connector, import_paths=app.import_paths)
    worker.tasks = app.tasks
    worker.periodic_registry = app.periodic_registry
    return worker


def rescue(*, dead_after: float = DEAD_AFTER) -> int:
    """Put back the jobs of workers that died; their number. Every task must bear being run again."""
    return async_to_sync(_rescue)(dead_after)


async def _rescue(dead_after: float) -> int:
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after))
    for job in stalled:
        log.warning("job of a dead worker put back", task=job.task_name, job=job.id)
        await app.job_manager.retry_job(job)
    return len(stalled)

"""`manage.py worker`: the one process beside the server, for jobs and for loops."""

import asyncio
import os
import signal
import sys
import threading
import time

import structlog
from django.core.management.base import BaseCommand

from civic.kernel import loops
from civic.portal import jobs
from civic.portal.rounds import Round

log = structlog.get_logger(__name__)

# Seconds for what is under way when the worker is asked to stop; what doesn't end is found
# again by its heartbeat, as after a kill.
STOP_WITHIN = 7.0


class Command(BaseCommand):
    help = "Does the jobs and the loops until SIGTERM or SIGINT."

    def handle(self, *args, **options):
        stopping = threading.Event()
        rounds = [Round(loop, stopping) for loop in loops.registered.values()]
        for each in rounds:
            each.start()
        try:
            deadline = asyncio.run(self.work(stopping))
        finally:
            stopping.set()
        for each in rounds:
            each.join(max(0.0, deadline - time.monotonic()))
        if any(each.is_alive() for each in rounds):
            leave_at_once()

    async def work(self, stopping: threading.Event) -> float:
        """Serve the queues until a signal; the moment by which all must have ended."""
        asked = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Works for SIGINT too where a parent shell had it ignored.
            asyncio.get_running_loop().add_signal_handler(number, asked.set)
        lanes = [asyncio.create_task(jobs.serve(*lane)) for lane in jobs.lanes()]
        await asked.wait()
        deadline = time.monotonic() + STOP_WITHIN
        stopping.set()
        for lane in lanes:
            lane.cancel()
        _done, late = await asyncio.wait(lanes, timeout=STOP_WITHIN)
        if late:
            # Its thread can't be ended, and asyncio.run() would wait for it.
            leave_at_once()
        return deadline


def leave_at_once() -> None:
    log.warning("work left behind; it is taken up again by the next worker")
    sys.stderr.flush()
    os._exit(1)

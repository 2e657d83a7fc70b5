"""Is the process alive, and may it be given visitors?"""

import shutil
from collections.abc import Callable
from functools import cache
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from civic.portal.jobs import DEAD_AFTER

log = structlog.get_logger(__name__)

LEAST_FREE_BYTES = 100 * 1024 * 1024


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nobody else."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where all that a visitor needs is there, else 503 and the check that failed.

    `clock_difference_s` (application minus database) is told and refuses nothing: leases and
    counters follow the database's clock.
    """
    answers = {name: _ask(check) for name, check in CHECKS.items()}
    if answers["database"]:
        answers |= {name: _ask(check) for name, check in CHECKS_IN_DATABASE.items()}
    is_ready = all(answer is not False for answer in answers.values())
    return JsonResponse({"ready": is_ready, **answers}, status=200 if is_ready else 503)


def _ask(check: Callable[[], Any]) -> Any:
    """The check's answer; False where it failed. Its error goes to the log: a page for all tells no inner names."""
    try:
        return check()
    except Exception:
        log.exception("not ready", check=check.__name__)
        return False


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def migrations() -> bool:
    return _are_applied() or _forget_and_fail()


@cache
def _are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _forget_and_fail() -> bool:
    # Only the good answer is kept: applied migrations stay applied while a process lives.
    _are_applied.cache_clear()
    return False


def worker() -> bool:
    last = ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
    return last is not None and (_database_now() - last).total_seconds() < DEAD_AFTER


def channel_layer() -> bool | None:
    """None where wake-ups go through PostgreSQL and there is nothing more to ask."""
    if not settings.REDIS_URL:
        return None
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        return bool(client.ping())


def disk() -> bool:
    folder = settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR
    return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES


def clock_difference() -> float:
    return round((timezone.now() - _database_now()).total_seconds(), 3)


def _database_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


CHECKS: dict[str, Callable[[], Any]] = {"database": database, "channel_layer": channel_layer, "disk": disk}
# Not asked where the database is away: each would wait for a connection in its turn.
CHECKS_IN_DATABASE: dict[str, Callable[[], Any]] = {
    "migrations": migrations,
    "worker": worker,
    "clock_difference_s": clock_difference,
}

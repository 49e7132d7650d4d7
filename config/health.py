"""Is it up, is it ready: for load balancers and for bin/run."""

import os
import time
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from config.errors import reads_only
from generations.live.hub import hub
from generations.models import Heartbeat
from generations.redis_client import client

NEEDED = ("worker", "media", "pulse")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@reads_only
def health(request: HttpRequest) -> HttpResponse:
    """Database and Redis with their latency; 503 when the database is away."""
    database, redis = _timed(_ask_database), _timed(lambda: _ask_redis(client()))
    workers = _workers() if database["status"] == "ok" else {}
    status = "healthy" if database["status"] == "ok" else "unhealthy"
    body = {"status": status, "database": database, "redis": redis, "workers": workers, "memory": {"rssMB": _rss_mb()}}
    return JsonResponse(body, status=200 if status == "healthy" else 503)


@reads_only
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "live"})


@reads_only
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated: pages can be served and wishes taken.

    Whom the work still waits for stands beside it. It takes nothing away from this process: with worker, media or
    Redis gone, wishes wait in the database. A `live` that has been told to end is not ready for anybody new.
    """
    if hub.is_draining:
        return JsonResponse({"status": "not ready", "why": "going down"}, status=503)
    try:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        missing = sorted(set(NEEDED) - set(Heartbeat.objects.fresh().values_list("name", flat=True)))
    except DatabaseError as error:
        return JsonResponse({"status": "not ready", "why": str(error).strip()}, status=503)
    body = {"status": "ready" if migrated else "not ready", "migrated": migrated, "waiting_for": missing}
    return JsonResponse(body, status=200 if migrated else 503)


def _timed(ask: Any) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        ask()
    except (DatabaseError, RedisError, OSError) as error:
        return {"status": "down", "error": type(error).__name__}
    return {"status": "ok", "latencyMs": round((time.perf_counter() - started) * 1000, 2)}


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis(redis: Redis) -> None:
    redis.ping()


def _workers() -> dict[str, str]:
    fresh = set(Heartbeat.objects.fresh().values_list("name", flat=True))
    return {name: "ok" if name in fresh else "silent" for name in (*NEEDED, "beat")}


def _rss_mb() -> float:
    resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return round(int(resident) * PAGE_BYTES / 1_048_576, 1)

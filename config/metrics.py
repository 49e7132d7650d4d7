"""Figures for Prometheus, read from rows and Redis at the time of asking, so that every process tells the same."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from config.ledger_metrics import LedgerCollector
from config.pool_metrics import PoolCollector
from config.sweep_metrics import SweepCollector
from generations.models.generation import OPEN

SQL = """
SELECT
  (SELECT count(*) FROM generations_delivery WHERE processed_at IS NULL),
  (SELECT coalesce(extract(epoch FROM now() - min(next_action_at)), 0) FROM generations_generation
    WHERE next_action_at < now()),
  (SELECT coalesce(sum(held), 0) FROM accounts_creditbalance)
"""


class StudioCollector:
    """Open generations by stage, age of the oldest overdue one, inbox, held credits."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with connection.cursor() as cursor:
            cursor.execute(SQL)
            inbox, overdue, held = cursor.fetchone()
            cursor.execute(
                "SELECT stage, count(*) FROM generations_generation WHERE next_action_at IS NOT NULL GROUP BY stage"
            )
            stages = dict(cursor.fetchall())
        by_stage = GaugeMetricFamily("dotbase_open_generations", "Open generations.", labels=["stage"])
        for stage in OPEN:
            by_stage.add_metric([stage], stages.get(stage, 0))
        yield by_stage
        yield GaugeMetricFamily(
            "dotbase_oldest_overdue_seconds", "Age of the oldest overdue step.", value=float(overdue)
        )
        yield GaugeMetricFamily("dotbase_inbox_deliveries", "Webhooks waiting to be applied.", value=inbox)
        yield GaugeMetricFamily("dotbase_held_millicredits", "Credits held for open work.", value=float(held))


registry = CollectorRegistry(auto_describe=False)
registry.register(StudioCollector())
registry.register(PoolCollector())
registry.register(SweepCollector())
registry.register(LedgerCollector())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

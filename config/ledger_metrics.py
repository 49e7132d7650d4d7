"""What the last check of the ledger found, for Prometheus; deploy/README.md says when it is an alarm."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily

from generations import auditing
from generations.models import LedgerCheck


class LedgerCollector:
    """Findings by promise, each promise also at 0, and when it was looked. Nothing until the first check."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        last = LedgerCheck.objects.the_one()
        if last is None:
            return
        found = GaugeMetricFamily("dotbase_ledger_findings", "What breaks the ledger's promises.", labels=["promise"])
        totals = {one["promise"]: one["total"] for one in last.broken}
        for promise in [*auditing.CHECKS, *(totals.keys() - auditing.CHECKS.keys())]:
            found.add_metric([promise], totals.get(promise, 0))
        yield found
        yield GaugeMetricFamily(
            "dotbase_ledger_checked_timestamp_seconds",
            "When the ledger was last checked.",
            value=last.checked_at.timestamp(),
        )

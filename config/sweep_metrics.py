"""The sweeps for Prometheus, by what they look for; deploy/README.md explains the words."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily

from generations import sweeps


class SweepCollector:
    """What was found, and what of it was repaired. A gap that grows is what sweeps cannot help."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        found = CounterMetricFamily("dotbase_sweep_found", "Left-overs that sweeps found.", labels=["sweep"])
        repaired = CounterMetricFamily("dotbase_sweep_repaired", "Left-overs that sweeps repaired.", labels=["sweep"])
        for sweep, counted in sweeps.totals().items():
            found.add_metric([sweep], counted.found)
            repaired.add_metric([sweep], counted.repaired)
        yield from (found, repaired)

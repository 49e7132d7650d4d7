"""The token pool for Prometheus. Tokens are named by number; their names are the operator's own business."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from providers.models.token import State
from providers.pool import overview

LABELS = ["provider", "token"]


class PoolCollector:
    """Each token's state, places, jobs and errors, and the endpoints where nothing is sent at the moment."""

    def collect(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("dotbase_token_state", "1 for the token's state.", labels=[*LABELS, "state"])
        busy = GaugeMetricFamily("dotbase_token_in_flight", "Jobs in flight.", labels=LABELS)
        places = GaugeMetricFamily("dotbase_token_places", "Jobs it may have in flight.", labels=LABELS)
        requests = CounterMetricFamily("dotbase_token_requests", "Jobs begun with it.", labels=LABELS)
        errors = CounterMetricFamily("dotbase_token_errors", "Jobs it could not begin.", labels=LABELS)
        for token in overview.every_token():
            named = [token.provider, str(token.id)]
            now = token.state if token.is_enabled else "off"
            for state in (*State.values, "off"):
                states.add_metric([*named, state], int(state == now))
            busy.add_metric(named, token.in_flight)
            places.add_metric(named, token.max_in_flight if token.works else 0)
            requests.add_metric(named, token.requests)
            errors.add_metric(named, token.errors)
        yield from (states, busy, places, requests, errors)
        paused = GaugeMetricFamily("dotbase_endpoint_paused", "Nothing is sent there.", labels=["provider", "endpoint"])
        for provider, endpoint, _until in overview.paused_endpoints():
            paused.add_metric([provider, endpoint], 1)
        yield paused

"""A model's ways to its providers, in the operator's order."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from providers import registry
from providers.catalogue import Model, Route
from providers.pool import breaker


def routes_of(model: Model, task: str, params: Mapping[str, Any]) -> list[Route]:
    """Those that can do as cleaned settings say, and lead to a provider which is built in."""
    routes = [route for route in model.routes_for(task, params) if route.provider in registry.ADAPTERS]
    if settings.ROUTE_ORDER == "price":
        # What a route costs is known of few; of the others it is taken to be the model's list price.
        usual = model.price.millicredits
        routes.sort(key=lambda route: usual if route.millicredits is None else route.millicredits)
    if settings.ROUTE_ORDER == "health":
        routes.sort(key=lambda route: breaker.failed_share(route.provider, route.endpoint))
    return routes

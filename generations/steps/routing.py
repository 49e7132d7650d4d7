"""Which of a model's routes a wish takes: the one that has turned it away least often, in the model's own order.

A route is left after one failure before acceptance, and come back to when all others have failed as often. What was
accepted, or may have been, never changes its route.
"""

from collections import Counter
from dataclasses import dataclass

from generations.models import Attempt, Generation
from generations.models.attempt import State
from providers import catalogue, registry, tokens
from providers.catalogue import Route
from providers.pool import breaker

TOKEN, PROVIDER = "token", "provider"


@dataclass(frozen=True, slots=True)
class Way:
    """A route that is open now, and as whom it is taken."""

    route: Route
    credential: tokens.Credential


def choose(generation: Generation) -> Way | None:
    """The way to take now; None when no provider of the model can be spoken to."""
    routes = _in_order(generation)
    # The pool may know better when it is asked for a place; one that is not ready now is taken when none is.
    for route in sorted(routes, key=lambda one: not is_ready(one)):
        credential = tokens.pick(route.provider)
        if credential is not None:
            return Way(route, credential)
    return None


def is_ready(route: Route) -> bool:
    """Whether a token works now and the provider has not been failing, as far as this process knows."""
    return tokens.is_ready(route.provider) and breaker.open_until(route.provider, route.endpoint) is None


def has_ready_besides(generation: Generation, way: Way) -> bool:
    """Whether another route could be taken at once."""
    return any(is_ready(route) for route in _routes(generation) if route != way.route)


def has_untried(generation: Generation) -> bool:
    """Whether there is a route that could be taken now and has not turned this wish away yet."""
    refused = _refusals(generation)
    return any(
        not refused[route.provider, route.endpoint] and tokens.pick(route.provider) is not None
        for route in _routes(generation)
    )


def route_of(attempt: Attempt, generation: Generation) -> Route:
    """The route an attempt took, as the catalogue has it now."""
    same = [one for one in _routes(generation) if (one.provider, one.endpoint) == (attempt.provider, attempt.endpoint)]
    return same[0] if same else Route(provider=attempt.provider, endpoint=attempt.endpoint, version=attempt.version)


def _routes(generation: Generation) -> list[Route]:
    """Those that can do as the settings say, and lead to a provider which is built in."""
    routes = catalogue.get(generation.model).routes_for(generation.task, generation.params)
    return [route for route in routes if route.provider in registry.ADAPTERS]


def _in_order(generation: Generation) -> list[Route]:
    refused = _refusals(generation)
    return sorted(_routes(generation), key=lambda route: refused[route.provider, route.endpoint])


def _refusals(generation: Generation) -> Counter[tuple[str, str]]:
    if not generation.submits:
        return Counter()
    rows = Attempt.objects.filter(generation=generation, state=State.REFUSED)
    return Counter(rows.values_list("provider", "endpoint"))

"""Which of a model's routes a wish takes: the one that has turned it away least often, in the operator's order.

A route is left after one failure before acceptance, and come back to when all others have failed as often. What was
accepted, or may have been, never changes its route.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from generations.models import Attempt, Generation, Waiting
from generations.models.attempt import State
from generations.steps.route_order import routes_of
from providers import catalogue, tokens
from providers.catalogue import Route
from providers.pool import breaker

TOKEN, PROVIDER = Waiting.TOKEN.value, Waiting.PROVIDER.value


@dataclass(frozen=True, slots=True)
class Way:
    """A route that is open now, and as whom it is taken."""

    route: Route
    credential: tokens.Credential


def ways(generation: Generation) -> list[Way]:
    """The ways that are open to it, the one to take first; none when no provider of the model can be spoken to."""
    return ways_by(_in_order(generation))


def ways_by(routes: Sequence[Route]) -> list[Way]:
    """Those of the routes that are open, the one to take first.

    The pool may know better when it is asked for a place: one that is not ready now comes last. Where a token is set
    for any, however it is doing, none leads to the sandbox: nobody who waits for a real picture wants one of its.
    """
    is_real = any(tokens.has_any(route.provider) for route in routes)
    picked = [(route, tokens.pick(route.provider)) for route in routes]
    found = [Way(route, credential) for route, credential in picked if credential is not None]
    return sorted(
        (way for way in found if not is_real or way.credential.label != tokens.SANDBOX_LABEL),
        key=lambda way: not is_ready(way.route),
    )


def is_ready(route: Route) -> bool:
    """Whether a token works now and the provider has not been failing, as far as this process knows."""
    return tokens.is_ready(route.provider) and breaker.open_until(route.provider, route.endpoint) is None


def has_untried(generation: Generation) -> bool:
    """Whether there is a route that could be taken now and has not turned this wish away yet."""
    refused = _refusals(generation)
    return any(not refused[way.route.provider, way.route.endpoint] for way in ways(generation))


def route_of(attempt: Attempt, generation: Generation) -> Route:
    """The route an attempt took, as the catalogue has it now."""
    same = [one for one in _routes(generation) if (one.provider, one.endpoint) == (attempt.provider, attempt.endpoint)]
    return same[0] if same else Route(provider=attempt.provider, endpoint=attempt.endpoint, version=attempt.version)


def _routes(generation: Generation) -> list[Route]:
    return routes_of(catalogue.get(generation.model), generation.task, generation.params)


def _in_order(generation: Generation) -> list[Route]:
    refused = _refusals(generation)
    return sorted(_routes(generation), key=lambda route: refused[route.provider, route.endpoint])


def _refusals(generation: Generation) -> Counter[tuple[str, str]]:
    if not generation.submits:
        return Counter()
    rows = Attempt.objects.filter(generation=generation, state=State.REFUSED)
    return Counter(rows.values_list("provider", "endpoint"))

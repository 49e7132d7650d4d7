"""Where a generation meets the token pool: a place is taken when it is sent, given back when the provider is done."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.attempt import LIVE
from generations.steps import lining, routing, waiting
from generations.steps.hints import Hint
from generations.steps.lining import Standing
from generations.steps.routing import Way
from providers.catalogue import Route
from providers.credentials import Credential
from providers.pool import taking

# When nobody can say when it goes on; a place that becomes free wakes the first in line before that.
WAIT_SECONDS = 5.0
# No longer than a minute: nobody is told when the operator adds a token.
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 60.0


def seconds_until(again_at: datetime | None) -> float:
    """How long to wait for what the pool said."""
    if again_at is None:
        return WAIT_SECONDS
    # Those who wait for the same moment do not all come at the same moment.
    seconds = (again_at - timezone.now()).total_seconds() + random.uniform(0, 1)  # noqa: S311
    return min(max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)


class Taken(NamedTuple):
    """A place at a token, and the route it is for."""

    route: Route
    credential: Credential


class Refused(NamedTuple):
    """Why a route has nobody to speak now, when to look again, and where in its line the wish stands.

    ahead: the first in line, when it is not this wish's turn.
    """

    route: Route
    why: str
    seconds: float
    place: int | None = None
    ahead: Standing | None = None


def take_place(generation: Generation, ways: Sequence[Way], attempt_id: UUID) -> Taken | list[Hint]:
    """A place at a token of the first way that has one; else the wish waits in line, and the hints say who is first.

    Runs in the transaction that opens the attempt and holds the person's lock. Whose turn it is not takes nothing that
    is free, here or on a further way, but wakes the first in line: nobody overtakes, and nothing stays free.
    """
    refused: list[Refused] = []
    for way in ways:
        answer = _try(generation, way, attempt_id)
        if isinstance(answer, Taken):
            return answer
        refused.append(answer)
        if answer.ahead is not None:
            break
    told = next((one for one in refused if one.why == routing.TOKEN), refused[0])
    seconds = min(one.seconds for one in refused)
    waiting.wait_locked(generation, told.why, seconds, place=told.place, provider=told.route.provider)
    return lining.wake(refused[-1].ahead) if refused[-1].ahead is not None else []


def _try(generation: Generation, way: Way, attempt_id: UUID) -> Taken | Refused:
    route, place = way.route, None
    if way.credential.token_id is not None:
        line = lining.head_of(route.provider, own=generation.pk)
        place = next(row.place for row in line if row.id == generation.pk)
        if place > 1:
            return Refused(route, routing.TOKEN, lining.seconds_at(place), place, line[0])
    taken = taking.take(route.provider, route.endpoint, attempt_id)
    if isinstance(taken, Credential):
        return Taken(route, taken)
    return Refused(route, taken.why, seconds_until(taken.again_at), place if taken.why == routing.TOKEN else None)


def give_back(attempts: QuerySet[Attempt]) -> list[Hint]:
    """The provider's work of these attempts is over: their places are free, and the first who waits may go on."""
    providers = set(attempts.values_list("provider", flat=True))
    if not taking.release(attempts.order_by().values("pk")):
        return []
    return [hint for provider in sorted(providers) for hint in lining.wake_first(provider)]


def give_back_lost() -> int:
    """Places whose attempts are over or gone. Each end gives its own back; this is for what nobody thought of."""
    held = taking.held_for_long()
    alive: Any = Attempt.objects.filter(pk__in=held, state__in=LIVE).values_list("pk", flat=True)
    return taking.release(held - set(alive)) if held else 0

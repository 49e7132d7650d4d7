"""What a failure means for the token it happened to. Values in, values out; rows and clocks are in `reporting`.

429   rest as long as the provider says, within limits; else longer each time in a row
401   rest a quarter of an hour, then one job tries; the third time in a row it is out
402   rest an hour, then one job tries
else  nothing: a refused input is the person's business, a failing provider the breaker's
"""

import random
from dataclasses import dataclass

from providers.errors import OutOfCredit, ProviderError, RateLimited, TokenInvalid
from providers.models.token import State

SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 1.0, 600.0
FIRST_REST_SECONDS, LONGEST_GROWN_REST_SECONDS = 5.0, 300.0
JITTER = 0.2
REFUSED_REST_SECONDS = 15 * 60.0
NO_CREDIT_REST_SECONDS = 60 * 60.0
REFUSALS_UNTIL_OUT = 3
MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """The token's next state. seconds: of rest, None for the one that is out."""

    state: State
    streak: int
    seconds: float | None


def verdict_on(error: ProviderError, state: str, streak: int, *, is_last: bool) -> Verdict | None:
    """None when the token is not to blame. streak: failures in a row in its present state.

    is_last: no other token of the provider works. It rests only as long as it must; the work waits for it.
    """
    if isinstance(error, RateLimited):
        before = streak if state == State.COOLING else 0
        return Verdict(State.COOLING, before + 1, _rest(error, 0 if is_last else before))
    if isinstance(error, TokenInvalid):
        count = streak + 1 if state == State.SUSPECT else 1
        if count >= REFUSALS_UNTIL_OUT:
            return Verdict(State.DISABLED, count, None)
        return Verdict(State.SUSPECT, count, REFUSED_REST_SECONDS)
    if isinstance(error, OutOfCredit):
        count = streak + 1 if state == State.EXHAUSTED else 1
        return Verdict(State.EXHAUSTED, count, NO_CREDIT_REST_SECONDS)
    return None


def _rest(error: RateLimited, doublings: int) -> float:
    if error.retry_after_seconds > 0:
        return min(max(error.retry_after_seconds, SHORTEST_REST_SECONDS), LONGEST_REST_SECONDS)
    grown: float = min(FIRST_REST_SECONDS * 2 ** min(doublings, MOST_DOUBLINGS), LONGEST_GROWN_REST_SECONDS)
    return grown * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311

"""When to ask a provider that has not called back. Webhooks are hints too; polling is always on."""

from django.conf import settings

from generations.models import Attempt, Generation
from providers import status, tokens

GROWTH = 1.5


def first_poll_seconds(generation: Generation) -> float:
    """At the usual length of the work; soon when no webhook can arrive; at once where asking is what does the work."""
    if tokens.works_here(generation.provider):
        return 0
    if status.callback_base(generation.provider) is None:
        return max(1.0, generation.expected_seconds * 0.8)
    return max(float(settings.POLL_FLOOR_SECONDS), generation.expected_seconds * 1.5)


def next_poll_seconds(generation: Generation, attempt: Attempt) -> float:
    """Grows by half with every poll, up to the cap (Replicate keeps results for one hour only)."""
    seconds: float = first_poll_seconds(generation) * GROWTH ** min(attempt.polls, 20)
    return min(seconds, float(settings.POLL_CAP_SECONDS))

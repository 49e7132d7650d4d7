"""The breaker of one endpoint: when a provider fails, its tokens are not to blame and nothing is sent for a while.

Ten calls or more within a minute, half of them failed: nothing for 30 s, then one call tries; each time it fails again
the pause doubles, to ten minutes at most. The pause is kept where places are taken (sql/take_token.sql).
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from providers.errors import Ambiguous, ProviderError, RateLimited, Transient
from providers.pool import memory

FEWEST_CALLS = 10
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, MOST_DOUBLINGS = 30, 600, 5
# One statement: two processes that note at once cannot lose each other's call.
NOTE = """
INSERT INTO providers_providerhealth AS h (provider, endpoint, calls, failures, openings)
VALUES (%(provider)s, %(endpoint)s, 1, %(failure)s, 0)
ON CONFLICT (provider, endpoint) DO UPDATE SET (window_started_at, calls, failures) = (
  SELECT CASE WHEN is_over THEN moment ELSE h.window_started_at END,
    CASE WHEN is_over THEN 1 ELSE h.calls + 1 END,
    CASE WHEN is_over THEN %(failure)s ELSE h.failures + %(failure)s END
  FROM (SELECT clock_timestamp()) c (moment),
    LATERAL (SELECT h.window_started_at < moment - interval '1 min') x (is_over)
)
RETURNING id, calls, failures, open_until IS NOT NULL, open_until > clock_timestamp()
"""
OPEN = """
UPDATE providers_providerhealth
SET openings = openings + 1, trial_until = NULL, calls = 0, failures = 0, open_until = clock_timestamp()
  + interval '1 second' * least(%(first)s * power(2, least(openings, %(doublings)s)), %(longest)s)
WHERE id = %(id)s AND (open_until IS NULL OR open_until <= clock_timestamp())
"""
CLOSE = """
UPDATE providers_providerhealth
SET open_until = NULL, trial_until = NULL, openings = 0, calls = 0, failures = 0 WHERE id = %(id)s
"""


def is_failure(error: ProviderError | None) -> bool:
    """The provider did not do its part. A refusal, whatever for, is an answer."""
    return isinstance(error, Ambiguous | Transient) and not isinstance(error, RateLimited)


def note(provider: str, endpoint: str, *, is_failure: bool) -> bool:
    """One call went well or badly. True when it is the one that ends a pause."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"provider": provider, "endpoint": endpoint, "failure": int(is_failure)})
        health_id, calls, failures, was_opened, is_open = cursor.fetchall()[0]
        if is_open:
            return False  # a call from before the pause
        has_tripped = calls >= FEWEST_CALLS and failures * 2 >= calls
        if is_failure and (was_opened or has_tripped):
            cursor.execute(
                OPEN,
                {
                    "id": health_id,
                    "first": FIRST_PAUSE_SECONDS,
                    "longest": LONGEST_PAUSE_SECONDS,
                    "doublings": MOST_DOUBLINGS,
                },
            )
        elif was_opened and not is_failure:
            cursor.execute(CLOSE, {"id": health_id})
        else:
            return False
    memory.forget()
    return not is_failure


def open_until(provider: str, endpoint: str) -> datetime | None:
    """Until when nothing is sent there, as far as this process knows; None when it may be tried."""
    until = memory.recall(provider).open_until.get(endpoint)
    return until if until is not None and until > timezone.now() else None


def failed_share(provider: str, endpoint: str) -> float:
    """Of the last calls there, in tenths, 0 to 1, as far as this process knows."""
    return round(memory.recall(provider).failed_share.get(endpoint, 0.0), 1)

"""The line for a provider's tokens: whose turn it is, fairly among people, and waking the first.

Of a higher priority goes first; within one, who has the fewest jobs with the provider, of equals who was served least
recently, then who came first. A person's second wish counts as if their first were under way already, so people take
turns however much each asks for.
Only admins may ask for a high priority; a low one counts as normal after ten minutes, so that nobody waits for ever.
The places of a person in the line are theirs by when their wishes came; which of their wishes takes which, they may
say by moving one to the front. Nothing is stored but that and the place a row was last told: the order is read from
the rows.
"""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from generations.models import Generation, Stage, Waiting
from generations.steps.hints import Hint, hint_for

# Taking turns is a matter of moments: a row that was claimed longer ago than this hangs, and holds nobody up.
CLAIMED_SECONDS = 5
# A place that becomes free wakes the first; this is for what nobody is told of, and to tell people where they stand.
SECONDS_PER_PLACE, LONGEST_SECONDS = 5.0, 60.0
TRIED = 5
LOW_FOR_SECONDS = 600
# After a provider's recovery: more at once would be a herd at a door that has only just opened.
WOKEN_BY_EACH = 2
# Line: rows that wait for a token, and the one that asks, whether or not it waits yet. By generation_line and
# generation_served, so that it costs the same however much anybody has made.
LINE = """
WITH line AS (
  SELECT id, user_id, created_at, fronted_at, next_action_at, lease_until, priority FROM generations_generation
  WHERE stage = 'queued' AND waits_for = 'token' AND provider = %(provider)s
    AND NOT coalesce(lease_until > clock_timestamp()
      AND lease_until < clock_timestamp() + interval '1 second' * %(fresh_seconds)s, false)
  UNION
  SELECT id, user_id, created_at, fronted_at, next_action_at, lease_until, priority FROM generations_generation
  WHERE id = %(own)s
), levels AS (
  SELECT line.*, CASE WHEN created_at < clock_timestamp() - interval '1 second' * %(low_for)s
    THEN greatest(priority, 0) ELSE priority END AS level FROM line
), people AS (
  SELECT user_id,
    (SELECT count(*) FROM generations_generation g
     WHERE g.user_id = p.user_id AND g.slot IS NOT NULL AND g.provider = %(provider)s AND g.stage <> 'saving') AS jobs,
    (SELECT g.submitted_at FROM generations_generation g
     WHERE g.user_id = p.user_id AND g.provider = %(provider)s AND g.submitted_at IS NOT NULL
     ORDER BY g.submitted_at DESC LIMIT 1) AS served_at
  FROM (SELECT DISTINCT user_id FROM line) p
), turns AS (
  SELECT levels.*, row_number() OVER (PARTITION BY user_id ORDER BY level DESC, created_at, id) AS came,
    row_number() OVER (PARTITION BY user_id ORDER BY level DESC, fronted_at DESC NULLS LAST, created_at, id) AS turn
  FROM levels
), places AS (
  SELECT mine.*, row_number() OVER (
    ORDER BY level DESC, jobs + turn, turn, served_at NULLS FIRST, held.created_at, held.id) AS place
  FROM turns mine JOIN people USING (user_id)
  JOIN (SELECT user_id, came AS turn, created_at, id FROM turns) held USING (user_id, turn)
)
SELECT id, place, next_action_at > clock_timestamp() AND coalesce(lease_until <= clock_timestamp(), true) AS rests
FROM places WHERE id = %(own)s OR place <= %(tried)s ORDER BY place
"""


class Standing(NamedTuple):
    """A row of the line. place: 1 is next. rests: nobody works on it or was told to."""

    id: UUID
    place: int
    rests: bool


def head_of(provider: str, *, own: UUID | None = None) -> list[Standing]:
    """The first few in line, and where `own` stands or would stand."""
    fresh_seconds = max(settings.SUBMIT_LEASE_SECONDS - CLAIMED_SECONDS, 0)
    asked = {"provider": provider, "own": own, "fresh_seconds": fresh_seconds}
    with connection.cursor() as cursor:
        cursor.execute(LINE, asked | {"tried": TRIED, "low_for": LOW_FOR_SECONDS})
        return [Standing(*row) for row in cursor.fetchall()]


def seconds_at(place: int) -> float:
    """When a row that is not next looks for itself."""
    return min(SECONDS_PER_PLACE * place, LONGEST_SECONDS)


def wake_first(provider: str) -> list[Hint]:
    """One of the line, the first that rests: each place that becomes free wakes one."""
    return next(filter(None, (wake(row) for row in head_of(provider))), [])


def wake_after_recovery(provider: str) -> list[Hint]:
    """Two of those who wait until this provider answers again: one got through. Each that does wakes two more."""
    waiting = Generation.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=Now()),
        provider=provider,
        stage=Stage.QUEUED,
        waits_for=Waiting.PROVIDER,
        next_action_at__gt=Now(),
    )
    first = waiting.order_by("-priority", "created_at", "id").select_for_update(skip_locked=True, no_key=True)
    with transaction.atomic():
        ids = list(first.values_list("pk", flat=True)[:WOKEN_BY_EACH])
        Generation.objects.filter(pk__in=ids).update(next_action_at=Now(), hinted_at=Now())
    return [hint_for(one, Stage.QUEUED) for one in ids]


def wake(row: Standing) -> list[Hint]:
    """Due now, unless somebody works on it or was told to."""
    if not row.rests:
        return []
    resting = Generation.objects.filter(pk=row.id, stage=Stage.QUEUED, next_action_at__gt=Now())
    free = resting.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=Now()))
    # Who holds it is moving it; waiting for them here, with a person's lock held, could become a circle.
    if free.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True).first() is None:
        return []
    Generation.objects.filter(pk=row.id).update(next_action_at=Now(), hinted_at=Now())
    return [hint_for(row.id, Stage.QUEUED)]

"""What cancelling would cost, said before it is done; and cancelling all that a person has open."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from accounts.models import User
from generations.actions import changing
from generations.models import Generation, Stage
from generations.models.generation import GenerationQuerySet

AT_A_PROVIDER = (Stage.SUBMITTING, Stage.UNCONFIRMED, Stage.RUNNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """waiting: ends at once and comes back whole. working: the provider decides whether it was in time."""

    waiting: int
    waiting_millicredits: int
    working: int
    working_millicredits: int

    @property
    def total(self) -> int:
        return self.waiting + self.working


def preview(rows: GenerationQuerySet) -> Preview:
    """One query. Of what is being saved nothing can be cancelled."""
    waiting, working = Q(stage=Stage.QUEUED), Q(stage__in=AT_A_PROVIDER, cancel_requested_at__isnull=True)
    found = rows.open().aggregate(
        waiting=Count("pk", filter=waiting),
        waiting_millicredits=Sum("cost_millicredits", filter=waiting, default=0),
        working=Count("pk", filter=working),
        working_millicredits=Sum("cost_millicredits", filter=working, default=0),
    )
    return Preview(**found)


def cancel_all(user: User, *, stages: tuple[Stage, ...] = (Stage.QUEUED, *AT_A_PROVIDER)) -> int:
    """Cancels what is open at these stages, the last in line first; each is a transaction of its own. How many."""
    done = 0
    rows = Generation.objects.for_user(user).open().filter(stage__in=stages, cancel_requested_at__isnull=True)
    # The last first: whoever stands behind one that ends would be started in its place.
    for generation in reversed(rows.in_own_order()):
        try:
            changing.cancel_generation(generation)
        except changing.NotCancellable:
            continue
        done += 1
    return done

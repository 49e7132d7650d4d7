"""What stands behind the queue button: the person's newest generations they have not opened yet."""

from dataclasses import dataclass

from accounts.models import User
from generations.models import Generation

SHOWN = 5
COUNTED = 99


@dataclass(frozen=True, slots=True)
class Queue:
    """Five rows at most, and how many there are, counted no further than 99."""

    count: int
    rows: list[Generation]

    @property
    def count_text(self) -> str:
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)

    @property
    def active(self) -> bool:
        """Something is still going on among what is shown."""
        return any(not row.is_final for row in self.rows)


def queue_of(user: User) -> Queue:
    """Four queries, whatever the person has."""
    unseen = Generation.objects.for_user(user).unviewed()
    rows = list(unseen.newest_first().with_outputs()[:SHOWN])
    count = len(rows) if len(rows) < SHOWN else unseen[: COUNTED + 1].count()
    return Queue(count, rows)

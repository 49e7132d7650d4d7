"""What can be done with works of the library, by the names that forms use."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from accounts.models import User
from generations.actions import arranging
from generations.models.item import MOST_STARS

Act = Callable[[User, Sequence[UUID], str], int | None]
# Those that need a name.
NAMED = {"tag", "untag", "collect", "uncollect"}


def _rate(user: User, ids: Sequence[UUID], _name: str, *, stars: int) -> None:
    arranging.rate(user, ids, stars)


ACTS: dict[str, Act] = {
    "favourite": lambda user, ids, _name: arranging.favour(user, ids, is_favourite=True),
    "unfavourite": lambda user, ids, _name: arranging.favour(user, ids, is_favourite=False),
    **{f"stars-{stars}": partial(_rate, stars=stars) for stars in range(MOST_STARS + 1)},
    "tag": arranging.tag,
    "untag": arranging.untag,
    "collect": arranging.collect,
    "uncollect": arranging.uncollect,
    "trash": lambda user, ids, _name: arranging.trash(user, ids),
    "restore": lambda user, ids, _name: arranging.restore(user, ids),
}

"""What stands beside a work in a search: the next newer and the next older one, by key."""

from dataclasses import dataclass

from generations import paging
from generations.models import Generation, Item
from generations.models.item import ItemQuerySet


@dataclass(frozen=True, slots=True)
class Beside:
    """None at either end."""

    newer: Item | None
    older: Item | None

    @property
    def both(self) -> list[Item]:
        return [item for item in (self.newer, self.older) if item]


def beside(rows: ItemQuerySet, generation: Generation) -> Beside:
    """Three queries: both keys in one, then their rows and files. The work itself need not be among the rows."""
    cursor = paging.cursor_of(generation)
    newer = paging.before(rows, cursor).order_by("created_at", "pk").values_list("pk", flat=True)[:1]
    older = paging.after(rows, cursor).order_by("-created_at", "-pk").values_list("pk", flat=True)[:1]
    keys = list(newer.union(older, all=True))
    found = list(Item.objects.filter(pk__in=keys).with_files().newest_first()) if keys else []
    mine = (generation.created_at, generation.pk)
    return Beside(
        newer=next((item for item in found if (item.created_at, item.pk) > mine), None),
        older=next((item for item in found if (item.created_at, item.pk) < mine), None),
    )

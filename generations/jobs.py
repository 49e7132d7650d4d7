"""What a person's queue lists: their wishes of the last month by state, kind and model, a page at a time.

A month, so that a filter never reads all that somebody ever made; the library has the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import IntegerField, Prefetch, Subquery
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generations import paging
from generations.models import Event, Generation, Status
from generations.models.generation import GenerationQuerySet
from generations.storable import is_storable
from providers.catalogue.tasks import MAKES_VIDEO

PAGE_SIZE = 20
DAYS = 30
# A state's jobs are counted so far.
COUNTED = 99
# The models to choose from are those of so many last wishes.
REMEMBERED = 500
STATES: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "": (_("All"), ()),
    "waiting": (_("Waiting"), (Status.PENDING,)),
    "working": (_("At work"), (Status.PROCESSING,)),
    "ended": (_("Ended"), (Status.COMPLETED, Status.CANCELLED)),
    "failed": (_("Failed"), (Status.FAILED,)),
}
STATE_OF = {status: name for name, (_label, statuses) in STATES.items() for status in statuses}
KINDS: dict[str, str | Promise] = {"": _("All kinds"), "image": _("Pictures"), "video": _("Videos")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """What is asked for; an unknown word asks for everything."""

    state: str = ""
    kind: str = ""
    model: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filter":
        state, kind, model = given.get("state", ""), given.get("kind", ""), given.get("model", "")[:80]
        return cls(
            state=state if state in STATES else "",
            kind=kind if kind in KINDS else "",
            model=model if is_storable(model) else "",
        )

    @property
    def is_narrow(self) -> bool:
        return self != Filter()

    def query(self, **other: str) -> str:
        """As an address has it, with something else instead."""
        asked = replace(self, **other)
        named = {"state": asked.state, "kind": asked.kind, "model": asked.model}
        return urlencode({name: value for name, value in named.items() if value})

    def narrow(self, rows: GenerationQuerySet) -> GenerationQuerySet:
        if self.state:
            rows = rows.filter(status__in=STATES[self.state][1])
        if self.kind == "video":
            rows = rows.filter(task__in=MAKES_VIDEO)
        elif self.kind:
            rows = rows.exclude(task__in=MAKES_VIDEO)
        return rows.filter(model=self.model) if self.model else rows


def page_of(user: User, asked: Filter, cursor: str) -> paging.Page[Generation]:
    """Four queries at most. Raises BadCursor."""
    rows = asked.narrow(recent(user)).with_outputs().prefetch_related(events())
    return paging.page(rows, cursor, PAGE_SIZE)


class _HowMany(Subquery):
    """How many rows a query has, read no further than it is cut."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts_of(user: User, asked: Filter) -> dict[str, str]:
    """How many each state would show with the same kind and model: in one query, of each a hundred rows at most."""
    rows = replace(asked, state="").narrow(recent(user)).order_by()
    of_states = {name: rows.filter(status__in=statuses) for name, (_label, statuses) in STATES.items() if statuses}
    numbers = [_HowMany(of_state.values("pk")[: COUNTED + 1]) for of_state in of_states.values()]
    counts: dict[str, int] = dict(zip(of_states, User.objects.filter(pk=user.pk).values_list(*numbers)[0], strict=True))
    counts[""] = sum(counts.values())
    return {name: f"{COUNTED}+" if counts[name] > COUNTED else str(counts[name]) for name in STATES}


def recent(user: User) -> GenerationQuerySet:
    month: GenerationQuerySet = Generation.objects.for_user(user).filter(created_at__gt=Now() - timedelta(days=DAYS))
    return month.shown()


def events() -> Prefetch[str]:
    """Each row's timeline, in order."""
    return Prefetch("events", Event.objects.order_by("id"))


def models_of(user: User) -> list[tuple[str, str]]:
    """Id and name of what was lately asked for."""
    last = Generation.objects.for_user(user).newest_first()[:REMEMBERED]
    named = dict(last.values_list("model", "model_name"))
    return sorted(named.items(), key=lambda model: model[1].casefold())

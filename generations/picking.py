"""The rows of the list of models, by what one wants to do: what each says, and whether the filters let it through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

from accounts.models import User
from generations import badges, goals, health, quotes
from generations.goals import Goal
from generations.library import newest
from media_pipeline.models import Asset
from providers import tokens
from providers.catalogue import Model
from providers.registry import ADAPTERS

# What a filter may be set to, in credits and in seconds.
PRICES = (1, 5, 10, 25, 50, 100)
TIMES = (10, 30, 60, 120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the filters say: at most so many credits and seconds. 0 and "": whatever it may be."""

    provider: str = ""
    price: int = 0
    time: int = 0

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """Of an address. What no filter can be set to counts for nothing."""
        provider = given.get("provider", "")
        return cls(
            provider=provider if provider in ADAPTERS else "",
            price=next((one for one in PRICES if given.get("price") == str(one)), 0),
            time=next((one for one in TIMES if given.get("time") == str(one)), 0),
        )

    @property
    def is_anything(self) -> bool:
        return not (self.provider or self.price or self.time)

    def takes(self, row: "Row") -> bool:
        """static/js/picker.js says the same of the same facts."""
        return (
            (not self.provider or self.provider in row.providers)
            and (not self.price or row.quote.millicredits <= self.price * 1000)
            and (not self.time or row.quote.time.usual_seconds <= self.time)
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """A model in one place of the list, and its price as it is set at first. picture: what the person made with it."""

    model: Model
    goal: Goal
    quote: quotes.Quote
    wanted: Wanted
    picture: Asset | None = None

    @cached_property
    def providers(self) -> list[str]:
        """Who can be asked now, in the order of the model's file."""
        names = dict.fromkeys(route.provider for route in self.model.routes if route.provider in ADAPTERS)
        return [name for name in names if tokens.pick(name) is not None]

    @property
    def badges(self) -> list[str]:
        return badges.badges_of(self.model)

    @property
    def health(self) -> health.Health | None:
        return health.health_of(self.model, self.goal)

    @property
    def is_wanted(self) -> bool:
        return self.wanted.takes(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    name: str
    label: str | Promise
    icon: str
    rows: list[Row]

    @property
    def is_wanted(self) -> bool:
        return any(row.is_wanted for row in self.rows)


def groups_of(user: User, models: Iterable[Model], wanted: Wanted) -> list[Group]:
    """Every goal with its models, what the filters leave out as well: a page with scripts narrows itself. One query."""
    offered, pictures = list(models), newest.by_model(user)
    known = {model.id: quotes.quote(model, model.clean({})) for model in offered}
    return [
        Group(
            name=goal.name,
            label=goal.label,
            icon=goal.icon,
            rows=[
                Row(model=one, goal=goal, quote=known[one.id], wanted=wanted, picture=pictures.get(one.id))
                for one in found
            ],
        )
        for goal, found in goals.by_goal(offered)
        if found
    ]


def providers_in(groups: Iterable[Group]) -> list[str]:
    """Who can be asked for any of these, in the registry's order."""
    found = {name for group in groups for row in group.rows for name in row.providers}
    return [name for name in ADAPTERS if name in found]

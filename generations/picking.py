"""The rows of the list of models, by what one wants to do: what each says, and whether it is what is looked for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generations import badges, goals, health, quotes
from generations.goals import Goal
from generations.library import newest
from generations.models import Pin
from media_pipeline.models import Asset
from providers import tokens
from providers.catalogue import Model
from providers.registry import ADAPTERS

# What a filter may be set to, in credits and in seconds.
PRICES = (1, 5, 10, 25, 50, 100)
TIMES = (10, 30, 60, 120)
MAX_TEXT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the search and the filters say: at most so many credits and seconds. 0 and "": whatever it may be."""

    text: str = ""
    provider: str = ""
    price: int = 0
    time: int = 0

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """Of an address. What no filter can be set to counts for nothing."""
        provider = given.get("provider", "")
        return cls(
            text=" ".join(given.get("q", "").replace("\0", " ")[:MAX_TEXT].split()),
            provider=provider if provider in ADAPTERS else "",
            price=next((one for one in PRICES if given.get("price") == str(one)), 0),
            time=next((one for one in TIMES if given.get("time") == str(one)), 0),
        )

    @property
    def asked(self) -> dict[str, str]:
        """As an address has it; only what is filtered by."""
        given = {"q": self.text, "provider": self.provider, "price": self.price, "time": self.time}
        return {name: str(value) for name, value in given.items() if value}

    def takes(self, row: "Row") -> bool:
        """static/js/picker.js says the same of the same facts."""
        return (
            all(word in row.told for word in self.text.lower().split())
            and (not self.provider or self.provider in row.providers)
            and (not self.price or row.quote.millicredits <= self.price * 1000)
            and (not self.time or row.quote.time.usual_seconds <= self.time)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A model in one place of the list, and its price as it is set at first.

    title: of its group. providers: who can be asked now, in the order of the model's file. picture: what the person
    made with it.
    """

    model: Model
    goal: Goal
    title: str | Promise
    quote: quotes.Quote
    providers: Sequence[str]
    wanted: Wanted
    picture: Asset | None = None
    is_pinned: bool = False

    @property
    def pinning(self) -> str:
        """What a press on its pin asks for."""
        return "unpin" if self.is_pinned else "pin"

    @property
    def badges(self) -> list[str]:
        return badges.badges_of(self.model)

    @property
    def health(self) -> health.Health | None:
        return health.health_of(self.model, self.goal)

    @property
    def told(self) -> str:
        """All that is searched, in the reader's language."""
        state = [self.health.word] if self.health else []
        words = [self.title, self.model.name, self.model.summary, *self.providers, *self.badges, *state]
        return " ".join(str(one) for one in words).lower()

    @property
    def is_wanted(self) -> bool:
        return self.wanted.takes(self)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str | Promise
    icon: str
    rows: list[Row]

    @property
    def is_wanted(self) -> bool:
        return any(row.is_wanted for row in self.rows)


def groups_of(user: User, models: Iterable[Model], wanted: Wanted, goal: Goal) -> list[Group]:
    """What the person pinned, for the goal where it is of use there, then every goal with its models. Two queries.

    What the filters leave out is among them: a page with scripts narrows itself.
    """
    offered, pictures = {model.id: model for model in models}, newest.by_model(user)
    pins = list(Pin.objects.for_user(user).order_by("created_at", "pk").values_list("model", flat=True))
    known = {model.id: quotes.quote(model, model.clean({})) for model in offered.values()}
    on = {name for name in ADAPTERS if tokens.pick(name) is not None}

    def row(model: Model, goal: Goal, title: str | Promise) -> Row:
        return Row(
            model=model,
            goal=goal,
            title=title,
            quote=known[model.id],
            providers=_providers_of(model, on),
            wanted=wanted,
            picture=pictures.get(model.id),
            is_pinned=model.id in pins,
        )

    pinned = [offered[one] for one in pins if one in offered]
    title = _("Pinned")
    groups = [Group("pinned", title, "pin", [row(one, goals.goal_for(one, goal.name), title) for one in pinned])]
    for one, found in goals.by_goal(offered.values()):
        groups.append(Group(one.name, one.label, one.icon, [row(model, one, one.label) for model in found]))
    return [group for group in groups if group.rows]


def providers_in(groups: Iterable[Group]) -> list[str]:
    """Who can be asked for any of these, in the registry's order."""
    found = {name for group in groups for row in group.rows for name in row.providers}
    return [name for name in ADAPTERS if name in found]


def _providers_of(model: Model, on: Collection[str]) -> list[str]:
    return list(dict.fromkeys(route.provider for route in model.routes if route.provider in on))

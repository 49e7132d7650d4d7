"""Whether a model's providers can take work now, as far as this process knows: a word beside its name, before one asks.

At most a minute old and without a query. It keeps nobody from asking: what is asked for waits, or takes another way.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generations.goals import Goal
from generations.steps import routing
from providers import catalogue
from providers.catalogue import Model
from providers.pool import breaker
from providers.registry import ADAPTERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """kind: "busy" or "down". word: for a narrow row. advice: what it means for a wish, as a sentence."""

    kind: str
    word: str | Promise
    advice: str | Promise


BUSY = Health(
    kind="busy",
    word=_("busy"),
    advice=_(
        "Its provider takes no more work for a moment. "
        "What you ask for waits in line, begins by itself, and is charged only when it is made."
    ),
)
DOWN = Health(
    kind="down",
    word=_("not answering"),
    advice=_(
        "Its provider does not answer. "
        "What you ask for waits in line, begins as soon as it does, and is charged only when it is made."
    ),
)


def health_of(model: Model, goal: Goal) -> Health | None:
    """How it is with what the model does for this goal; None when it can begin at once."""
    routes = [route for task in model.tasks if task in goal.tasks for route in model.routes_for(task)]
    ways = routing.ways_by([one for one in routes if one.provider in ADAPTERS and catalogue.is_installed(one)])
    if not ways or any(routing.is_ready(way.route) for way in ways):
        return None
    is_silent = all(breaker.open_until(way.route.provider, way.route.endpoint) for way in ways)
    return DOWN if is_silent else BUSY

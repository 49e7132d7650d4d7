"""What a person wants to do on the create page, and which models and files that takes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers import catalogue
from providers.catalogue import Model
from providers.catalogue.tasks import TASKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """tasks: the ways to get there. words: what the description is asked for with."""

    name: str
    label: str | Promise
    words: str | Promise
    icon: str
    tasks: frozenset[str]

    def takes(self, model: Model) -> bool:
        return not self.tasks.isdisjoint(model.tasks)

    def needs(self, model: Model) -> frozenset[str]:
        """Slots of the model that cannot stay empty."""
        least = min((TASKS[task] for task in model.tasks if task in self.tasks), key=len, default=frozenset[str]())
        return least | {slot.name for slot in model.slots if slot.is_required}


# In this order.
GOALS = (
    Goal(
        name="image",
        label=_("Image"),
        words=_("Describe what you want to see"),
        icon="image",
        tasks=frozenset({"text-to-image"}),
    ),
    Goal(
        name="edit",
        label=_("Editing"),
        words=_("Describe what is to be different"),
        icon="wand-sparkles",
        tasks=frozenset({"image-edit", "restyle", "video-edit"}),
    ),
    Goal(
        name="inpaint",
        label=_("Retouching"),
        words=_("Describe what is to stand in the marked part"),
        icon="brush",
        tasks=frozenset({"inpaint"}),
    ),
    Goal(
        name="expand",
        label=_("Expanding"),
        words=_("Describe what is beyond the edges"),
        icon="scaling",
        tasks=frozenset({"expand"}),
    ),
    Goal(
        name="video",
        label=_("Video"),
        words=_("Describe what is to happen"),
        icon="clapperboard",
        tasks=frozenset({"text-to-video", "image-to-video", "first-last-frame", "reference-to-video"}),
    ),
    Goal(
        name="improve",
        label=_("Improving"),
        words=_("Describe what the picture shows"),
        icon="sparkles",
        tasks=frozenset({"upscale", "remove-background", "convert"}),
    ),
)


@dataclass(frozen=True, slots=True)
class Way:
    """What a finished picture may be taken on to. slot: where it goes there."""

    goal: Goal
    slot: str
    label: str | Promise


def ways() -> list[Way]:
    found = []
    for goal in GOALS:
        if goal.name == "video":
            found += [
                Way(goal, "first_frame", _("Video: first frame")),
                Way(goal, "last_frame", _("Video: last frame")),
            ]
        elif goal.name != "image":
            found.append(Way(goal, "image", goal.label))
    return found


def named(name: str) -> Goal | None:
    return next((goal for goal in GOALS if goal.name == name), None)


def is_served(model: Model) -> bool:
    """Whether the create page can ask for it at all."""
    return any(goal.takes(model) for goal in GOALS)


def goal_for(model: Model, name: str = "", task: str = "") -> Goal:
    """The named one if the model is of use for it, else the one of the task, else the model's first."""
    fitting = [goal for goal in GOALS if goal.takes(model)] or list(GOALS)
    return next((goal for goal in fitting if goal.name == name or task in goal.tasks), fitting[0])


def by_goal(models: Iterable[Model]) -> list[tuple[Goal, list[Model]]]:
    """Every goal with its models; a model stands under each it is of use for."""
    rows = list(models)
    return [(goal, [model for model in rows if goal.takes(model)]) for goal in GOALS]


def companions(model: Model, goal: Goal) -> list[Model]:
    """Other models on offer that the same can be asked of, and that take a description where this one does."""
    others = [one for one in catalogue.available() if one.id != model.id and goal.takes(one)]
    return [one for one in others if one.prompt_max_length or not model.prompt_max_length]

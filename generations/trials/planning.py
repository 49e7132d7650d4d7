"""What is asked of each model: every task it has, with the settings that make the least work. Asks nobody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from generations.actions.files import WORKED_ON
from generations.trials import samples
from generations.trials.lightening import lightest, says_size, seconds_of
from generations.trials.reach import is_free, mode_of
from providers.catalogue import TASKS, Model, is_installed
from providers.catalogue.frames import Frame

# The sandbox takes its time as real models do, unless the words say otherwise.
AT_ONCE = " [[queue=0]] [[slow=0]]"
NOT_INSTALLED = "left out: its packages are not installed, bin/run --with-local-models does that"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One wish. params: only what differs from the defaults. slots: what is filled, each with its sample.

    frame: width and height that are expected; is_exact: they were asked for, else only the shape counts. seconds: how
    long the video should be, 0 for a picture or a video that has no say in it. is_free: nobody real is asked.
    """

    model: Model
    task: str
    provider: str
    prompt: str
    params: Mapping[str, Any]
    slots: tuple[str, ...]
    frame: Frame
    is_exact: bool
    seconds: float
    millicredits: int
    is_free: bool

    @property
    def key(self) -> str:
        """Tells it from the others."""
        return f"{self.model.id}.{self.task}"


class LeftOut(NamedTuple):
    """What this machine cannot be asked for, and why."""

    model_id: str
    task: str
    provider: str
    why: str


def plan(models: Iterable[Model], provider: str = "") -> list[Trial]:
    """Every task of these models; provider: only what would go there now."""
    found = [trial for model in models for task in model.tasks for trial in _trials(model, task)]
    return [trial for trial in found if provider in {"", trial.provider}]


def left_out(models: Iterable[Model], provider: str = "") -> list[LeftOut]:
    """Every task of those whose packages are missing here."""
    return [
        LeftOut(model.id, task, route.provider, NOT_INSTALLED)
        for model in models
        if not any(map(is_installed, model.routes))
        for route in model.routes[:1]
        if provider in {"", route.provider} and mode_of(route.provider) != "off"
        for task in model.tasks
    ]


def _trials(model: Model, task: str) -> Iterator[Trial]:
    """One, or none where nobody who could do it can be spoken to."""
    slots = tuple(sorted(TASKS[task] | {slot.name for slot in model.slots if slot.is_required}))
    source = next((samples.SIZES[slot] for slot in WORKED_ON if slot in slots), None)
    params, route = lightest(model, task, source)
    if route is None:
        return
    cleaned = model.clean(params)
    words = f"A quiet harbour at dawn for {model.id}, {task}" if model.prompt_max_length else ""
    yield Trial(
        model=model,
        task=task,
        provider=route.provider,
        prompt=words + (AT_ONCE if words and mode_of(route.provider) == "sandbox" else ""),
        params=params,
        slots=slots,
        frame=model.frame(cleaned, source, task),
        is_exact=says_size(model.sent_for(task, cleaned)),
        seconds=seconds_of(model, cleaned) if model.output_kind == "video" else 0,
        millicredits=model.quote_millicredits(cleaned, source),
        is_free=is_free(route.provider),
    )

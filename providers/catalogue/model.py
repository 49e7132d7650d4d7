"""One model on offer: what it takes, what it costs, where it is to be had. No file reading, no network."""

import secrets
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from providers.catalogue import frames
from providers.catalogue.parameter import Parameter, Refused, Value
from providers.catalogue.price import Price
from providers.catalogue.route import Route
from providers.catalogue.slot import Slot
from providers.catalogue.tasks import TASKS, stranded, task_for
from providers.catalogue.texts import Localised
from providers.local import margins

MAX_UNKNOWN_NAMED = 10
# Of a drawn frame, in pixels, where the model's file says nothing else: what the studio takes as a file.
LONGEST_SIDE = 4096


class ParameterErrors(Exception):
    """Settings that cannot be used. fields: name of the setting → lazy sentence."""

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__(f"settings refused: {', '.join(fields)}")
        self.fields = dict(fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """deadline_seconds: the provider gives up after this. typical_seconds: from sending to the result, as a rule.

    rate_per_minute: how many one person may ask for. frame_family: one in catalogue.frames. order: small stands first.
    longest_side: of a frame drawn round a picture, in pixels.
    prompt_max_length: 0 for a model that takes no words. needs_prompt: False where words are welcome, not needed.
    """

    id: str
    name: str
    summaries: Localised
    tasks: tuple[str, ...]
    output_kind: Literal["image", "video"]
    slots: tuple[Slot, ...]
    parameters: tuple[Parameter, ...]
    prompt_max_length: int
    needs_prompt: bool
    routes: tuple[Route, ...]
    price: Price
    frame_family: str
    deadline_seconds: int
    typical_seconds: float
    rate_per_minute: int
    order: int
    is_enabled: bool = True
    longest_side: int = LONGEST_SIDE

    @property
    def summary(self) -> str:
        return str(self.summaries)

    @property
    def works_from_words(self) -> bool:
        """Nothing but a description is needed."""
        return not self.needed_slots

    @property
    def needed_slots(self) -> frozenset[str]:
        """Slots without whose files nothing can be asked for."""
        least = min((TASKS[task] for task in self.tasks), key=len)
        return least | {slot.name for slot in self.slots if slot.is_required}

    @property
    def has_seed(self) -> bool:
        return any(parameter.name == "seed" for parameter in self.parameters)

    @property
    def framing(self) -> Literal["", "margins", "mask", "ratio"]:
        """How a frame that is drawn round a picture is told to it, if it can be."""
        names = {parameter.name for parameter in self.parameters}
        if "expand" not in self.tasks:
            return ""
        if names.issuperset(margins.NAMES):
            return "margins"
        if "inpaint" in self.tasks:
            return "mask"
        return "ratio" if "aspect_ratio" in names else ""

    def clean(self, params: Mapping[str, object]) -> dict[str, Any]:
        """All settings with their defaults, typed as JSON has them; None where nothing was said and nothing is needed.

        Raises ParameterErrors naming every setting that is unknown or not possible.
        """
        if not isinstance(params, Mapping):
            raise ParameterErrors({"params": _("The settings must be an object of names and values.")})
        errors = self._unknown(params)
        cleaned: dict[str, Value] = {}
        for parameter in self.parameters:
            try:
                cleaned[parameter.name] = parameter.accept(params.get(parameter.name, parameter.default))
            except Refused as refusal:
                errors[parameter.name] = refusal.sentence
        errors |= self._out_of_place(cleaned)
        if errors:
            raise ParameterErrors(errors)
        return cleaned

    def choose_task(self, counts: Mapping[str, int]) -> str:
        """The task that the given files (slot → how many) make of it.

        Raises ParameterErrors, its fields named "inputs.<slot>".
        """
        slots = {slot.name: slot for slot in self.slots}
        given = {name: count for name, count in counts.items() if count}
        errors: dict[str, str | Promise] = {}
        for name, count in given.items():
            if name not in slots:
                shown = ascii(name[:40])[1:-1]
                errors[f"inputs.{shown}"] = format_lazy(
                    _("{model} takes no files called {name}."), model=self.name, name=shown
                )
            elif count > slots[name].maximum:
                sentence = _("{label}: at most {maximum} files.")
                errors[f"inputs.{name}"] = format_lazy(sentence, label=slots[name].labels, maximum=slots[name].maximum)
        task = task_for(self.tasks, given)
        needed: set[str] = set()
        if task is None:
            needed |= self.needed_slots
        else:
            for name, lacking in stranded(self.tasks, task, given).items():
                needed |= lacking
                if not lacking and name in slots:
                    sentence = _("{label} does not go with the other files: take one of them out.")
                    errors[f"inputs.{name}"] = format_lazy(sentence, label=slots[name].labels)
        for slot in self.slots:
            if slot.name not in given and (slot.is_required or slot.name in needed):
                errors[f"inputs.{slot.name}"] = format_lazy(_("{label} is needed."), label=slot.labels)
        if errors or task is None:
            raise ParameterErrors(errors)
        return task

    def fitting(self, params: Mapping[str, object]) -> dict[str, Any]:
        """Of settings made for another model, those that this one has and accepts."""
        own = {parameter.name: parameter for parameter in self.parameters}
        return {name: value for name, value in params.items() if name in own and own[name].accepts(value)}

    def later_seed(self, seed: int, steps: int) -> int:
        """So many seeds on, from the end of the range back to its beginning."""
        own = next((parameter for parameter in self.parameters if parameter.name == "seed"), None)
        if own is None or own.minimum is None or own.maximum is None:
            return seed + steps
        low, high = int(own.minimum), int(own.maximum)
        return low + (seed - low + steps) % (high - low + 1)

    def fill_seed(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """A seed is always ours: it repeats a picture, and it tells our job from others in the provider's list."""
        seed = next((parameter for parameter in self.parameters if parameter.name == "seed"), None)
        if seed is None or cleaned.get("seed") is not None:
            return cleaned
        low, high = int(seed.minimum or 0), int(seed.maximum or 0)
        return cleaned | {"seed": low + secrets.randbelow(high - low + 1)}

    def quote_millicredits(
        self, cleaned: Mapping[str, Any], source: frames.Frame | None = None, given_seconds: float = 0
    ) -> int:
        """The price of cleaned settings. source, given_seconds: size and length of the file that is worked on."""
        return self.price.of(cleaned, self.frame(cleaned, source), given_seconds)

    def frame(self, cleaned: Mapping[str, Any], source: frames.Frame | None = None, task: str = "") -> frames.Frame:
        """Width and height in pixels that the result is expected to have, by what is sent for the task."""
        return frames.expected(self.frame_family, self.sent_for(task, cleaned), source)

    def require_frame(self, cleaned: Mapping[str, Any], source: frames.Frame | None) -> None:
        """Raises ParameterErrors when margins come to nothing, or to more than the model paints."""
        drawn = margins.given(cleaned)
        if drawn is None or source is None:
            return
        if not any(drawn):
            raise ParameterErrors({margins.NAMES[0]: _("At least one margin must be larger than zero.")})
        if max(margins.around(source, drawn)) > self.longest_side:
            sentence = _("With its margins the picture may have at most {pixels} pixels a side.")
            raise ParameterErrors({margins.NAMES[0]: format_lazy(sentence, pixels=self.longest_side)})

    def sent_for(self, task: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Of cleaned settings, those that the first route for the task passes on."""
        omitted = next((route.omits for route in self.routes_for(task, cleaned)), ()) if task else ()
        return {name: value for name, value in cleaned.items() if name not in omitted}

    def heeded_by(self, tasks: Container[str]) -> set[str]:
        """Names of the settings that some route for one of these tasks passes on, or is chosen by."""
        routes = [route for task in self.tasks if task in tasks for route in self.routes_for(task)]
        names = {own.name for own in self.parameters}
        return {name for name in names for route in routes if name not in route.omits or name in route.only}

    def routes_for(self, task: str, cleaned: Mapping[str, Any] | None = None) -> tuple[Route, ...]:
        """In the order of the file; with cleaned settings, only those that can do as they say."""
        return tuple(route for route in self.routes if route.serves(task, cleaned))

    def build_inputs(
        self,
        route: Route,
        prompt: str,
        cleaned: Mapping[str, Any],
        files: Mapping[str, Sequence[str]] | None = None,
        frame: frames.Frame | None = None,
    ) -> dict[str, Any]:
        """What the provider of this route is sent, in its own names. files: slot → references; frame: foretold."""
        return route.write({"prompt": prompt or None, **cleaned}, files or {}, frame)

    def _unknown(self, params: Mapping[str, object]) -> dict[str, str | Promise]:
        known = {parameter.name for parameter in self.parameters}
        # Shown as plain ASCII and short: a name may hold anything, and the answer repeats it.
        names = [ascii(str(name)[:40])[1:-1] for name in params if name not in known]
        sentence = _("{model} has no setting called {name}.")
        return {name: format_lazy(sentence, model=self.name, name=name) for name in names[:MAX_UNKNOWN_NAMED]}

    def _out_of_place(self, cleaned: Mapping[str, Value]) -> dict[str, str | Promise]:
        """Settings that mean nothing beside the others, or that the others need."""
        labels = {parameter.name: parameter.labels for parameter in self.parameters}
        found: dict[str, str | Promise] = {}
        for parameter in self.parameters:
            condition = parameter.only_when
            if condition is None or parameter.name not in cleaned or condition.parameter not in cleaned:
                continue
            applies = cleaned[condition.parameter] == condition.value
            is_given = cleaned[parameter.name] is not None
            if applies and not is_given:
                sentence = _("{label} is needed when {other} is {value}.")
            elif is_given and not applies:
                sentence = _("{label} can be set only when {other} is {value}.")
            else:
                continue
            found[parameter.name] = format_lazy(
                sentence, label=parameter.labels, other=labels[condition.parameter], value=condition.value
            )
        return found

"""One model on offer: what it takes, what it costs, where it is to be had. No file reading, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from providers.catalogue import frames
from providers.catalogue.parameter import Parameter, Refused, Value
from providers.catalogue.texts import Localised

MAX_UNKNOWN_NAMED = 10


class ParameterErrors(Exception):
    """Settings that cannot be used. fields: name of the setting → lazy sentence."""

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__(f"settings refused: {', '.join(fields)}")
        self.fields = dict(fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """Thousandths of a credit for one unit. times: the parameter that says how many units, "" for one.

    source, checked_on: where the figure comes from, and when it was looked up.
    """

    unit: Literal["image"]
    millicredits: int
    times: str
    source: str
    checked_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where a model is to be had. version: "" for the current one. fields: our name → theirs, where they differ."""

    provider: str
    endpoint: str
    version: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """deadline_seconds: the provider gives up after this. typical_seconds: from sending to the result, as a rule.

    rate_per_minute: how many one person may ask for. frame_family: one in catalogue.frames. order: small stands first.
    """

    id: str
    name: str
    summaries: Localised
    tasks: tuple[str, ...]
    output_kind: Literal["image"]
    parameters: tuple[Parameter, ...]
    prompt_max_length: int
    routes: tuple[Route, ...]
    price: Price
    frame_family: str
    deadline_seconds: int
    typical_seconds: float
    rate_per_minute: int
    order: int
    is_enabled: bool = True

    @property
    def summary(self) -> str:
        return str(self.summaries)

    @property
    def has_seed(self) -> bool:
        return any(parameter.name == "seed" for parameter in self.parameters)

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

    def quote_millicredits(self, cleaned: Mapping[str, Any]) -> int:
        """The price of cleaned settings."""
        return self.price.millicredits * (int(cleaned[self.price.times]) if self.price.times else 1)

    def frame(self, cleaned: Mapping[str, Any]) -> frames.Frame:
        """Width and height in pixels that the result of cleaned settings is expected to have."""
        return frames.expected(self.frame_family, cleaned)

    def build_inputs(self, route: Route, prompt: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider of this route is sent, in its own names; what was not said is left out."""
        values = {"prompt": prompt, **cleaned}
        return {route.fields.get(name, name): value for name, value in values.items() if value is not None}

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

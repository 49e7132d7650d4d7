"""Settings made for one model taken over to another: what fits stays, the rest comes as near as can be, and is told."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from generations.forms import GenerationForm
from providers.catalogue import Model, Parameter


def kept_values(model: Model, former: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    """Of settings as a browser sends them, those this model takes; a chosen number becomes the nearest it takes."""
    values = _typed(model, given)
    chosen = chosen_values(former, given)
    kept: dict[str, Any] = {}
    for parameter in model.parameters:
        value = values.get(parameter.name)
        if value in {None, ""} or not parameter.accepts(value):
            value = _nearest(parameter, chosen.get(parameter.name))
        if value is not None and parameter.accepts(value):
            kept[parameter.name] = value
    return kept


def chosen_values(model: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a person has set otherwise than it would be anyway."""
    values = _typed(model, given)
    return {one.name: values[one.name] for one in model.parameters if one.is_chosen(values)}


def changes(model: Model, former: Model, given: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """What became of each chosen setting that is not as it was, in a few words each."""
    own = {one.name: one for one in model.parameters}
    said = []
    for name, before in chosen_values(former, given).items():
        parameter = next(one for one in former.parameters if one.name == name)
        after = kept.get(name, own[name].default) if name in own else None
        if after is None:
            said.append(left_out(parameter.label))
        elif str(after) != str(before):
            said.append(became(parameter.label, _words(parameter, before), _words(own[name], after)))
    return said


def became(label: str, before: object, after: object) -> str:
    return _("%(label)s %(before)s → %(after)s") % {"label": label, "before": before, "after": after}


def left_out(label: str) -> str:
    return _("%(label)s: left out") % {"label": label}


def _typed(model: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings among the given fields, in the model's types; what has none is not there."""
    probe = GenerationForm(model, given)
    probe.is_valid()
    return {name: value for name, value in probe.cleaned_data.items() if name in given}


def _words(parameter: Parameter, value: object) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return f"{value:g}" if isinstance(value, float) else dict(parameter.options).get(str(value), str(value))


def _nearest(parameter: Parameter, value: object) -> int | float | str | None:
    """For a number, the nearest that the parameter takes; None for anything else. A seed has no neighbours."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    if parameter.kind == "choice":
        numbers = {choice: float(choice) for choice in parameter.choices if choice.replace(".", "", 1).isdecimal()}
        return min(numbers, key=lambda choice: abs(numbers[choice] - number), default=None)
    if parameter.kind not in {"integer", "number"} or parameter.name == "seed":
        return None
    low, high = parameter.minimum, parameter.maximum
    number = number if low is None else max(number, low)
    number = number if high is None else min(number, high)
    step = parameter.step or 1
    return number if parameter.kind == "number" else int(number // step * step)

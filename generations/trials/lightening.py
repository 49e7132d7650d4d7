"""The settings with which a model has least to do, and the provider that would do it now."""

from collections.abc import Mapping
from typing import Any

from generations.steps.route_order import routes_of
from generations.trials.reach import mode_of
from providers import catalogue
from providers.catalogue import Model, ParameterErrors, Route
from providers.catalogue.frames import Frame
from providers.catalogue.price import seconds_in

USUAL_SECONDS = 5


def lightest(model: Model, task: str, source: Frame | None) -> tuple[dict[str, Any], Route | None]:
    """Setting by setting, the value with which there is least to make, then the cheapest; and where that is taken.

    source: the size of the file that is worked on. The route is None where nobody can be spoken to.
    """
    params: dict[str, Any] = {}
    route = _open_route(model, task, model.clean({}))
    least = _load(model, task, model.clean({}), source)
    for parameter in model.parameters:
        values: tuple[Any, ...] = parameter.choices
        if parameter.kind == "integer" and parameter.name in {"duration", model.price.seconds}:
            values = (int(parameter.minimum or 1),)
        for value in values:
            try:
                cleaned = model.clean({**params, parameter.name: value})
            except ParameterErrors:
                continue  # means nothing beside the others
            way, load = _open_route(model, task, cleaned), _load(model, task, cleaned, source)
            if way is not None and load < least:
                route, least, params = way, load, {**params, parameter.name: value}
    return params, route


def _load(model: Model, task: str, cleaned: Mapping[str, Any], source: Frame | None) -> tuple[float, int]:
    width, height = model.frame(cleaned, source, task)
    seconds = (seconds_of(model, cleaned) or USUAL_SECONDS) if model.output_kind == "video" else 1
    return width * height * seconds, model.quote_millicredits(cleaned, source)


def seconds_of(model: Model, cleaned: Mapping[str, Any]) -> float:
    """How long a video was asked to be, 0 where it has no say in it."""
    return seconds_in(cleaned.get(model.price.seconds or "duration"))


def says_size(sent: Mapping[str, Any]) -> bool:
    """Whether the settings say how large, and not the shape alone."""
    return any(sent.get(name) for name in ("width", "resolution", "megapixels", "scale"))


def _open_route(model: Model, task: str, cleaned: Mapping[str, Any]) -> Route | None:
    routes = routes_of(model, task, cleaned)
    return next((one for one in routes if mode_of(one.provider) != "off" and catalogue.is_installed(one)), None)

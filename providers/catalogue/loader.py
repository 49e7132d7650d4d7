"""TOML files in, models out. What is missing, unknown or contradictory is a sentence with the file's name."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast, get_args

from providers.catalogue import vocabulary
from providers.catalogue.frames import FRAMES
from providers.catalogue.model import Model, ParameterErrors
from providers.catalogue.parameter import Condition, Kind, Parameter
from providers.catalogue.price import Price, Rate, Unit, seconds_in
from providers.catalogue.route import Route
from providers.catalogue.slot import Slot
from providers.catalogue.tables import BadTable, Table, unfinished
from providers.catalogue.tasks import SLOTS, TASKS
from providers.catalogue.texts import Localised
from providers.catalogue.vocabulary import Term

MAX_PLACES_NAMED = 10


class CatalogueError(Exception):
    """The catalogue cannot be used; the sentence names the file."""


def read_folder(folder: Path) -> tuple[Model, ...]:
    """The models of all <provider>/<model id>.toml, by order and id. Raises CatalogueError."""
    models = [read_file(path) for path in sorted(folder.glob("*/*.toml"))]
    ids = [model.id for model in models]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise CatalogueError(f"two files describe the model {min(twice)!r}")
    return tuple(sorted(models, key=lambda model: (model.order, model.id)))


def read_file(path: Path) -> Model:
    """The model of one file. Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
        if open_places := list(unfinished(values, "")):
            raise BadTable(f"{path.name} is not filled in yet: {', '.join(open_places[:MAX_PLACES_NAMED])}")
        model = _model(Table(path.name, values))
        if model.id != path.stem:
            raise BadTable(f"{path.name}: id is {model.id!r}, which is not the file's name")
        _check(path.name, model)
    except (BadTable, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.parent.name}/{path.name} cannot be used: {error}.") from error
    return model


def _model(table: Table) -> Model:
    model = Model(
        id=table.take("id", str),
        name=table.take("name", str),
        summaries=table.localised("summary"),
        tasks=table.words("tasks"),
        output_kind=_one_of(table, "output_kind", "image", "video"),  # type: ignore[arg-type]
        order=table.take("order", int),
        is_enabled=table.flag("enabled", default=True),
        prompt_max_length=table.take("prompt_max_length", int),
        needs_prompt=table.flag("needs_prompt", default=True),
        deadline_seconds=table.take("deadline_seconds", int),
        typical_seconds=table.number("typical_seconds") or 0,
        rate_per_minute=table.take("rate_per_minute", int),
        frame_family=_one_of(table, "frames", *FRAMES),
        price=_price(table.table("price")),
        routes=tuple(_route(one) for one in table.tables("routes")),
        slots=tuple(_slot(one) for one in table.optional_tables("inputs")),
        parameters=tuple(_parameter(one) for one in table.optional_tables("parameters")),
    )
    table.finish()
    return model


def _slot(table: Table) -> Slot:
    name = _one_of(table, "name", *SLOTS)
    labels, helps = _texts(table, vocabulary.read().inputs.get(name))
    slot = Slot(
        name=name,
        maximum=table.take("maximum", int, 1),
        is_required=table.flag("required", default=False),
        labels=labels,
        helps=helps,
    )
    table.finish()
    if slot.maximum < 1:
        raise table.wrong("maximum", "must be at least 1")
    return slot


def _price(table: Table) -> Price:
    price = Price(
        unit=_one_of(table, "unit", *get_args(Unit)),  # type: ignore[arg-type]
        millicredits=table.take("millicredits", int),
        times=table.take("times", str, ""),
        seconds=table.take("seconds", str, ""),
        rates=tuple(_rate(one) for one in table.optional_tables("rates")),
        source=table.take("source", str),
        checked_on=table.take("checked_on", date),
    )
    table.finish()
    return price


def _rate(table: Table) -> Rate:
    rate = Rate(when=table.text_map("when"), millicredits=table.take("millicredits", int))
    table.finish()
    if not rate.when or rate.millicredits < 0:
        raise table.wrong("when", "names the settings it is for, and its price is not below zero")
    return rate


def _route(table: Table) -> Route:
    route = Route(
        provider=table.take("provider", str),
        endpoint=table.take("endpoint", str),
        version=table.take("version", str, ""),
        tasks=table.words("tasks"),
        only=_only(table.optional_table("only")),
        fields=table.text_map("fields"),
        values=table.maps("values"),
        constants=table.any_map("constants"),
        omits=table.words("omits"),
        lists=table.words("lists"),
        numbers=table.words("numbers"),
        texts=table.words("texts"),
        millicredits=table.take("millicredits", int, -1),
    )
    table.finish()
    return route if route.millicredits != -1 else replace(route, millicredits=None)


def _only(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: table.words(name) for name in table.names()}


def _parameter(table: Table) -> Parameter:
    name = table.take("name", str)
    term = vocabulary.read().parameters.get(name)
    labels, helps = _texts(table, term)
    choices = table.words("choices")
    parameter = Parameter(
        name=name,
        kind=cast("Kind", _one_of(table, "kind", *get_args(Kind))),
        labels=labels,
        helps=helps,
        default=table.take_any("default"),
        minimum=table.number("minimum"),
        maximum=table.number("maximum"),
        step=table.take("step", int, 0) or None,
        choices=choices,
        choice_labels=(term.words_for(choices) if term else {}) | _choice_labels(table),
        only_when=_condition(table),
        is_advanced=table.flag("advanced", default=False),
    )
    table.finish()
    if parameter.kind in {"integer", "number"} and (parameter.minimum is None or parameter.maximum is None):
        raise table.wrong(parameter.name, "needs a minimum and a maximum")
    if parameter.kind == "string" and parameter.maximum is None:
        raise table.wrong(parameter.name, "needs a maximum")
    if (parameter.kind == "choice") != bool(parameter.choices) or set(parameter.choice_labels) - set(parameter.choices):
        raise table.wrong(parameter.name, "has choices that do not go with its kind or its labels")
    if not parameter.accepts(parameter.default):
        raise table.wrong(parameter.name, "has a default that it does not accept itself")
    return parameter


def _texts(table: Table, term: Term | None) -> tuple[Localised, Localised]:
    """Label and help: the file's own, else those of the vocabulary."""
    if term is None:
        return table.localised("label"), table.localised("help")
    return table.localised("label", term.label), table.localised("help", term.help)


def _choice_labels(table: Table) -> dict[str, Localised]:
    labels = table.optional_table("choice_labels")
    return {choice: labels.localised(choice) for choice in labels.names()}


def _condition(table: Table) -> Condition | None:
    wanted = table.text_map("only_when")
    if len(wanted) > 1:
        raise table.wrong("only_when", "names one other parameter and its value")
    return next((Condition(parameter=name, value=value) for name, value in wanted.items()), None)


def _one_of(table: Table, key: str, *allowed: str) -> str:
    value = table.take(key, str)
    if value not in allowed:
        raise table.wrong(key, f"must be one of {', '.join(allowed)}")
    return value


def _check(where: str, model: Model) -> None:
    """What only the whole model can tell."""
    names = [parameter.name for parameter in model.parameters]
    slots = [slot.name for slot in model.slots]
    mentioned = {one.only_when.parameter for one in model.parameters if one.only_when}
    mentioned |= {name for name in (model.price.times, model.price.seconds) if name}
    mentioned |= {name for rate in model.price.rates for name in rate.when}
    for route in model.routes:
        known = {"prompt", *slots}
        named = {*route.only, *route.fields, *route.values, *route.omits, *route.lists, *route.numbers, *route.texts}
        mentioned |= named - known
    if len(set(names)) != len(names) or set(names) & {"prompt", *SLOTS} or len(set(slots)) != len(slots):
        raise BadTable(
            f"{where} has the same parameter twice, the same input twice, or a parameter called prompt or like an input"
        )
    if unknown := sorted(mentioned - set(names)):
        raise BadTable(f"{where} speaks of the parameter {unknown[0]!r}, which it does not have")
    limits = (model.deadline_seconds, model.typical_seconds, model.rate_per_minute)
    if not model.tasks or min(limits) <= 0 or model.price.millicredits < 0 or model.prompt_max_length < 0:
        raise BadTable(f"{where} has no task, or a length, time, rate or price that is not above zero")
    _check_tasks(where, model, set(slots))
    try:
        cleaned = model.clean({})
    except ParameterErrors as error:
        raise BadTable(f"{where} does not accept its own defaults: {', '.join(error.fields)}") from error
    if model.price.unit == "second" and not seconds_in(cleaned.get(model.price.seconds)):
        raise BadTable(f"{where} is paid by the second, and its default says no number of seconds")


def _check_tasks(where: str, model: Model, slots: set[str]) -> None:
    for task in model.tasks:
        if task not in TASKS:
            raise BadTable(f"{where} has the task {task!r}; there are {', '.join(TASKS)}")
        if missing := sorted(TASKS[task] - slots):
            raise BadTable(f"{where} is for {task} and lacks the input {missing[0]!r}")
        if not any(not route.only for route in model.routes_for(task)):
            raise BadTable(f"{where} has no route for its task {task} with every setting")
    for route in model.routes:
        if foreign := sorted(set(route.tasks) - set(model.tasks)):
            raise BadTable(f"{where} has a route for {foreign[0]!r}, which is not a task of it")
    if model.needs_prompt and not model.prompt_max_length:
        raise BadTable(f"{where} needs words and takes none")

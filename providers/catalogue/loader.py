"""TOML files in, models out. What is missing, unknown or contradictory is a sentence with the file's name."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from providers.catalogue import lines, vocabulary
from providers.catalogue.frames import FRAMES
from providers.catalogue.model import LONGEST_SIDE, Model, ParameterErrors
from providers.catalogue.parameter import Condition, Kind, Parameter
from providers.catalogue.price import Price, Rate, Unit, seconds_in
from providers.catalogue.route import Route
from providers.catalogue.slot import Slot
from providers.catalogue.tables import BadTable, Table, unfinished
from providers.catalogue.tasks import SLOTS, TASKS
from providers.catalogue.texts import Localised
from providers.catalogue.vocabulary import Term

T = TypeVar("T")
MAX_PLACES_NAMED = 10


class CatalogueError(Exception):
    """The catalogue cannot be used; the sentence names the file."""


def read_folders(*folders: Path) -> tuple[Model, ...]:
    """The models of all <provider>/<model id>.toml, by order and id. Raises CatalogueError."""
    _explained(vocabulary.FILE, lambda _text: vocabulary.read())
    paths = [path for folder in folders for path in sorted(folder.glob("*/*.toml"))]
    models = [read_file(path) for path in paths]
    ids = [model.id for model in models]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        named = " and ".join(_short(path) for path in paths if path.stem == twice[0])
        raise CatalogueError(f"Two files describe the model {twice[0]!r}: {named}.")
    return tuple(sorted(models, key=lambda model: (model.order, model.id)))


def read_file(path: Path) -> Model:
    """The model of one file. Raises CatalogueError, which says the file, the line and what is wrong there."""
    return _explained(path, lambda text: _read(path, tomllib.loads(text)))


def _explained(path: Path, read: Callable[[str], T]) -> T:
    """What `read` makes of the file's text, or a CatalogueError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{_short(path)} cannot be read: {error.strerror}.") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CatalogueError(f"{_short(path)}, line {line}, cannot be used: it is not UTF-8.") from error
    try:
        return read(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{_short(path)} cannot be used: {error}.") from error
    except BadTable as error:
        section = error.section.removeprefix(path.name).lstrip(".")
        line = lines.line_with(text, error.word) if error.word else lines.line_of(text, section, error.key)
        raise CatalogueError(f"{_short(path)}, line {line}, cannot be used: {error}.") from error


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _read(path: Path, values: dict[str, Any]) -> Model:
    if places := list(unfinished(values, "")):
        sentence = f"{path.name} is not filled in yet: {', '.join(places[:MAX_PLACES_NAMED])}"
        raise BadTable(sentence, places[0])
    model = _model(Table(path.name, values))
    if model.id != path.stem:
        raise BadTable(f"{path.name}: id is {model.id!r}, which is not the file's name", key="id")
    _check(path.name, model)
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
        longest_side=table.take("longest_side", int, LONGEST_SIDE),
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
        most_seconds=table.take("most_seconds", int, 0),
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
        canvas=table.text_map("canvas"),
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
    mentioned |= {model.price.times, "" if model.price.most_seconds else model.price.seconds} - {""}
    mentioned |= {name for rate in model.price.rates for name in rate.when}
    for route in model.routes:
        known = {"prompt", *slots}
        named = {*route.only, *route.fields, *route.values, *route.omits, *route.lists, *route.numbers, *route.texts}
        mentioned |= named - known
    taken = ["prompt", *SLOTS, *names]
    first = len(taken) - len(names)
    if twice := [f"parameters[{index}]" for index, name in enumerate(names) if taken.index(name) < first + index]:
        sentence = "has the same parameter twice, or a parameter called prompt or like an input"
        raise BadTable(f"{where} {sentence}", twice[0], "name")
    if twice := [f"inputs[{index}]" for index, name in enumerate(slots) if slots.index(name) < index]:
        raise BadTable(f"{where} has the same input twice", twice[0], "name")
    if unknown := sorted(mentioned - set(names)):
        raise BadTable(f"{where} speaks of the parameter {unknown[0]!r}, which it does not have", word=unknown[0])
    if not model.tasks:
        raise BadTable(f"{where} has no task", key="tasks")
    for key in ("deadline_seconds", "typical_seconds", "rate_per_minute"):
        if getattr(model, key) <= 0:
            raise BadTable(f"{where}: {key} is not above zero", key=key)
    if model.prompt_max_length < 0:
        raise BadTable(f"{where}: prompt_max_length is below zero", key="prompt_max_length")
    if model.price.millicredits < 0:
        raise BadTable(f"{where}: the price is below zero", "price", "millicredits")
    _check_tasks(where, model, set(slots))
    try:
        cleaned = model.clean({})
    except ParameterErrors as error:
        raise BadTable(
            f"{where} does not accept its own defaults: {', '.join(error.fields)}", word=next(iter(error.fields))
        ) from error
    price = model.price
    if price.most_seconds and (price.seconds not in slots or price.unit != "second" or price.most_seconds < 0):
        raise BadTable(f"{where}: most_seconds is for a price by the seconds of an input", "price", "most_seconds")
    if price.unit == "second" and not price.most_seconds and not seconds_in(cleaned.get(price.seconds)):
        raise BadTable(f"{where} is paid by the second, and its default says no number of seconds", "price", "seconds")


def _check_tasks(where: str, model: Model, slots: set[str]) -> None:
    for task in model.tasks:
        if task not in TASKS:
            raise BadTable(f"{where} has the task {task!r}; there are {', '.join(TASKS)}", key="tasks")
        if missing := sorted(TASKS[task] - slots):
            raise BadTable(f"{where} is for {task} and lacks the input {missing[0]!r}", key="tasks")
        if not any(not route.only for route in model.routes_for(task)):
            raise BadTable(f"{where} has no route for its task {task} with every setting", "routes[0]")
    for route in model.routes:
        if foreign := sorted(set(route.tasks) - set(model.tasks)):
            raise BadTable(f"{where} has a route for {foreign[0]!r}, which is not a task of it", word=foreign[0])
    if model.needs_prompt and not model.prompt_max_length:
        raise BadTable(f"{where} needs words and takes none", key="prompt_max_length")

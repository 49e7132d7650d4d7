"""Every file of the catalogue: words in both languages, prices with a source, requests its provider's schema takes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from jsonschema import Draft202012Validator

from generations import goals
from generations.forms import GenerationForm
from providers import catalogue
from providers.adapters import google_images, google_interactions
from providers.adapters.google import Google
from providers.catalogue import TASKS, Localised, Model, Parameter, ParameterErrors, Route
from providers.contract import JobRequest, Line
from providers.sandbox import schemas
from providers.sandbox.google import checking, inputs
from providers.sandbox.google import models as google_models
from providers.sandbox.google.content_bodies import GENERATE
from providers.sandbox.google.interaction_bodies import INTERACTION
from providers.sandbox.schemas.loader import FOLDER as SCHEMAS

PROVIDERS = {"replicate", "fal", "google", "higgsfield", "local"}
MODELS = {model.id: model for model in catalogue.all_models()}
JOBS = {
    f"{model.id}-{route.provider}-{number}-{task}": (model, route, task)
    for model in MODELS.values()
    for number, route in enumerate(model.routes)
    for task in model.tasks
    # What this machine does with each setting is seen by doing it: test_local_work.py.
    if route.serves(task) and route.provider != "local"
}
# Behind the "#" stands what Google's adapter keeps there of its own files.
FILE = "https://files.example.org/{}.png#image/png"
# The flat fields that Google's adapter reads; it would pass over any other.
GOOGLE_FIELDS: dict[str, Any] = {
    "prompt": {"type": "string"},
    "image": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 14},
    "first_frame": {"type": "string"},
    "last_frame": {"type": "string"},
    "aspect_ratio": {"type": "string", "pattern": r"^\d+:\d+$"},
    "image_size": {"enum": ["512", "1K", "2K", "4K"]},
    "resolution": {"enum": ["360p", "720p", "1080p", "4k"]},
    "duration": {"type": "string", "pattern": r"^\d+$"},
}
GOOGLE = Draft202012Validator({"type": "object", "properties": GOOGLE_FIELDS, "additionalProperties": False})
ENDPOINTS = {
    f"{folder.name}-{schema.endpoint}": schema
    for folder in sorted(SCHEMAS.iterdir())
    if folder.is_dir()
    for schema in schemas.every(folder.name).values()
}

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())


def understood(route: Route, task: str, body: dict[str, Any]) -> str:
    """The task the provider's face takes this body for. Fails, or raises Refused, where it would not take it."""
    if route.provider == "google":
        return understood_by_google(route, task, body)
    schema = schemas.of(route.provider, route.endpoint)
    assert schema is not None
    problems = [f"{one.loc}: {one.message}" for one in schema.problems(body)]
    assert not problems, (body, problems)
    return schema.task(schema.references(body))


def understood_by_google(route: Route, task: str, body: dict[str, Any]) -> str:
    """There the adapter writes the body, out of flat fields that must all be ones it reads."""
    unread = [one.message for one in GOOGLE.iter_errors(body)]
    assert not unread, (body, unread)
    job = JobRequest(
        endpoint=route.endpoint, inputs=body, callback_url=None, deadline_seconds=60, idempotency_key="key", task=task
    )
    if Google(Line(base_url="https://google.example", token="x")).traits(route.endpoint).answers_at_once:
        written = checking.camelised(google_images.request(job))
        checking.check(GENERATE, written)
        assert google_models.find(route.endpoint, "generateContent")
        return inputs.of_contents(written["contents"], wants_signatures=True).task
    written = google_interactions.request(route.endpoint, job)
    checking.check(INTERACTION, written)
    assert google_models.find(route.endpoint, "interactions")
    return inputs.of_interaction(written).task


def texts(model: Model) -> Iterator[Localised]:
    yield model.summaries
    for slot in model.slots:
        yield from (slot.labels, slot.helps)
    for parameter in model.parameters:
        yield from (parameter.labels, parameter.helps, *parameter.choice_labels.values())


def values(parameter: Parameter) -> Iterator[Any]:
    """Each choice, or both ends of the range."""
    if parameter.kind == "boolean":
        yield from (True, False)
    elif parameter.kind == "choice":
        yield from parameter.choices
    elif parameter.kind == "string":
        yield "x" * int(parameter.maximum or 1)
    else:
        kind = int if parameter.kind == "integer" else float
        yield from (kind(parameter.minimum or 0), kind(parameter.maximum or 0))


def settings(model: Model) -> Iterator[dict[str, Any]]:
    """The defaults, and each setting in turn at each choice or bound, with what it needs beside it."""
    yield model.clean({})
    for parameter in model.parameters:
        for value in values(parameter):
            given = {parameter.name: value}
            if condition := parameter.only_when:
                other = next(one for one in model.parameters if one.name == condition.parameter)
                given[condition.parameter] = condition.value == "true" if other.kind == "boolean" else condition.value
            for one in model.parameters:
                needs = one.only_when and str(given.get(one.only_when.parameter)) == one.only_when.value
                if needs and one.default is None and one.name not in given:
                    given[one.name] = next(values(one))
            yield model.clean(given)


def files(model: Model, task: str) -> Iterator[dict[str, list[str]]]:
    """What the task needs, each once; and as many as each place holds."""
    needed = TASKS[task] | {slot.name for slot in model.slots if slot.is_required}
    yield {name: [FILE.format(name)] for name in needed}
    most = {slot.name: [FILE.format(f"{slot.name}-{number}") for number in range(slot.maximum)] for slot in model.slots}
    for name in most.keys() - needed:
        given = {one: most[one] for one in (*needed, name)}
        try:
            chosen = model.choose_task({one: len(references) for one, references in given.items()})
        except ParameterErrors:
            continue
        if chosen == task:
            yield given
    yield {name: most[name] for name in needed}


@every_model
def test_every_text_is_in_both_languages(model: Model) -> None:
    for text in texts(model):
        with override("en"):
            assert str(text).isascii()
        with override("ru"):
            assert re.search("[а-яё]", str(text), re.IGNORECASE) or not re.search("[a-z]", str(text)), str(text)


@every_model
def test_every_model_says_what_it_is(model: Model) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,60}", model.id)
    assert model.output_kind == (
        "video" if any("video" in task or "frame" in task for task in model.tasks) else "image"
    )
    assert {route.provider for route in model.routes} <= PROVIDERS
    assert all(route.serves(task) for route in model.routes for task in route.tasks)
    assert model.deadline_seconds > model.typical_seconds


@every_model
def test_every_price_has_a_source_and_a_date(model: Model) -> None:
    assert len(model.price.source) > len("unverified")
    assert model.price.checked_on.year >= 2026
    assert model.price.unit != "second" or model.price.seconds
    parameters = {parameter.name: parameter for parameter in model.parameters}
    for rate in model.price.rates:
        for name, value in rate.when.items():
            kind = parameters[name].kind
            assert value in (parameters[name].choices if kind == "choice" else {"true", "false"}), (name, value)


@every_model
def test_every_setting_has_a_price_above_zero_where_somebody_is_paid(model: Model) -> None:
    is_ours = all(route.provider == "local" for route in model.routes)
    for cleaned in settings(model):
        assert (model.quote_millicredits(cleaned, (1024, 768)) > 0) is not is_ours


@every_model
def test_every_frame_can_be_foretold(model: Model) -> None:
    for cleaned in settings(model):
        width, height = model.frame(cleaned, (1024, 768))
        assert 64 <= width <= 16_384
        assert 64 <= height <= 16_384


@every_model
def test_a_form_can_be_built_and_gives_the_defaults_back(model: Model, db: None) -> None:
    off_and_on = {one.name: "on" for one in model.parameters if one.kind == "boolean" and one.default}
    form = GenerationForm(model, {"prompt": "a fox", **off_and_on})
    assert form.is_valid(), form.errors
    assert model.clean(form.params()) == model.clean({})
    assert form.as_div()


@every_model
def test_a_setting_is_asked_for_wherever_a_provider_is_told_it_and_nowhere_else(model: Model, db: None) -> None:
    names = {one.name for one in model.parameters}
    asked_for: set[str] = set()
    for goal in (goal for goal in goals.GOALS if goal.takes(model)):
        shown = {field.name for field in GenerationForm(model, goal=goal.name).settings_fields}
        sent = {
            name
            for provider_route in model.routes
            for task in goal.tasks.intersection(model.tasks)
            if provider_route.serves(task)
            for name in names.difference(provider_route.omits) | names.intersection(provider_route.only)
        }
        assert shown == sent, goal.name
        asked_for |= shown
    assert asked_for == names or not goals.is_served(model)


@pytest.mark.parametrize(("model", "route", "task"), JOBS.values(), ids=JOBS.keys())
def test_every_request_is_one_the_provider_takes(model: Model, route: Route, task: str) -> None:
    prompts = (["a fox"] if model.prompt_max_length else []) + ([] if model.needs_prompt else [""])
    every_file = list(files(model, task))
    written = 0
    for cleaned in settings(model):
        if not route.serves(task, cleaned):
            continue
        for prompt, given in [(one, every_file[0]) for one in prompts] + [(prompts[0], one) for one in every_file[1:]]:
            body = model.build_inputs(route, prompt, cleaned, given, model.frame(cleaned, (1024, 768)))
            assert json.loads(json.dumps(body)) == body
            assert understood(route, task, body) == task, body
            written += 1
    assert written


@pytest.mark.parametrize("schema", ENDPOINTS.values(), ids=ENDPOINTS.keys())
def test_every_schema_is_one_and_its_roles_are_fields(schema: schemas.Schema) -> None:
    properties = schema.input["properties"]
    assert schema.input["additionalProperties"] is False
    assert set(schema.tasks) <= set(TASKS)
    assert len(schema.source) > len("somewhere")
    assert {way.split(".")[0] for ways in schema.roles.values() for way in ways} <= set(properties)
    assert set(schema.input["required"]) <= set(properties)

"""A model's inputs, out of the documents providers publish them in: Replicate's model, fal's OpenAPI, a bare schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
METHODS = ("post", "put")
DEEPEST = 20


class NotASchema(Exception):
    """A sentence about why no inputs were found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """properties: the provider's field → its JSON Schema, references resolved. version: "" where none is told.

    title: the provider's name for the model, "" where none is told. outputs: names of the fields of the result.
    """

    properties: Mapping[str, Json]
    required: frozenset[str]
    version: str = ""
    title: str = ""
    outputs: frozenset[str] = field(default=frozenset())


def read(document: Any) -> Published:
    """The inputs in a document as it was fetched. Raises NotASchema."""
    if not isinstance(document, dict):
        raise NotASchema("the document is not a JSON object")
    if isinstance(latest := document.get("latest_version"), dict):
        return _opened(latest.get("openapi_schema"), version=str(latest.get("id", "")), title=str(document.get("name")))
    if "openapi_schema" in document:
        return _opened(document["openapi_schema"], version=str(document.get("id", "")))
    if isinstance(models := document.get("models"), list) and models and isinstance(models[0], dict):
        title = _object(models[0].get("metadata")).get("display_name", "")
        return _opened(models[0].get("openapi"), title=str(title))
    if "paths" in document or "components" in document:
        return _opened(document)
    return _inputs(document, document)


def _opened(document: Any, *, version: str = "", title: str = "") -> Published:
    """Of an OpenAPI document: cog names its schemas Input and Output; elsewhere the first call with a body tells."""
    if not isinstance(document, dict):
        raise NotASchema("the document has no OpenAPI schema in it")
    schemas = _object(_object(document.get("components")).get("schemas"))
    schema = schemas.get("Input") or next(_bodies(document), None)
    if schema is None:
        raise NotASchema("the OpenAPI document has no call that takes JSON")
    outputs = {
        name
        for key, one in schemas.items()
        if "output" in key.lower()
        for name in _object(_resolved(one, document).get("properties"))
    }
    return _inputs(schema, document, version=version, title=title, outputs=frozenset(outputs))


def _inputs(schema: Any, document: Json, **told: Any) -> Published:
    whole = _resolved(schema, document)
    properties = _object(whole.get("properties"))
    if not properties:
        raise NotASchema("the schema names no properties")
    required = frozenset(name for name in whole.get("required", ()) if isinstance(name, str))
    inputs = {name: _resolved(one, document) for name, one in properties.items()}
    return Published(properties=inputs, required=required, **told)


def _bodies(document: Json) -> Iterator[Any]:
    for path in _object(document.get("paths")).values():
        for method in METHODS:
            content = _object(_object(_object(path).get(method)).get("requestBody")).get("content")
            if schema := _object(_object(content).get("application/json")).get("schema"):
                yield schema


def _resolved(schema: Any, document: Json, depth: int = 0) -> dict[str, Any]:
    """References followed, allOf folded in, and of several possibilities the first that is not null."""
    if not isinstance(schema, dict) or depth > DEEPEST:
        return {}
    found = {name: value for name, value in schema.items() if name not in {"$ref", "allOf", "anyOf", "oneOf"}}
    parts = [_target(schema["$ref"], document)] if "$ref" in schema else []
    parts += [one for one in schema.get("allOf", ()) if isinstance(one, dict)]
    choices = [one for name in ("anyOf", "oneOf") for one in schema.get(name, ()) if isinstance(one, dict)]
    resolved = [_resolved(one, document, depth + 1) for one in choices]
    usable = [one for one in resolved if one.get("type") != "null"]
    parts += [one for one in usable if "enum" in one][:1] or usable[:1]
    for part in parts:
        found = _resolved(part, document, depth + 1) | found
    return found


def _target(reference: Any, document: Json) -> Any:
    place: Any = document
    for step in str(reference).removeprefix("#/").split("/"):
        place = _object(place).get(step.replace("~1", "/").replace("~0", "~"))
    return place


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

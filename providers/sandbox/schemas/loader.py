"""Finds and reads the files, <provider>/<endpoint with / as __>.json. A wrong one is an error that names it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from providers.sandbox.schemas.schema import SLOTS, Schema

FOLDER = Path(__file__).parent
# What a field can be, apart from what only its model knows.
ROLES = frozenset({"prompt", "seed", "count", "aspect", "width", "height", "resolution", "format", "quality"})
ROLES |= {"duration", "frames", "fps", "scale", "left", "top", "right", "bottom"}
ROLES |= {"strength", "background", "outpaint", "canvas", "placed_size", "placed_at", *SLOTS}
NEEDED = frozenset({"source", "endpoint", "tasks", "input", "roles", "output"})
KEYS = NEEDED | {"sizes", "seconds", "description", "versions"}


class BadSchema(Exception):
    """A file is wrong; the message says which and how."""


def file_of(provider: str, endpoint: str) -> Path:
    """Where the schema of an endpoint stands."""
    return FOLDER / provider / f"{endpoint.replace('/', '__')}.json"


@cache
def every(provider: str) -> Mapping[str, Schema]:
    """Every endpoint of a provider, by its name."""
    return {schema.endpoint: schema for schema in map(_read, sorted((FOLDER / provider).glob("*.json")))}


def of(provider: str, endpoint: str) -> Schema | None:
    """The schema of an endpoint, if the sandbox has it. The others are left unread: checking all of them takes long."""
    path = file_of(provider, endpoint)
    schema = _read(path) if path in _files(provider) else None
    return schema if schema and schema.endpoint == endpoint else None


@cache
def _files(provider: str) -> frozenset[Path]:
    return frozenset((FOLDER / provider).glob("*.json"))


@cache
def _read(path: Path) -> Schema:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(told["input"])
    except (ValueError, KeyError, SchemaError) as error:
        raise BadSchema(f"{path.name}: {error}") from error
    problems = [
        *(f"unknown key {key!r}" for key in sorted(told.keys() - KEYS)),
        *(f"unknown role {role!r}" for role in sorted(told.get("roles", {}).keys() - ROLES)),
        *(f"{key!r} is missing" for key in sorted(NEEDED) if not told.get(key)),
    ]
    if not problems and path.stem != told["endpoint"].replace("/", "__"):
        problems.append(f"its endpoint is {told['endpoint']!r}")
    if not problems and told["output"].get("kind") not in ("image", "video"):
        problems.append("its output's kind is neither image nor video")
    if problems:
        raise BadSchema(f"{path.name}: {', '.join(problems)}")
    return Schema(
        provider=path.parent.name,
        endpoint=told["endpoint"],
        tasks=tuple(told["tasks"]),
        input=told["input"],
        roles={role: (names,) if isinstance(names, str) else tuple(names) for role, names in told["roles"].items()},
        output=told["output"],
        sizes={ratio: (width, height) for ratio, (width, height) in told.get("sizes", {}).items()},
        seconds=float(told.get("seconds", 3 if told["output"]["kind"] == "image" else 8)),
        description=told.get("description", ""),
        versions=tuple(told.get("versions", ())),
        source=told["source"],
    )

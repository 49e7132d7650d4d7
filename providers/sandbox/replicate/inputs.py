"""Checks an input against a model's schema, strictly, and says what is wrong in the words of Replicate's validator."""

from typing import Any
from urllib.parse import urlsplit

from providers.sandbox.replicate.models import Model, Schema

KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def complaints(model: Model, given: Any) -> list[str]:
    """One sentence per wrong field, empty when the input is good. No coercion: "5" is not 5, true is not 1."""
    if not isinstance(given, dict):
        return [f"- input: Invalid type. Expected: object, given: {_kind_of(given)}"]
    found = [f"- input: {name} is required" for name in model.required if name not in given]
    for name, value in given.items():
        if name not in model.inputs:
            found.append(f"- input: Additional property {name} is not allowed")
        elif problem := _problem(name, model.inputs[name], value):
            found.append(f"- input.{name}: {problem}")
    return found


def _kind_of(value: Any) -> str:
    return NAMES.get(type(value), "null")


def _problem(name: str, schema: Schema, value: Any) -> str | None:
    kind = schema["type"]
    if not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return f"Invalid type. Expected: {kind}, given: {_kind_of(value)}"
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join(f'"{choice}"' for choice in schema["enum"])
        return f"{name} must be one of the following: {allowed}"
    if "minimum" in schema and value < schema["minimum"]:
        return f"Must be greater than or equal to {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        return f"Must be less than or equal to {schema['maximum']}"
    if schema.get("format") == "uri" and urlsplit(str(value)).scheme not in ("http", "https", "data"):
        return "Does not match format 'uri'"
    return None

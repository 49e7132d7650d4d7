"""Checks bodies strictly and says what is wrong in Google's words; and the words in which the bodies are described."""

import re
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from providers.sandbox.google.problems import invalid

UNDERSCORE = re.compile(r"_([a-z0-9])")
TEXT, COUNT, NUMBER = {"type": "string"}, {"type": "integer", "minimum": 1}, {"type": "number"}


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    """An object with these fields and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def several(items: dict[str, Any], fewest: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": fewest}


def words(*allowed: str) -> dict[str, Any]:
    return {"enum": list(allowed)}


def camelised(value: Any) -> Any:
    """The same with camelCase names: the API takes both spellings, in one body even."""
    if isinstance(value, dict):
        return {UNDERSCORE.sub(lambda found: found[1].upper(), name): camelised(one) for name, one in value.items()}
    return [camelised(one) for one in value] if isinstance(value, list) else value


def check(validator: Draft202012Validator, body: dict[str, Any]) -> None:
    """Raises Refused with what is wrong first."""
    error: ValidationError | None = best_match(validator.iter_errors(body))
    if error is None:
        return
    place = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        name = next(name for name in error.instance if name not in known)
        raise invalid(f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot find field.")
    raise invalid(f"Invalid value at '{place or 'root'}': {error.message[:300]}")

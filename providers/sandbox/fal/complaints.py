"""Says what is wrong with an input in the words of fal's validator (pydantic's, with fal's own types)."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.schemas import Problem

# JSON Schema's keyword → fal's type and message.
BOUNDS = {
    "minimum": ("greater_than_equal", "Input should be greater than or equal to {}", "ge"),
    "maximum": ("less_than_equal", "Input should be less than or equal to {}", "le"),
    "exclusiveMinimum": ("greater_than", "Input should be greater than {}", "gt"),
    "exclusiveMaximum": ("less_than", "Input should be less than {}", "lt"),
    "multipleOf": ("multiple_of", "Input should be a multiple of {}", "multiple_of"),
    "minItems": ("sequence_too_short", "List should have at least {} items", "min_length"),
    "maxItems": ("sequence_too_long", "List should have at most {} items", "max_length"),
    "minLength": ("string_too_short", "String should have at least {} characters", "min_length"),
    "maxLength": ("string_too_long", "String should have at most {} characters", "max_length"),
}
TYPES = {"integer": "int", "number": "float", "boolean": "bool", "array": "list", "object": "dict", "string": "string"}


def complaint(found: Problem) -> dict[str, Any]:
    """One entry of the list of details."""
    kind, message, ctx = _words(found)
    return {
        "loc": ["body", *found.loc],
        "msg": message,
        "type": kind,
        "url": f"https://docs.fal.ai/errors/#{kind}",
        "ctx": ctx,
        "input": found.given,
    }


def _words(found: Problem) -> tuple[str, str, Mapping[str, Any]]:
    if found.type in BOUNDS:
        kind, message, name = BOUNDS[found.type]
        return kind, message.format(found.expected), {name: found.expected}
    if found.type == "required":
        return "missing", "Field required", {}
    if found.type == "additionalProperties":
        return "extra_forbidden", "Extra inputs are not permitted", {}
    if found.type == "enum":
        allowed = [str(choice) for choice in found.expected]
        return "one_of", f"Input should be one of {', '.join(allowed)}", {"expected": allowed}
    if found.type == "type":
        name = TYPES.get(str(found.expected), "value")
        return f"{name}_type", f"Input should be a valid {found.expected}", {}
    return "value_error", found.message, {}

"""The `openapi_schema` of a version as cog writes it: choices as schemas of their own, `x-order`, `Output`."""

from typing import Any

from providers.sandbox.schemas import Schema


def schema_of(model: Schema) -> dict[str, Any]:
    """Input and Output as OpenAPI 3.0 components."""
    schemas: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for order, (name, field) in enumerate(model.input["properties"].items()):
        if "enum" in field:
            kind = field.get("type", "string")
            schemas[name] = {"enum": field["enum"], "type": kind, "title": name, "description": "An enumeration."}
            facts: dict[str, Any] = {"allOf": [{"$ref": f"#/components/schemas/{name}"}]}
            facts |= {"default": field["default"]} if "default" in field else {}
        else:
            facts = {"title": name.replace("_", " ").title()} | field
        properties[name] = facts | {"x-order": order}
    schemas["Input"] = {
        "type": "object",
        "title": "Input",
        "required": list(model.input.get("required", ())),
        "properties": properties,
    }
    uri = {"type": "string", "format": "uri"}
    schemas["Output"] = {"title": "Output"} | (uri if is_single(model) else {"type": "array", "items": uri})
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def is_single(model: Schema) -> bool:
    """Whether the output is one URI and not a list."""
    return bool(model.output.get("shape") == "string")

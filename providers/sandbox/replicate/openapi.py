"""The `openapi_schema` of a version as cog writes it: choices as schemas of their own, `x-order`, `Output`."""

from typing import Any

from providers.sandbox.replicate.models import Model


def schema_of(model: Model) -> dict[str, Any]:
    """Input and Output as OpenAPI 3.0 components."""
    schemas: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for order, (name, schema) in enumerate(model.inputs.items()):
        title = name.replace("_", " ").title()
        if "enum" in schema:
            schemas[name] = {"enum": schema["enum"], "type": "string", "title": name, "description": "An enumeration."}
            facts: dict[str, Any] = {"allOf": [{"$ref": f"#/components/schemas/{name}"}], "default": schema["default"]}
        else:
            facts = {"title": title} | schema
        properties[name] = facts | {"x-order": order}
    schemas["Input"] = {
        "type": "object",
        "title": "Input",
        "required": list(model.required),
        "properties": properties,
    }
    uri = {"type": "string", "format": "uri"}
    schemas["Output"] = {"title": "Output"} | (uri if model.is_single else {"type": "array", "items": uri})
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {},
        "components": {"schemas": schemas},
    }

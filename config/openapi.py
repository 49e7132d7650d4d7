"""What REST framework's views cannot say in the OpenAPI document: plain views, and which models there are."""

from typing import Any

from providers import catalogue

HEALTH = {
    "/api/health": ("health", "Database, Redis, workers and memory.", "The database is away."),
    "/api/health/live": ("health_live", "The process answers; nothing else is asked.", ""),
    "/api/health/ready": (
        "health_ready",
        "Migrated, and the database answers. waiting_for names who has not beaten lately.",
        "Not yet, or not now.",
    ),
}

OF_A_ROW = (
    "generations_retrieve",
    "generations_cancel_create",
    "generations_retry_create",
    "generations_viewed_create",
)


def add_health(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """A postprocessing hook of drf-spectacular, which knows only REST framework's views."""
    for path, (name, good, bad) in HEALTH.items():
        result["paths"][path] = {"get": _operation(name, good, bad)}
    return result


def name_models(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """The ids that create takes, as the files have them: read at the start like the files themselves."""
    ids = [model.id for model in catalogue.all_models() if model.is_enabled]
    asked = result["components"]["schemas"]["Create"]["properties"]
    asked["model"] |= {"enum": ids}
    asked["models"]["items"] |= {"enum": ids}
    return result


def link_rows(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Where the id of a new row leads, and that several come as an array."""
    created = result["paths"]["/api/generations/create"]["post"]["responses"]["201"]
    one = created["content"]["application/json"]["schema"]
    created["content"]["application/json"]["schema"] = {"oneOf": [one, {"type": "array", "items": one}]}
    created["links"] = {
        name: {"operationId": name, "parameters": {"generation_id": "$response.body#/id"}} for name in OF_A_ROW
    }
    return result


def _operation(name: str, good: str, bad: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object", "additionalProperties": {}}}}
    answers = {"200": good, "503": bad} if bad else {"200": good}
    return {
        "operationId": name,
        "tags": ["api"],
        "security": [{}],
        "responses": {status: {"description": text, "content": content} for status, text in answers.items()},
    }

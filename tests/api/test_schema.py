"""The OpenAPI document: valid, silent in its making, and complete."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.validation import validate_schema

from generations.api.bodies import KINDS
from providers import catalogue
from tests.api.test_calls import ROW, WHOLE

pytestmark = pytest.mark.django_db
OPERATIONS = {"get", "post", "put", "patch", "delete"}
# Deliveries are for providers; what is left is the answer to unknown addresses.
UNDESCRIBED = {"/api/webhook/{provider}/{attempt}/{key}", "/api/telegram/webhook", "/api/"}


@pytest.fixture
def document() -> dict[str, Any]:
    answer = Client().get("/api/schema")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def routes(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Every address of the project as OpenAPI writes it."""
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from routes(entry, path)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in OPERATIONS & set(item):
            yield path, method, item[method]


def test_the_document_is_valid_openapi_31(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_it_lists_every_model_that_can_be_asked_for(document: dict[str, Any]) -> None:
    asked = document["components"]["schemas"]["Create"]["properties"]
    assert asked["model"]["enum"] == [model.id for model in catalogue.all_models() if model.is_enabled]
    assert asked["models"]["items"]["enum"] == asked["model"]["enum"]


def test_it_is_made_without_a_warning() -> None:
    out, errors = io.StringIO(), io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json", stdout=out, stderr=errors)
    assert json.loads(out.getvalue())["openapi"].startswith("3.1")
    assert errors.getvalue() == ""


def test_every_address_below_api_is_described_but_the_webhooks(document: dict[str, Any]) -> None:
    ours = {path for path in routes(get_resolver()) if path.startswith("/api/")}
    assert ours > UNDESCRIBED
    assert set(document["paths"]) == ours - UNDESCRIBED


def test_every_call_has_a_name_of_its_own_and_all_its_answers(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(set(names)) == len(names)
    one = "/api/generations/{generation_id}"
    found = {f"{method} {path}": " ".join(operation["responses"]) for path, method, operation in operations(document)}
    assert found == {
        "post /api/generations/create": "201 400 401 402 403 404 409 413 415 422 429",
        "get /api/generations/list": "200 400 401 403 429",
        f"get {one}": "200 401 403 404 429",
        f"post {one}/cancel": "200 401 403 404 409 429",
        f"post {one}/retry": "201 400 401 402 403 404 409 422 429",
        f"post {one}/viewed": "200 401 403 404 429",
        f"post {one}/front": "200 401 403 404 409 429",
        "get /api/line": "200 401 403 429",
        "post /api/line/pause": "200 401 403 429",
        "post /api/line/resume": "200 401 403 429",
        "get /api/models/list": "200 304",
        "post /api/generations/quote": "200 400 401 403 404 413 415 429",
        "get /api/batches/{batch_id}": "200 401 403 404 429",
        "post /api/batches/{batch_id}/cancel": "200 401 403 404 429",
        "post /api/upload": "201 400 401 403 411 413 415 429 503",
        "get /api/cron/cleanup": "200 401",
        "post /api/cron/cleanup": "200 401",
        "get /api/schema": "200",
        "get /api/health": "200 503",
        "get /api/health/live": "200",
        "get /api/health/ready": "200 503",
    }


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_what_create_and_detail_answer_is_what_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["Generation"]["properties"]) == WHOLE
    assert set(schemas["GenerationRow"]["properties"]) == ROW
    assert set(schemas["Error"]["properties"]) == {"error", "code", "fields"}
    assert set(schemas["Create"]["properties"]) == set(KINDS)


def test_keys_and_sessions_are_described(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"] == {
        "apiKey": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }


def test_the_list_of_models_answers_what_is_described(document: dict[str, Any]) -> None:
    row = Client().get("/api/models/list").json()[0]
    assert set(document["components"]["schemas"]["Model"]["properties"]) == set(row)
    assert len(catalogue.available()) > 0

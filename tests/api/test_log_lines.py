"""One line for each call: who, which route, what came of it, how long. Read from a process that logs as it should."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from config.local.site import ROOT
from tests.api.cases import LIST, Scene
from tests.conftest import ApiClient, MakePerson
from tests.plugin import Ground

# The rows must be there for another process, the lines must be of the level that is silent in tests.
CALLS = """
import json, os, sys
import django
django.setup()
from django.test import Client
for method, path, headers, body in json.load(sys.stdin):
    client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    client.generic(method, path, body, "application/json", headers=headers)
"""


def lines_of(ground: Ground, *calls: tuple[str, str, dict[str, str], str]) -> list[dict[str, Any]]:
    """The api_call lines of these calls, in order."""
    environment = {**os.environ, **ground.environment, "LOG_LEVEL": "INFO", "LOG_JSON": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CALLS],
        input=json.dumps(calls),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == "api_call"]


@pytest.mark.usefixtures("committed")
def test_each_call_is_one_line_with_person_route_status_and_time(make_person: MakePerson, ground: Ground) -> None:
    alice = make_person("alice")
    key = ApiClient(alice).defaults["HTTP_AUTHORIZATION"]
    browser = Client()
    browser.force_login(alice)
    session = f"sessionid={browser.cookies['sessionid'].value}"
    wish = json.dumps({"model": "flux-schnell", "prompt": "a secret lighthouse"})
    lines = lines_of(
        ground,
        ("POST", "/api/generations/create", {"Authorization": key, "X-Request-Id": "request-0001"}, wish),
        ("GET", "/api/generations/list?task=x", {"Cookie": session}, ""),
        ("GET", "/api/generations/01890000-0000-7000-8000-000000000000", {"Authorization": key}, ""),
        ("GET", "/api/generations/list", {}, ""),
        ("GET", "/api/generations/list", {"Authorization": "Bearer base_00000000_nobody"}, ""),
        ("POST", "/api/nowhere", {"Authorization": key}, "{}"),
        ("GET", "/api/models/list", {}, ""),
        ("GET", "/api/health", {}, ""),
    )
    told = [(line["method"], line["route"], line["status"], line["user_id"]) for line in lines]
    assert told == [
        ("POST", "api/generations/create", 201, alice.pk),
        ("GET", "api/generations/list", 200, alice.pk),
        ("GET", "api/generations/<uuid:generation_id>", 404, alice.pk),
        ("GET", "api/generations/list", 401, None),
        ("GET", "api/generations/list", 401, None),
        ("POST", "api/", 404, None),
        ("GET", "api/models/list", 200, None),
    ]
    assert all(0 < line["milliseconds"] < 60_000 for line in lines)
    assert lines[0]["request_id"] == "request-0001"
    assert len({line["request_id"] for line in lines}) == len(lines)
    written = json.dumps(lines)
    for secret in (key.removeprefix("Bearer "), browser.cookies["sessionid"].value, "lighthouse"):
        assert secret not in written


@pytest.mark.parametrize("given", ["request-0001", "a" * 64, "0" * 8])
def test_a_request_keeps_its_own_id(given: str, scene: Scene) -> None:
    assert scene.client.get(LIST, headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "with space", "a\r\nX-Evil: 1", "\u00e9" * 10, "request-0001\n", "<script>"]
)
def test_an_id_that_could_harm_a_log_is_replaced(given: str, scene: Scene) -> None:
    answer = scene.client.get(LIST, headers={"X-Request-Id": given})
    kept = answer.headers["X-Request-Id"]
    assert kept != given
    assert len(kept) == 32 and kept.isalnum()
    assert "X-Evil" not in answer.headers

"""Tokens, versions, inputs: what is refused before anything is accepted, and in which words."""

from typing import Any

import pytest
import requests

from tests.sandbox.running import DEV, PRO, SCHNELL, RunningSandbox

# Body: replicate/replicate-python@0110c2c tests/cassettes/run__invalid-token.yaml
BAD_TOKEN = {"title": "Unauthenticated", "detail": "You did not pass a valid authentication token", "status": 401}


def test_no_token_and_a_bad_token_are_told_apart(sandbox: RunningSandbox) -> None:
    missing = requests.get(f"{sandbox.api}/account", timeout=5)
    bad = requests.get(f"{sandbox.api}/account", headers={"Authorization": "Bearer key"}, timeout=5)
    assert (missing.status_code, bad.status_code) == (401, 401)
    assert missing.json()["detail"] == "You did not pass an authentication token"
    assert bad.json() == BAD_TOKEN
    assert bad.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("version", ["", "0" * 64, "black-forest-labs/flux-nothing", f"{DEV}:{'0' * 64}"])
def test_an_unknown_version_is_refused(sandbox: RunningSandbox, version: str) -> None:
    body = {"version": version, "input": {"prompt": "x"}}
    answer = sandbox.http.post(f"{sandbox.api}/predictions", json=body)
    assert answer.status_code == 422
    assert answer.json()["title"] == "Invalid version or not permitted"
    assert sandbox.journal("") == []


def test_a_version_may_be_named_in_three_ways(sandbox: RunningSandbox) -> None:
    version = sandbox.client().models.get(PRO).latest_version.id
    for name in (PRO, version, f"{PRO}:{version}"):
        body = {"version": name, "input": {"prompt": "x [[slow=60]]"}}
        assert sandbox.http.post(f"{sandbox.api}/predictions", json=body).status_code in (201, 202)
    assert {job["endpoint"] for job in sandbox.journal("x")} == {PRO}


@pytest.mark.parametrize(
    ("model", "given", "complaint"),
    [
        (SCHNELL, {}, "- input: prompt is required"),
        (SCHNELL, {"prompt": 5}, "- input.prompt: Invalid type. Expected: string, given: integer"),
        (SCHNELL, {"prompt": "x", "seed": "5"}, "- input.seed: Invalid type. Expected: integer, given: string"),
        (SCHNELL, {"prompt": "x", "seed": None}, "- input.seed: Invalid type. Expected: integer, given: null"),
        (SCHNELL, {"prompt": "x", "seed": True}, "- input.seed: Invalid type. Expected: integer, given: boolean"),
        (SCHNELL, {"prompt": "x", "seed": 1.5}, "- input.seed: Invalid type. Expected: integer, given: number"),
        (SCHNELL, {"prompt": "x", "go_fast": 1}, "- input.go_fast: Invalid type. Expected: boolean, given: integer"),
        (SCHNELL, {"prompt": "x", "megapixels": 1}, "- input.megapixels: Invalid type. Expected: string"),
        (SCHNELL, {"prompt": "x", "num_outputs": 5}, "- input.num_outputs: Must be less than or equal to 4"),
        (SCHNELL, {"prompt": "x", "num_inference_steps": 5}, "input.num_inference_steps: Must be less than"),
        (SCHNELL, {"prompt": "x", "guidance": 3}, "- input: Additional property guidance is not allowed"),
        (SCHNELL, {"prompt": "x", "output_format": "gif"}, "output_format must be one of the following"),
        (DEV, {"prompt": "x", "guidance": 11}, "- input.guidance: Must be less than or equal to 10"),
        (DEV, {"prompt": "x", "image": "picture"}, "- input.image: Does not match format 'uri'"),
        (DEV, {"prompt": "x", "image": "https://example.com/a.png"}, "- input.image: The sandbox takes data URIs"),
        (PRO, {"prompt": "x", "num_outputs": 1}, "- input: Additional property num_outputs is not allowed"),
        (PRO, {"prompt": "x", "width": 128}, "- input.width: Must be greater than or equal to 256"),
        (PRO, {"prompt": "x", "aspect_ratio": "21:9"}, "aspect_ratio must be one of the following"),
    ],
)  # fmt: skip
def test_inputs_are_strict(sandbox: RunningSandbox, model: str, given: dict[str, Any], complaint: str) -> None:
    answer = sandbox.http.post(f"{sandbox.api}/models/{model}/predictions", json={"input": given})
    assert answer.status_code == 422
    assert answer.json()["title"] == "Input validation failed"
    assert complaint in answer.json()["detail"]
    assert sandbox.journal("") == []


def test_numbers_may_be_whole_and_every_parameter_is_taken(sandbox: RunningSandbox) -> None:
    answer = sandbox.create(
        "x [[slow=60]]", DEV, guidance=2, prompt_strength=0.5, num_inference_steps=50, seed=1, go_fast=False,
        num_outputs=4, aspect_ratio="9:21", output_format="png", output_quality=0, disable_safety_checker=True,
        image="data:image/png;base64,",
    )  # fmt: skip
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("url", ["http://example.com/hook", "ftp://127.0.0.1/", "hook", 5])
def test_a_webhook_must_be_https_except_on_loopback(sandbox: RunningSandbox, url: Any) -> None:
    assert sandbox.create("x", webhook=url).status_code == 422
    assert sandbox.create("x", webhook="https://example.com/", webhook_events_filter=["done"]).status_code == 422
    assert sandbox.journal("") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"'])
def test_a_body_that_is_no_json_object_is_refused(sandbox: RunningSandbox, body: bytes) -> None:
    assert sandbox.http.post(f"{sandbox.api}/predictions", data=body).status_code == 400


def test_what_is_not_there_is_404_in_json(sandbox: RunningSandbox) -> None:
    for path in ("/predictions/nothing", "/models/a/b", f"/models/{SCHNELL}/versions/{'0' * 64}", "/hardware"):
        answer = sandbox.http.get(sandbox.api + path)
        assert (answer.status_code, answer.json()["status"]) == (404, 404)
    for prefix in ("/fal/", "/google/v1", "/higgsfield", "/", "/replicate"):
        answer = sandbox.http.get(sandbox.origin + prefix)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0][-4:]) == (404, "json")
    assert sandbox.http.post(f"{sandbox.api}/models/a/b/predictions", json={"input": {}}).status_code == 404


THROTTLED = "Request was throttled. Your rate limit resets in ~30s."


@pytest.mark.parametrize(
    ("directive", "status", "body"),
    [
        ("429=30", 429, {"detail": THROTTLED}),
        ("429=older", 429, {"detail": "Request was throttled. Expected available in 1 second."}),
        ("401", 401, BAD_TOKEN),
        ("402", 402, {"title": "Insufficient credit", "status": 402}),
        ("422", 422, {"title": "Input validation failed", "status": 422}),
        ("422=version", 422, {"title": "Invalid version or not permitted", "status": 422}),
        ("500", 500, {"status": 500}),
    ],
)
def test_a_prompt_can_ask_to_be_refused(sandbox: RunningSandbox, directive: str, status: int, body: Any) -> None:
    answer = sandbox.create(f"x [[{directive}]]")
    assert answer.status_code == status
    assert body.items() <= answer.json().items()
    assert sandbox.journal("") == []


def test_an_account_short_of_credit_is_throttled_with_a_number(sandbox: RunningSandbox) -> None:
    # Body: nodetool-ai/nodetool#5196
    body = sandbox.create("x [[429=credit]]").json()
    assert (body["status"], body["retry_after"]) == (429, 5)
    assert "reduced to 6 requests per minute with a burst of 1 requests" in body["detail"]
    assert "Retry-After" not in sandbox.create("x [[429=credit]]").headers
    assert sandbox.create("x [[429=header]]").headers["Retry-After"] == "1"

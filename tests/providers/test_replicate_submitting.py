"""What is sent to Replicate, to the byte, and how its refusals are understood."""

import json
from dataclasses import replace
from typing import Any

import pytest

from providers.adapters.replicate import Replicate
from providers.contract import ErrorCode, JobRequest, JobState
from providers.errors import (
    ContentRefused,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers

CALLBACK = "https://studio.example.org/api/webhook/replicate/1/key"
VERSION_GONE = {
    "title": "Invalid version or not permitted",
    "detail": "The specified version does not exist (or perhaps you don't have permission to use it?)",
    "status": 422,
}


@pytest.fixture
def accepting(serve: MakeServer):
    fixture = recorded("replicate", "submitted")
    return serve(answers(fixture.status, fixture.body, fixture.headers))


def test_a_model_is_called_by_its_name(accepting, line_to: MakeLine, job: JobRequest) -> None:
    line = line_to(f"{accepting.origin}/v1")
    update = Replicate(line).submit(job)
    [call] = accepting.calls
    assert call.target == "/v1/models/black-forest-labs/flux-dev/predictions"
    assert call.json == {"input": {"prompt": "a fox", "seed": 7}}
    assert call.headers["authorization"] == f"Bearer {line.token}"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["cancel-after"] == "300s"
    assert (update.external_id, update.state) == ("heat2o3bzn3ahtr6bjfftvbaci", JobState.WAITING)


def test_a_pinned_version_goes_to_predictions(accepting, line_to: MakeLine, job: JobRequest) -> None:
    Replicate(line_to(accepting.origin)).submit(replace(job, version="a" * 64))
    [call] = accepting.calls
    assert call.target == "/predictions"
    assert call.json == {"version": "a" * 64, "input": {"prompt": "a fox", "seed": 7}}


def test_a_callback_is_asked_for_start_and_end_only(accepting, line_to: MakeLine, job: JobRequest) -> None:
    Replicate(line_to(accepting.origin)).submit(replace(job, callback_url=CALLBACK))
    body = accepting.calls[0].json
    assert body["webhook"] == CALLBACK
    assert body["webhook_events_filter"] == ["start", "completed"]


def test_it_never_asks_to_wait(accepting, line_to: MakeLine, job: JobRequest) -> None:
    Replicate(line_to(accepting.origin)).submit(job)
    assert "prefer" not in accepting.calls[0].headers


@pytest.mark.parametrize(("seconds", "header"), [(1, "5s"), (0, "5s"), (5, "5s"), (1800, "1800s")])
def test_the_fuse_is_never_shorter_than_replicate_allows(
    seconds: int, header: str, accepting, line_to: MakeLine, job: JobRequest
) -> None:
    Replicate(line_to(accepting.origin)).submit(replace(job, deadline_seconds=seconds))
    assert accepting.calls[0].headers["cancel-after"] == header


@pytest.mark.parametrize("endpoint", ["", "flux-dev", "../../x", "a/b/c", "a/..", "a/b?x=1", "a/б", "a /b", "a/b\n"])
def test_an_endpoint_that_is_no_model_goes_nowhere(
    endpoint: str, accepting, line_to: MakeLine, job: JobRequest
) -> None:
    with pytest.raises(Rejected):
        Replicate(line_to(accepting.origin)).submit(replace(job, endpoint=endpoint))
    assert accepting.calls == []


@pytest.mark.parametrize("name", ["submitted", "submitted_2024", "running"])
@pytest.mark.parametrize("status", [200, 201, 202])
def test_every_recorded_shape_of_acceptance_is_read(
    name: str, status: int, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    fixture = recorded("replicate", name)
    server = serve(answers(status, fixture.body, fixture.headers))
    update = Replicate(line_to(server.origin)).submit(job)
    assert update.external_id == fixture.object["id"]
    assert update.output_urls == ()


def test_any_text_of_a_prompt_arrives_as_it_was(accepting, line_to: MakeLine, job: JobRequest) -> None:
    prompt = 'лиса \U0001f98a "quoted" \\ \x7f </script>'
    Replicate(line_to(accepting.origin)).submit(replace(job, inputs={"prompt": prompt}))
    assert accepting.calls[0].json["input"]["prompt"] == prompt


REFUSALS: dict[str, tuple[int, object, type[ProviderError], str]] = {
    "no token": (
        401,
        {"title": "Unauthenticated", "detail": "You did not pass an authentication token", "status": 401},
        TokenInvalid,
        ErrorCode.PROVIDER_FAILED,
    ),
    "bad token, recorded": (401, recorded("replicate", "unauthenticated").body, TokenInvalid, "provider_failed"),
    "out of credit": (402, {"title": "Insufficient credit"}, OutOfCredit, "provider_failed"),
    "forbidden": (403, {"detail": "no"}, TokenInvalid, "provider_failed"),
    "forbidden for money": (403, {"detail": "Set up billing first"}, OutOfCredit, "provider_failed"),
    "no such model": (404, {"detail": "The requested resource could not be found.", "status": 404}, NotFound, ""),
    "version gone": (422, VERSION_GONE, Rejected, "provider_failed"),
    "payment missing": (422, {"title": "Payment required", "detail": "no payment method"}, OutOfCredit, ""),
    "bad input": (
        422,
        {"title": "Input validation failed", "detail": "- input.seed: not an integer", "invalid_fields": []},
        Rejected,
        "input_refused",
    ),
    "bad input that speaks of payment": (
        422,
        {"title": "Input validation failed", "detail": "- input.prompt: 'a payment terminal' is too long"},
        Rejected,
        "input_refused",
    ),
    "content": (400, {"detail": "The prompt was flagged as sensitive (E005)"}, ContentRefused, "content_refused"),
    "too large": (413, {"detail": "too large"}, Rejected, "input_refused"),
}


@pytest.mark.parametrize(("status", "body", "error", "code"), REFUSALS.values(), ids=REFUSALS.keys())
def test_every_known_refusal_means_one_thing(
    *,
    status: int,
    body: object,
    error: type[ProviderError],
    code: str,
    serve: MakeServer,
    line_to: MakeLine,
    job: JobRequest,
) -> None:
    server = serve(answers(status, body, {"Content-Type": "application/problem+json"}))
    with pytest.raises(error) as caught:
        Replicate(line_to(server.origin)).submit(job)
    assert type(caught.value) is error
    assert caught.value.code == (code or ErrorCode.PROVIDER_FAILED)
    assert len(server.calls) == 1


LOW_CREDIT: dict[str, Any] = json.loads(recorded("replicate", "throttled_low_credit").body)
THROTTLES: dict[str, tuple[dict[str, str], object, float]] = {
    "the header first": ({"Retry-After": "11"}, LOW_CREDIT, 11),
    "then the field": ({}, LOW_CREDIT | {"detail": "resets in ~30s."}, 5),
    "then the text": ({}, {"detail": "Request was throttled. Your rate limit resets in ~30s."}, 30),
    "or the older text": ({}, {"detail": "Request was throttled. Expected available in 1 second."}, 1),
    "nothing at all": ({}, {}, 10),
    "a header that is none": ({"Retry-After": "soon"}, LOW_CREDIT, 5),
    "zero": ({"Retry-After": "0"}, {}, 1),
    "for ever": ({"Retry-After": "99999999"}, {}, 3600),
    "a field for ever": ({}, {"retry_after": 10**400}, 3600),
    "a negative field": ({}, {"retry_after": -5}, 10),
    "a field that is no number": ({}, {"retry_after": True}, 10),
}


@pytest.mark.parametrize(("headers", "body", "seconds"), THROTTLES.values(), ids=THROTTLES.keys())
def test_a_throttle_says_how_long(
    *, headers: dict[str, str], body: object, seconds: float, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    with pytest.raises(RateLimited) as caught:
        Replicate(line_to(serve(answers(429, body, headers)).origin)).submit(job)
    assert caught.value.retry_after_seconds == seconds


def test_a_message_can_be_stored_whatever_was_said(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    server = serve(answers(422, {"detail": "a\x00b\ud800" + "c" * 9_000}))
    with pytest.raises(Rejected) as caught:
        Replicate(line_to(server.origin)).submit(job)
    message = str(caught.value)
    assert "\x00" not in message
    assert message.encode()
    assert len(message) < 2_100

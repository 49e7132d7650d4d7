"""What Google's refusals mean, and how its files are handed over."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from providers.adapters.google import LARGEST_INLINE_BYTES, Google
from providers.contract import InputFile, JobRequest
from providers.errors import (
    ContentRefused,
    Misconfigured,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
    Transient,
)
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers


def error(code: int, status: str, message: str = "", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


REFUSALS: dict[str, tuple[int, object, type[ProviderError], str]] = {
    "bad input": (400, error(400, "INVALID_ARGUMENT", 'Unknown name "x"'), Rejected, "input_refused"),
    "bad key": (
        400,
        error(
            400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", {"reason": "API_KEY_INVALID"}
        ),
        TokenInvalid,
        "provider_failed",
    ),
    "bad key, told by its reason": (400, error(400, "", "", {"reason": "API_KEY_INVALID"}), TokenInvalid, ""),
    "no billing": (400, error(400, "FAILED_PRECONDITION", "Please enable billing"), OutOfCredit, ""),
    "not in this country": (
        400,
        error(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        Misconfigured,
        "",
    ),
    "something else first": (
        400,
        error(400, "FAILED_PRECONDITION", "The file is not ACTIVE"),
        Rejected,
        "input_refused",
    ),
    "no key": (401, error(401, "UNAUTHENTICATED"), TokenInvalid, ""),
    "forbidden": (403, error(403, "PERMISSION_DENIED", "denied"), TokenInvalid, ""),
    "forbidden for money": (403, error(403, "PERMISSION_DENIED", "billing account disabled"), OutOfCredit, ""),
    "another's file": (
        403,
        error(403, "PERMISSION_DENIED", "You do not have permission to access the File abc or it may not exist."),
        Rejected,
        "input_refused",
    ),
    "retired model": (404, error(404, "NOT_FOUND", "models/imagen-3 is not found"), NotFound, ""),
    "content": (400, error(400, "INVALID_ARGUMENT", "blocked by safety settings"), ContentRefused, "content_refused"),
    "no free tier": (429, error(429, "RESOURCE_EXHAUSTED", "Quota exceeded: free_tier, limit: 0"), OutOfCredit, ""),
    "nothing prepaid": (429, error(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted"), OutOfCredit, ""),
    "details that are none": (400, {"error": {"details": "x", "code": "invalid_request"}}, Rejected, "input_refused"),
}


def submitting(status: int, body: object, serve: MakeServer, line_to: MakeLine, job: JobRequest) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        Google(line_to(serve(answers(status, body)).origin)).submit(job)
    return caught.value


@pytest.fixture
def job() -> JobRequest:
    return JobRequest(
        endpoint="gemini-3-pro-image",
        inputs={"prompt": "x"},
        callback_url=None,
        deadline_seconds=60,
        idempotency_key="k",
    )


@pytest.mark.parametrize(("status", "body", "kind", "code"), REFUSALS.values(), ids=REFUSALS.keys())
def test_every_known_refusal_means_one_thing(
    *,
    status: int,
    body: object,
    kind: type[ProviderError],
    code: str,
    serve: MakeServer,
    line_to: MakeLine,
    job: JobRequest,
) -> None:
    caught = submitting(status, body, serve, line_to, job)
    assert type(caught) is kind
    assert caught.code == (code or "provider_failed")


def quota(name: str, delay: str | None = None) -> dict[str, Any]:
    details: list[dict[str, Any]] = [{"violations": [{"quotaId": name}]}]
    if delay is not None:
        details.append({"retryDelay": delay})
    return error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", *details)


WAITS: dict[str, tuple[dict[str, str], object, float]] = {
    "recorded": ({}, recorded("google", "throttled").body, 34.4),
    "the header, where nothing else is said": ({"Retry-After": "7"}, error(429, "RESOURCE_EXHAUSTED"), 7),
    "nothing at all": ({}, {}, 30),
    "no whole number": ({}, quota("PerMinute", "soon"), 30),
    "less than a second": ({}, quota("PerMinute", "0.001s"), 1),
    "for ever": ({}, quota("PerMinute", "9999999s"), 3_600),
    "a day's allowance": ({}, quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "20s"), 4 * 3_600),
}


@pytest.mark.parametrize(("headers", "body", "seconds"), WAITS.values(), ids=WAITS.keys())
def test_a_throttle_says_how_long(
    *, headers: dict[str, str], body: object, seconds: float, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    with pytest.raises(RateLimited) as caught:
        Google(line_to(serve(answers(429, body, headers)).origin)).submit(job)
    assert caught.value.retry_after_seconds == seconds


def a_file(folder: Path, size: int, content_type: str = "image/png") -> InputFile:
    path = folder / "input"
    path.write_bytes(b"x" * size)
    return InputFile(path=path, content_type=content_type, size_bytes=size, name="input.png")


def test_a_small_file_travels_inside_the_request(tmp_path: Path, serve: MakeServer, line_to: MakeLine) -> None:
    server = serve()
    uploaded = Google(line_to(server.origin)).upload(a_file(tmp_path, 3))
    assert uploaded.reference == f"data:image/png;base64,{base64.b64encode(b'xxx').decode()}"
    assert (uploaded.expires_at, server.calls) == (None, [])


def begun(server_of: list[str]):
    def behave(call) -> None:
        answers(200, b"", {"x-goog-upload-url": f"{server_of[0]}/upload/v1/files?upload_id=1"})(call)

    return behave


def test_a_large_file_goes_in_two_requests_and_is_kept_for_two_days(
    tmp_path: Path, serve: MakeServer, line_to: MakeLine
) -> None:
    origin: list[str] = []
    kept = {"file": {"name": "files/abc", "uri": "https://g.example/v1beta/files/abc", "state": "ACTIVE"}}
    server = serve(begun(origin), answers(200, kept))
    origin.append(server.origin)
    size = LARGEST_INLINE_BYTES + 1
    uploaded = Google(line_to(server.origin)).upload(a_file(tmp_path, size))
    start, finish = server.calls
    assert (start.target, start.headers["x-goog-upload-command"]) == ("/upload/v1/files", "start")
    assert start.headers["x-goog-upload-header-content-length"] == str(size)
    assert start.json == {"file": {"displayName": "input.png", "mimeType": "image/png"}}
    assert finish.target == "/upload/v1/files?upload_id=1"
    assert (finish.headers["x-goog-upload-command"], finish.headers["content-type"]) == (
        "upload, finalize",
        "image/png",
    )
    assert finish.body == b"x" * size
    assert uploaded.reference == "https://g.example/v1beta/files/abc#image/png"
    left = (uploaded.expires_at or datetime.min.replace(tzinfo=UTC)) - datetime.now(UTC)
    assert timedelta(hours=47) < left <= timedelta(hours=48)


@pytest.mark.parametrize(("state", "outcome"), [("ACTIVE", None), ("FAILED", Rejected), ("NEW_WORD", None)])
def test_a_video_is_waited_for_until_google_has_looked_at_it(
    state: str, outcome: type[ProviderError] | None, tmp_path: Path, serve: MakeServer, line_to: MakeLine
) -> None:
    origin: list[str] = []
    described = {"name": "files/abc", "uri": "https://g.example/v1/files/abc", "expirationTime": "2026-11-27T10:00:00Z"}
    server = serve(
        begun(origin),
        answers(200, {"file": described | {"state": "PROCESSING"}}),
        answers(200, described | {"state": state}),
    )
    origin.append(server.origin)
    file = a_file(tmp_path, LARGEST_INLINE_BYTES + 1, "video/mp4")
    adapter = Google(line_to(server.origin))
    if outcome:
        with pytest.raises(outcome):
            adapter.upload(file)
    else:
        assert adapter.upload(file).expires_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert server.calls[2].target == "/v1/files/abc"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [({}, Transient), ({"x-goog-upload-url": "https://evil.example/x"}, Misconfigured)],
)
def test_an_upload_is_sent_nowhere_but_to_google(
    headers: dict[str, str], kind: type[ProviderError], tmp_path: Path, serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(answers(200, b"", headers))
    with pytest.raises(kind):
        Google(line_to(server.origin)).upload(a_file(tmp_path, LARGEST_INLINE_BYTES + 1))
    assert len(server.calls) == 1


def test_a_refused_upload_is_sorted_like_any_refusal(tmp_path: Path, serve: MakeServer, line_to: MakeLine) -> None:
    body = json.dumps(error(400, "INVALID_ARGUMENT", "API key not valid")).encode()
    with pytest.raises(TokenInvalid):
        Google(line_to(serve(answers(400, body)).origin)).upload(a_file(tmp_path, LARGEST_INLINE_BYTES + 1))

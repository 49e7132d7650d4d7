"""Gemini's pictures: what is sent, to the byte, and what the answers mean."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from providers.adapters.google import Google
from providers.contract import ErrorCode, JobRef, JobRequest, JobState
from providers.errors import Ambiguous, NotFound, Rejected, Unsupported
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers

MODEL = "gemini-3.1-flash-image"
PIXEL = "data:image/png;base64,aVZCT1I="
STORED = "https://generativelanguage.googleapis.com/v1beta/files/abc#image/webp"


@pytest.fixture
def job() -> JobRequest:
    return JobRequest(
        endpoint=MODEL,
        inputs={"prompt": "a fox"},
        callback_url="https://studio.example.org/hook",
        deadline_seconds=300,
        idempotency_key="0192-key",
        task="text-to-image",
    )


@pytest.fixture
def drawing(serve: MakeServer):
    fixture = recorded("google", "image")
    return serve(answers(fixture.status, fixture.body, {"Server-Timing": "gfet4t7; dur=2266"}))


def test_a_picture_comes_with_the_answer(drawing, line_to: MakeLine, job: JobRequest) -> None:
    line = line_to(drawing.origin)
    update = Google(line).submit(job)
    [call] = drawing.calls
    assert (call.method, call.target) == ("POST", f"/v1/models/{MODEL}:generateContent")
    assert call.headers["x-goog-api-key"] == line.token
    assert call.json == {
        "contents": [{"role": "user", "parts": [{"text": "a fox"}]}],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"]},
    }
    assert (update.external_id, update.state) == ("dTOras2iGqLc-sAPiO2BiAw", JobState.SUCCEEDED)
    [picture] = update.inline_outputs
    assert picture.startswith(b"\xff\xd8\xff")
    assert (update.output_urls, update.provider_seconds) == ((), 2.266)


def test_files_shape_and_size_are_put_where_google_wants_them(drawing, line_to: MakeLine, job: JobRequest) -> None:
    inputs = {"prompt": "a hat", "image": [PIXEL, STORED], "aspect_ratio": "16:9", "image_size": "2K", "seed": 7}
    line = line_to(drawing.origin, options={"api_version": "v1beta"})
    Google(line).submit(replace(job, inputs=inputs, task="image-edit"))
    [call] = drawing.calls
    assert call.target.startswith("/v1beta/models/")
    assert call.json == {
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"inlineData": {"mimeType": "image/png", "data": "aVZCT1I="}},
                    {
                        "fileData": {
                            "mimeType": "image/webp",
                            "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc",
                        }
                    },
                    {"text": "a hat"},
                ],
            }
        ],
        "generationConfig": {
            "responseModalities": ["TEXT", "IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
            "seed": 7,
        },
    }


@pytest.mark.parametrize("given", ["https://example.org/x.png", "data:text", "", 5, "data:image/png;base64"])
def test_a_file_that_is_no_reference_goes_nowhere(given: object, drawing, line_to: MakeLine, job: JobRequest) -> None:
    with pytest.raises(Rejected):
        Google(line_to(drawing.origin)).submit(replace(job, inputs={"prompt": "x", "image": [given]}))
    assert drawing.calls == []


@pytest.mark.parametrize("endpoint", ["", "a/b", "Gemini", "../x", "gemini?x", "predict/", "gemini 3", "a/b/c", "é"])
def test_an_endpoint_that_is_no_model_goes_nowhere(endpoint: str, drawing, line_to: MakeLine, job: JobRequest) -> None:
    with pytest.raises(Rejected):
        Google(line_to(drawing.origin)).submit(replace(job, endpoint=endpoint))
    assert drawing.calls == []


def candidate(**values: Any) -> dict[str, Any]:
    return {"candidates": [values], "responseId": "abc"}


def said(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


DATA = base64.b64encode(b"picture").decode()
NOTHING: dict[str, tuple[object, str]] = {
    "prompt blocked, recorded": (recorded("google", "prompt_blocked").body, ErrorCode.CONTENT_REFUSED),
    "no image, recorded": (recorded("google", "no_image").body, ErrorCode.NO_OUTPUT),
    "text only, recorded": (recorded("google", "text").body, ErrorCode.NO_OUTPUT),
    "blocked for another reason": ({"promptFeedback": {"blockReason": "OTHER"}}, ErrorCode.CONTENT_REFUSED),
    "safety": (candidate(finishReason="SAFETY"), ErrorCode.CONTENT_REFUSED),
    "image safety": (candidate(content={}, finishReason="IMAGE_SAFETY"), ErrorCode.CONTENT_REFUSED),
    "prohibited": (candidate(finishReason="PROHIBITED_CONTENT"), ErrorCode.CONTENT_REFUSED),
    "recitation": (candidate(finishReason="IMAGE_RECITATION"), ErrorCode.CONTENT_REFUSED),
    "image other": (candidate(content=None, finishReason="IMAGE_OTHER"), ErrorCode.NO_OUTPUT),
    "a signature is missing": (candidate(finishReason="MISSING_THOUGHT_SIGNATURE"), ErrorCode.PROVIDER_FAILED),
    "a reason nobody has seen": (candidate(finishReason="TIRED"), ErrorCode.PROVIDER_FAILED),
    "no reason": (candidate(content=said({"text": "hm"})), ErrorCode.PROVIDER_FAILED),
    "no candidates": ({"candidates": []}, ErrorCode.NO_OUTPUT),
    "nothing at all": ({}, ErrorCode.NO_OUTPUT),
    "candidates that are none": ({"candidates": "x", "promptFeedback": 5}, ErrorCode.NO_OUTPUT),
    "a draft in the reasoning": (
        candidate(content=said({"thought": True, "inlineData": {"data": DATA}}), finishReason="NO_IMAGE"),
        ErrorCode.NO_OUTPUT,
    ),
}


@pytest.mark.parametrize(("body", "code"), NOTHING.values(), ids=NOTHING.keys())
def test_an_answer_without_a_picture_is_a_failure_with_a_reason(
    body: object, code: str, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    update = Google(line_to(serve(answers(200, body)).origin)).submit(job)
    assert (update.state, update.error_code, update.inline_outputs) == (JobState.FAILED, code, ())
    assert update.error_detail
    assert update.external_id


def test_what_the_model_said_instead_is_told_to_admins(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    body = candidate(content=said({"text": "I can't draw that\x00"}), finishReason="STOP", finishMessage="sorry")
    update = Google(line_to(serve(answers(200, body)).origin)).submit(job)
    assert update.error_detail == "no picture, finishReason STOP: sorry: I can't draw that"


@pytest.mark.parametrize("told", [None, 5, "", "a/b", "x" * 121])
def test_without_a_usable_id_the_work_goes_by_our_key(
    told: object, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    body = candidate(content=said({"inline_data": {"mime_type": "image/png", "data": DATA}})) | {"responseId": told}
    update = Google(line_to(serve(answers(200, body)).origin)).submit(job)
    assert (update.external_id, update.inline_outputs) == ("0192-key", (b"picture",))


@pytest.mark.parametrize("data", ["", "a", "a b=", None, 5, ["x"]])
def test_a_picture_that_cannot_be_read_was_accepted_all_the_same(
    data: object, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    body = candidate(content=said({"inlineData": {"data": data}}))
    with pytest.raises(Ambiguous):
        Google(line_to(serve(answers(200, body)).origin)).submit(job)


def test_a_picture_of_thirty_megabytes_is_read(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    large = b"x" * (24 * 1024 * 1024)
    body = candidate(content=said({"inlineData": {"data": base64.b64encode(large).decode()}}))
    update = Google(line_to(serve(answers(200, json.dumps(body).encode())).origin)).submit(job)
    assert update.inline_outputs == (large,)


def test_there_is_no_job_afterwards(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve()
    adapter = Google(line_to(server.origin))
    assert adapter.traits(MODEL).answers_at_once
    with pytest.raises(NotFound):
        adapter.fetch(JobRef(external_id="abc", endpoint=MODEL))
    with pytest.raises(Unsupported):
        adapter.cancel(JobRef(external_id="abc", endpoint=MODEL))
    assert server.calls == []


def test_the_older_way_to_pictures(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    body = {
        "predictions": [
            {"mimeType": "image/png", "bytesBase64Encoded": DATA, "prompt": "a red fox"},
            {"raiFilteredReason": "one was filtered"},
            {"contentType": "Positive Prompt", "safetyAttributes": {}},
        ]
    }
    server = serve(answers(200, body))
    wish = replace(job, endpoint="imagen-4.0-generate-001", inputs={"prompt": "a fox", "num_outputs": 2})
    adapter = Google(line_to(server.origin))
    update = adapter.submit(wish)
    [call] = server.calls
    assert adapter.traits(wish.endpoint).answers_at_once
    assert call.target == "/v1/models/imagen-4.0-generate-001:predict"
    assert call.json == {
        "instances": [{"prompt": "a fox"}],
        "parameters": {"sampleCount": 2, "includeRaiReason": True},
    }
    assert (update.external_id, update.inline_outputs) == ("0192-key", (b"picture",))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, ErrorCode.NO_OUTPUT),
        ({"predictions": [{"raiFilteredReason": "Support codes: 58061214"}]}, ErrorCode.CONTENT_REFUSED),
    ],
)
def test_a_filtered_prediction_is_a_failure(
    body: object, code: str, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    update = Google(line_to(serve(answers(200, body)).origin)).submit(replace(job, endpoint="predict/imagen-x"))
    assert (update.state, update.error_code) == (JobState.FAILED, code)

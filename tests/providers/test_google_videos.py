"""Google's videos: interactions from request to file, and the operations of the older family."""

from dataclasses import replace
from typing import Any

import pytest

from providers.adapters.google import Google
from providers.contract import ErrorCode, JobRef, JobRequest, JobState
from providers.errors import Ambiguous, Rejected, Transient, Unsupported
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers

OMNI, VEO = "gemini-omni-1.1-flash", "veo-3.1-generate-preview"
FRAME = "data:image/png;base64,aVZCT1I="
CLIP = "https://generativelanguage.googleapis.com/v1beta/files/clip#video/mp4"
CALLBACK = "https://studio.example.org/api/webhook/google/1/key"
OPERATION = f"models/{VEO}/operations/abc"


@pytest.fixture
def job() -> JobRequest:
    return JobRequest(
        endpoint=OMNI,
        inputs={"prompt": "a fox"},
        callback_url=None,
        deadline_seconds=600,
        idempotency_key="key-1",
        task="text-to-video",
    )


@pytest.fixture
def accepting(serve: MakeServer):
    fixture = recorded("google", "submitted")
    return serve(answers(fixture.status, fixture.body, fixture.headers))


def test_an_interaction_runs_in_the_background(accepting, line_to: MakeLine, job: JobRequest) -> None:
    adapter = Google(line_to(accepting.origin))
    inputs = {"prompt": "a fox", "aspect_ratio": "16:9", "resolution": "720p", "duration": 8}
    update = adapter.submit(replace(job, inputs=inputs, callback_url=CALLBACK))
    [call] = accepting.calls
    assert call.target == "/v1/interactions"
    assert call.json == {
        "model": OMNI,
        "background": True,
        "input": [{"type": "user_input", "content": [{"type": "text", "text": "a fox"}]}],
        "response_format": {
            "type": "video",
            "delivery": "uri",
            "aspect_ratio": "16:9",
            "resolution": "720p",
            "duration": "8s",
        },
        "generation_config": {"video_config": {"task": "text_to_video"}},
        "webhook_config": {"uris": [CALLBACK]},
    }
    assert not adapter.traits(OMNI).answers_at_once
    assert update.state is JobState.WAITING


@pytest.mark.parametrize(
    ("task", "inputs", "word", "kinds"),
    [
        ("image-to-video", {"first_frame": FRAME}, "image_to_video", ["text", "image"]),
        ("image-to-video", {"image": [FRAME]}, "image_to_video", ["text", "image"]),
        ("first-last-frame", {"first_frame": FRAME, "last_frame": FRAME}, "image_to_video", ["text", "image", "image"]),
        ("reference-to-video", {"image": [FRAME, FRAME]}, "reference_to_video", ["text", "image", "image"]),
        ("video-edit", {"video": CLIP}, "edit", ["text", "video"]),
        ("video-edit", {"video": CLIP, "task": "extend"}, "extend", ["text", "video"]),
    ],
)
def test_the_task_follows_from_the_studios(
    *, task: str, inputs: dict[str, Any], word: str, kinds: list[str], accepting, line_to: MakeLine, job: JobRequest
) -> None:
    Google(line_to(accepting.origin)).submit(replace(job, inputs={"prompt": "run", **inputs}, task=task))
    body = accepting.calls[0].json
    assert body["generation_config"] == {"video_config": {"task": word}}
    assert [part["type"] for part in body["input"][0]["content"]] == kinds


def test_a_task_google_has_no_word_for_is_left_to_the_model(accepting, line_to: MakeLine, job: JobRequest) -> None:
    Google(line_to(accepting.origin)).submit(replace(job, task="restyle", inputs={"video": CLIP}))
    body = accepting.calls[0].json
    assert "generation_config" not in body
    assert body["input"][0]["content"] == [
        {"type": "video", "mime_type": "video/mp4", "uri": CLIP.removesuffix("#video/mp4")}
    ]


@pytest.mark.parametrize("duration", ["auto", "8 s", "-1", "", [], "99999"])
def test_a_length_that_is_none_goes_nowhere(duration: object, accepting, line_to: MakeLine, job: JobRequest) -> None:
    with pytest.raises(Rejected):
        Google(line_to(accepting.origin)).submit(replace(job, inputs={"duration": duration}))
    assert accepting.calls == []


def test_a_poll_asks_for_the_resource_not_for_a_stream(serve: MakeServer, line_to: MakeLine) -> None:
    fixture = recorded("google", "succeeded")
    server = serve(answers(fixture.status, fixture.body))
    update = Google(line_to(server.origin)).fetch(JobRef(external_id=fixture.object["id"], endpoint=OMNI))
    [call] = server.calls
    assert (call.method, call.target) == ("GET", f"/v1/interactions/{fixture.object['id']}?stream=false")
    assert update.output_urls == (
        "https://generativelanguage.googleapis.com/v1beta/files/5f3kq2x9ab:download?alt=media",
    )


def fetched(body: object, serve: MakeServer, line_to: MakeLine) -> Any:
    return Google(line_to(serve(answers(200, body)).origin)).fetch(JobRef(external_id="v1_x", endpoint=OMNI))


def test_the_recorded_video_came_inline_and_without_an_id(serve: MakeServer, line_to: MakeLine) -> None:
    update = fetched(recorded("google", "video_inline").body, serve, line_to)
    assert (update.external_id, update.state) == ("v1_x", JobState.SUCCEEDED)
    assert [file[4:8] for file in update.inline_outputs] == [b"ftyp"]


@pytest.mark.parametrize(
    ("values", "state", "code"),
    [
        ({"status": "completed"}, JobState.FAILED, ErrorCode.NO_OUTPUT),
        ({"status": "incomplete"}, JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ({"status": "requires_action"}, JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ({"status": "requires_continuation"}, JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ({"status": "budget_exceeded"}, JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ({"status": "failed"}, JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ({"status": "failed", "errors": [{"message": "Deadline exceeded"}]}, JobState.FAILED, "provider_timed_out"),
        ({"status": "failed", "errors": [{"code": "invalid_argument"}]}, JobState.FAILED, "input_refused"),
        ({"status": "failed", "errors": "x", "steps": [5, {"content": 5}]}, JobState.FAILED, "provider_failed"),
        ({"status": "cancelled"}, JobState.CANCELLED, ""),
        ({"status": "dreaming"}, JobState.RUNNING, ""),
        ({}, JobState.RUNNING, ""),
    ],
)
def test_every_status_means_one_thing(
    *, values: dict[str, Any], state: JobState, code: str, serve: MakeServer, line_to: MakeLine
) -> None:
    update = fetched({"id": "v1_x", **values}, serve, line_to)
    assert (update.state, update.error_code) == (state, code)


def test_a_completed_talk_is_no_video(serve: MakeServer, line_to: MakeLine) -> None:
    body = recorded("google", "text_interaction").object | {"id": "v1_x"}
    update = fetched(body, serve, line_to)
    assert (update.state, update.error_code) == (JobState.FAILED, ErrorCode.NO_OUTPUT)
    assert "I'm doing well" in update.error_detail


def test_an_answer_about_another_job_is_not_believed(serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(Transient):
        fetched({"id": "v1_y", "status": "completed"}, serve, line_to)


@pytest.mark.parametrize("status", [400, 409])
def test_a_cancellation_that_comes_too_late_is_no_error(status: int, serve: MakeServer, line_to: MakeLine) -> None:
    done = recorded("google", "succeeded")
    server = serve(answers(status, {"error": {"status": "FAILED_PRECONDITION"}}), answers(200, done.body))
    update = Google(line_to(server.origin)).cancel(JobRef(external_id=done.object["id"], endpoint=OMNI))
    assert update.state is JobState.SUCCEEDED
    assert [call.method for call in server.calls] == ["POST", "GET"]
    assert server.calls[0].target.endswith("/cancel")


def test_the_key_goes_to_googles_own_host_only(line_to: MakeLine) -> None:
    line = line_to("https://generativelanguage.googleapis.com")
    headers = Google(line).download_headers
    assert headers("https://generativelanguage.googleapis.com/v1beta/files/x:download?alt=media") == {
        "x-goog-api-key": line.token
    }
    for url in (
        "https://storage.googleapis.com/x",
        "http://generativelanguage.googleapis.com/x",
        "https://generativelanguage.googleapis.com.evil.example/x",
        "https://generativelanguage.googleapis.com:8443/x",
    ):
        assert headers(url) == {}


def test_behind_a_path_the_key_stays_below_it(line_to: MakeLine) -> None:
    line = line_to("http://127.0.0.1:8004/google")
    assert Google(line).download_headers("http://127.0.0.1:8004/google/v1/files/x")
    for path in ("/replicate/x", "/googleplex/x", "/"):
        assert Google(line).download_headers(f"http://127.0.0.1:8004{path}") == {}


def test_an_operation_of_the_older_family(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    uri = "https://generativelanguage.googleapis.com/v1beta/files/ID:download?alt=media"
    done = {
        "name": OPERATION,
        "done": True,
        "response": {"generateVideoResponse": {"generatedSamples": [{"video": {"uri": uri}}]}},
    }
    server = serve(answers(200, {"name": OPERATION}), answers(200, {"name": OPERATION}), answers(200, done))
    adapter = Google(line_to(server.origin, options={"api_version": "v1beta"}))
    inputs = {"prompt": "a cat", "first_frame": FRAME, "last_frame": FRAME, "duration": "8s", "resolution": "1080p"}
    update = adapter.submit(replace(job, endpoint=VEO, inputs=inputs))
    assert (update.external_id, update.state) == ("abc", JobState.RUNNING)
    ref = JobRef(external_id="abc", endpoint=VEO)
    assert adapter.fetch(ref).state is JobState.RUNNING
    assert adapter.fetch(ref).output_urls == (uri,)
    assert server.calls[0].json == {
        "instances": [
            {
                "prompt": "a cat",
                "image": {"bytesBase64Encoded": "aVZCT1I=", "mimeType": "image/png"},
                "lastFrame": {"bytesBase64Encoded": "aVZCT1I=", "mimeType": "image/png"},
            }
        ],
        "parameters": {"sampleCount": 1, "resolution": "1080p", "durationSeconds": 8},
    }
    assert [call.target for call in server.calls] == [
        f"/v1beta/models/{VEO}:predictLongRunning",
        *[f"/v1beta/{OPERATION}"] * 2,
    ]
    with pytest.raises(Unsupported):
        adapter.cancel(ref)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"error": {"code": 13, "message": "internal"}}, ErrorCode.PROVIDER_FAILED),
        ({"error": {"code": 3, "message": "bad aspect"}}, ErrorCode.INPUT_REFUSED),
        ({"error": {"code": [], "message": None}}, ErrorCode.PROVIDER_FAILED),
        ({"response": {"generateVideoResponse": {"raiMediaFilteredReasons": ["no"]}}}, ErrorCode.CONTENT_REFUSED),
        ({"response": {"generateVideoResponse": {"generatedSamples": 5}}}, ErrorCode.NO_OUTPUT),
        ({"response": {}}, ErrorCode.NO_OUTPUT),
    ],
)
def test_an_operation_that_is_done_without_a_video_failed(
    values: dict[str, Any], code: str, serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(answers(200, {"name": OPERATION, "done": True, **values}))
    update = Google(line_to(server.origin)).fetch(JobRef(external_id="abc", endpoint=VEO))
    assert (update.state, update.error_code) == (JobState.FAILED, code)


@pytest.mark.parametrize("name", [None, "", "operations/abc", "models/other/operations/abc", f"{OPERATION}/../x"])
def test_an_operation_without_a_usable_name_was_accepted_all_the_same(
    name: object, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    with pytest.raises(Ambiguous):
        Google(line_to(serve(answers(200, {"name": name})).origin)).submit(replace(job, endpoint=VEO))


def test_several_images_are_references_there(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    server = serve(answers(200, {"name": OPERATION}))
    wish = replace(job, endpoint=VEO, inputs={"prompt": "x", "image": [FRAME, FRAME]}, callback_url=CALLBACK)
    Google(line_to(server.origin)).submit(wish)
    body = server.calls[0].json
    assert len(body["instances"][0]["referenceImages"]) == 2
    assert body["webhookConfig"] == {"uris": [CALLBACK]}
    with pytest.raises(Rejected):
        Google(line_to(server.origin)).submit(replace(wish, inputs={"first_frame": CLIP}))

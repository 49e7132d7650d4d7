"""What fal says about a job: recorded results, every shape of an output, every kind of end."""

import json
from typing import Any

import pytest

from providers.adapters.fal import Fal
from providers.contract import ErrorCode, JobRef, JobState, JobUpdate, Line
from providers.errors import NotFound, RateLimited, TokenInvalid, Transient, UnreadableWebhook
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import raw, recorded
from tests.providers.server import answers, hangs_up

URL = "https://v3b.fal.media/files/b/0a96bca7/x.png"
RID = "5057fca7-2eb3-468f-b95d-cefe92b0b9d4"
REF = JobRef(external_id=RID, endpoint="fal-ai/flux/dev")
COMPLETED: dict[str, Any] = {"status": "COMPLETED", "request_id": RID, "logs": None, "metrics": {}}
LINE = Line(base_url="https://queue.example.org", token="key:secret")
RECORDED = raw("fal", "results")["results"]


@pytest.fixture
def fetch(serve: MakeServer, line_to: MakeLine):
    """What is made of a status and a result."""

    def ask(status: dict[str, Any], *result: Any) -> JobUpdate:
        first = answers(200 if status.get("status") == "COMPLETED" else 202, status)
        return Fal(line_to(serve(first, *(answers(*one) for one in result)).origin)).fetch(REF)

    return ask


@pytest.mark.parametrize("real", RECORDED, ids=lambda real: real["endpoint"])
def test_every_recorded_result_has_its_files(real: dict[str, Any], fetch) -> None:
    update = fetch(COMPLETED, (200, real["body"].encode(), real["headers"]))
    body = json.loads(real["body"])
    expected = [one["url"] for one in body["images"]] if "images" in body else [body["video"]["url"]]
    assert update.state is JobState.SUCCEEDED
    assert list(update.output_urls) == expected
    assert update.billed_units == float(real["headers"]["x-fal-billable-units"])


def test_the_time_of_computing_comes_from_the_status_else_from_the_result(fetch) -> None:
    body = {"images": [{"url": URL}], "timings": {"inference": 5.5}}
    assert fetch(COMPLETED | {"metrics": {"inference_time": 7.25}}, (200, body)).provider_seconds == 7.25
    assert fetch(COMPLETED, (200, body)).provider_seconds == 5.5


OUTPUTS: dict[str, tuple[object, tuple[str, ...]]] = {
    "several": ({"images": [{"url": URL}, {"url": URL + "2"}]}, (URL, URL + "2")),
    "one image": ({"image": {"url": URL, "width": None}, "mask_image": {"url": URL + "2"}}, (URL,)),
    "one video": ({"video": {"url": URL}, "thumbnail": {"url": URL + "2"}, "spritesheet": None}, (URL,)),
    "bare addresses": ({"images": [URL]}, (URL,)),
    "null beside": ({"images": None, "video": {"url": URL}}, (URL,)),
    "nulls between": ({"images": [None, {"url": None}, {}, 5, {"url": URL}]}, (URL,)),
    "no addresses": ({"images": ["ftp://x/y", "https://", "https://[", URL + " x", {"url": URL}]}, (URL,)),
    "one of two black": ({"images": [URL, URL + "2"], "has_nsfw_concepts": [True, False]}, (URL + "2",)),
    "fewer flags": ({"images": [{"url": URL}, {"url": URL + "2"}], "has_nsfw_concepts": [False]}, (URL, URL + "2")),
    "strange flags": ({"images": [{"url": URL}], "has_nsfw_concepts": "yes"}, (URL,)),
}  # fmt: skip


@pytest.mark.parametrize(("output", "urls"), OUTPUTS.values(), ids=OUTPUTS.keys())
def test_outputs_are_found_in_every_shape(output: object, urls: tuple[str, ...], fetch) -> None:
    update = fetch(COMPLETED, (200, output))
    assert (update.state, update.output_urls) == (JobState.SUCCEEDED, urls)


def test_only_black_pictures_are_a_refusal(fetch) -> None:
    update = fetch(COMPLETED, (200, {"images": [{"url": URL}], "has_nsfw_concepts": [True]}))
    assert (update.state, update.error_code, update.output_urls) == (JobState.FAILED, ErrorCode.CONTENT_REFUSED, ())


@pytest.mark.parametrize("output", [{}, {"images": []}, {"image": None}, {"images": {}}, {"text": URL}, {"video": []}])
def test_success_without_an_output_is_a_failure(output: object, fetch) -> None:
    update = fetch(COMPLETED, (200, output))
    assert (update.state, update.error_code) == (JobState.FAILED, ErrorCode.NO_OUTPUT)


def test_more_outputs_than_we_keep_are_counted(fetch) -> None:
    update = fetch(COMPLETED, (200, {"images": [{"url": f"{URL}?{number}"} for number in range(100)]}))
    assert len(update.output_urls) == 16
    assert "84" in update.error_detail


@pytest.mark.parametrize(
    ("header", "units"),
    [("8.439999999999998", 8.439999999999998), ("x", None), ("-1", None), ("nan", None), ("inf", None)],
)
def test_units_are_a_number_or_nothing(header: str, units: float | None, fetch) -> None:
    update = fetch(COMPLETED, (200, {"image": {"url": URL}}, {"x-fal-billable-units": header}))
    assert update.billed_units == units


@pytest.mark.parametrize(
    ("status", "state", "position"),
    [
        ({"status": "IN_QUEUE", "queue_position": 3}, JobState.WAITING, 3),
        ({"status": "IN_QUEUE"}, JobState.WAITING, None),
        ({"status": "IN_QUEUE", "queue_position": True}, JobState.WAITING, None),
        ({"status": "IN_PROGRESS", "logs": None}, JobState.RUNNING, None),
        ({"status": "FAILED"}, JobState.RUNNING, None),
        ({"status": "completed"}, JobState.RUNNING, None),
        ({"status": None}, JobState.RUNNING, None),
        ({}, JobState.RUNNING, None),
    ],
)
def test_an_open_job_is_one_question(
    status: dict[str, Any], state: JobState, position: int | None, serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(answers(202, status))
    update = Fal(line_to(server.origin)).fetch(REF)
    assert (update.state, update.queue_position) == (state, position)
    assert len(server.calls) == 1


def problem(kind: str, words: str = "no") -> dict[str, Any]:
    return {"detail": [{"loc": ["body", "prompt"], "msg": words, "type": kind}]}


ENDS: dict[str, tuple[dict[str, Any], tuple[int, object] | tuple[int, object, dict[str, str]], str]] = {
    "content": ({}, (422, problem("content_policy_violation")), "content_refused"),
    "content in words": ({}, (422, {"detail": "NSFW content"}), "content_refused"),
    "a typed problem that quotes": ({}, (422, problem("file_too_large", "nsfw timed out")), "input_refused"),
    "a broken file": ({}, (422, problem("file_download_error")), "input_refused"),
    "nothing made": ({}, (422, problem("no_media_generated")), "no_output"),
    "downstream": ({}, (400, problem("downstream_service_error")), "provider_failed"),
    "inside": ({}, (500, problem("internal_server_error")), "provider_failed"),
    "too long": ({}, (504, problem("generation_timeout")), "provider_timed_out"),
    "the fuse": ({"error_type": "request_timeout"}, (504, {"detail": "Request timed out"}), "provider_timed_out"),
    "the fuse in a header": ({}, (500, {"detail": "x"}, {"X-Fal-Error-Type": "startup_timeout"}), "provider_timed_out"),
    "told by the status alone": ({"error": "broke"}, (500, b"<html>"), "provider_failed"),
    "runner": ({}, (503, {"detail": "x", "error_type": "runner_disconnected"}), "provider_failed"),
    "403 of the model": ({"error": "Invalid status code: 403"}, (403, {"detail": "partner says no"}), "input_refused"),
}


@pytest.mark.parametrize(("more", "result", "code"), ENDS.values(), ids=ENDS.keys())
def test_completed_may_be_a_failure(more: dict[str, Any], result: Any, code: str, fetch) -> None:
    update = fetch(COMPLETED | more, result)
    assert (update.state, update.error_code) == (JobState.FAILED, code)
    assert update.error_detail


@pytest.mark.parametrize(
    ("more", "result"),
    [
        ({"error": "x", "error_type": "client_cancelled"}, (200, {})),
        ({}, (499, {"detail": "x", "error_type": "client_cancelled"})),
        ({}, (499, {"detail": "Client closed request"})),
    ],
)
def test_a_cancelled_job_is_completed_too(more: dict[str, Any], result: Any, fetch) -> None:
    assert fetch(COMPLETED | more, result).state is JobState.CANCELLED


def test_a_result_that_is_not_ready_is_waited_for(fetch) -> None:
    assert fetch(COMPLETED, (400, {"detail": "Request is still in progress"})).state is JobState.RUNNING


@pytest.mark.parametrize("result", [answers(502, b"<html>"), answers(500, {}), answers(200, b"<html>"), hangs_up])
def test_a_broken_call_for_the_result_ends_nothing(result: Any, serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(Transient):
        Fal(line_to(serve(answers(200, COMPLETED), result).origin)).fetch(REF)


@pytest.mark.parametrize(("status", "error"), [(401, TokenInvalid), (404, NotFound), (429, RateLimited)])
def test_some_answers_for_the_result_speak_of_us(status: int, error: Any, fetch) -> None:
    with pytest.raises(error):
        fetch(COMPLETED, (status, {"detail": "no"}))


def test_an_answer_about_another_job_is_not_believed(fetch) -> None:
    with pytest.raises(Transient):
        fetch({"status": "COMPLETED", "request_id": "another"}, (200, {"image": {"url": URL}}))


def told(**changes: Any) -> JobUpdate:
    body = {"request_id": RID, "gateway_request_id": "x", "status": "OK", "error": None, "payload": {}} | changes
    return Fal(LINE).parse_webhook({}, json.dumps(body).encode())


def test_the_real_delivery_is_read() -> None:
    update = Fal(LINE).parse_webhook({}, recorded("fal", "succeeded").webhook or b"")
    assert (update.external_id, update.state) == (RID, JobState.SUCCEEDED)
    assert update.output_urls == ("https://v3.fal.media/files/lion/O853qAknYZGU8_2QCbJwd.jpeg",)
    assert update.provider_seconds == 2.107286686077714


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": None, "payload_error": "Response payload is not JSON serializable"},
        {"payload": {"image": {"url": URL}}, "payload_error": "x"},
        {"payload": None},
        {"payload": [1]},
        {"status": "DANCING"},
        {"status": None},
    ],
)
def test_a_delivery_that_cannot_tell_the_result_makes_us_ask(changes: dict[str, Any]) -> None:
    assert told(**changes).state is JobState.RUNNING


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"error": "Invalid status code: 422", "payload": problem("content_policy_violation")}, "content_refused"),
        ({"error": "Invalid status code: 422", "payload": problem("missing")}, "input_refused"),
        ({"error": "Invalid status code: 422", "payload": None}, "input_refused"),
        ({"error": "Invalid status code: 500", "payload": {"detail": "x"}}, "provider_failed"),
        ({"error": "Request timed out", "payload": None}, "provider_timed_out"),
        ({"error": None, "payload": None}, "provider_failed"),
        ({"error": 5, "payload": 5}, "provider_failed"),
    ],
)
def test_an_error_is_told_with_its_reason(changes: dict[str, Any], code: str) -> None:
    update = told(status="ERROR", **changes)
    assert (update.state, update.error_code) == (JobState.FAILED, code)


@pytest.mark.parametrize("request_id", [None, 5, "", "../x", "a\x00", "\ud800", "x" * 500])
def test_a_delivery_about_no_job_is_unreadable(request_id: object) -> None:
    with pytest.raises(UnreadableWebhook):
        told(request_id=request_id)


def test_the_vendors_words_are_kept_short_and_storable() -> None:
    update = told(status="ERROR", payload={"detail": "a\x00\ud800" + "b" * 9_000})
    assert "\x00" not in update.error_detail
    assert update.error_detail.encode()
    assert len(update.error_detail) <= 2_000

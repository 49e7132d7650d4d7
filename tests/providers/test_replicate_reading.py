"""Replicate's prediction object in every shape it has been seen in, and in some it may yet take."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.adapters.replicate import Replicate
from providers.adapters.replicate_predictions import STATES, moment, read
from providers.contract import ErrorCode, JobRef, JobState
from providers.errors import NotFound, Transient
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import examples, recorded
from tests.providers.server import answers

URL = "https://replicate.delivery/pbxt/x/out-0.webp"
# All that the reference knows: https://replicate.com/docs/reference/http#predictions.get
DOCUMENTED = {"starting", "processing", "succeeded", "failed", "canceled", "aborted"}


def prediction(**changes: Any) -> dict[str, Any]:
    return {"id": "abc123", "status": "succeeded", "output": [URL], "created_at": "2026-11-22T10:00:00Z"} | changes


def test_every_documented_status_has_a_state() -> None:
    assert set(STATES) == DOCUMENTED
    assert {STATES[status] for status in ("succeeded", "failed", "canceled", "aborted")} == {
        state for state in JobState if state.is_final
    }


@pytest.mark.parametrize("status", ["queued", "Succeeded", "SUCCEEDED", "cancelled", "", None, 5, ["failed"], {}])
def test_a_status_never_seen_means_still_at_it(status: object) -> None:
    assert read(prediction(status=status)).state is JobState.RUNNING
    without = prediction()
    del without["status"]
    assert read(without).state is JobState.RUNNING


@pytest.mark.parametrize("name", ["succeeded", "succeeded_settled"])
def test_both_recorded_shapes_of_success_say_the_same(name: str) -> None:
    update = read(recorded("replicate", name).object)
    assert update.external_id == "vgcm4plb7tgzlyznry5d5jkgvu"
    assert update.state is JobState.SUCCEEDED
    assert update.output_urls == (
        "https://replicate.delivery/pbxt/9inf36wjsEWuQ6XTf84iezPftv9QZdePfGySnU5tUai3BOrWE/out-0.png",
    )
    assert update.provider_seconds == 3.804328


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["model"])
def test_every_real_example_has_its_outputs(example: dict[str, Any]) -> None:
    update = read(example)
    expected = example["output"] if isinstance(example["output"], list) else [example["output"]]
    assert update.state is JobState.SUCCEEDED
    assert list(update.output_urls) == expected
    assert update.provider_seconds == example["metrics"]["predict_time"]


OUTPUTS: dict[str, tuple[object, tuple[str, ...]]] = {
    "one address": (URL, (URL,)),
    "a list": ([URL, URL + "2"], (URL, URL + "2")),
    "an object": ({"image": URL, "mask": URL + "2"}, (URL, URL + "2")),
    "lists in an object": ({"images": [URL], "seed": 5}, (URL,)),
    "an inline file beside an address": (["data:image/png;base64,AAAA", URL], (URL,)),
    "text beside an address": (["a caption", URL], (URL,)),
    "no address at all beside one": (["file:///etc/passwd", "ftp://x/y", "https://", "https://[", URL], (URL,)),
    "an address with a space or a line": ([URL + " x", URL + "\n", URL + "\x00", URL + "ж", URL], (URL,)),
}


@pytest.mark.parametrize(("output", "urls"), OUTPUTS.values(), ids=OUTPUTS.keys())
def test_outputs_are_found_in_every_form(output: object, urls: tuple[str, ...]) -> None:
    update = read(prediction(output=output))
    assert update.state is JobState.SUCCEEDED
    assert update.output_urls == urls


def deep(levels: int) -> object:
    value: object = URL
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "output", [None, "", [], {}, 5, True, [None], [[]], "just text", ["a", "haiku"], deep(50)], ids=repr
)
def test_success_without_an_output_is_a_failure(output: object) -> None:
    update = read(prediction(output=output))
    assert update.state is JobState.FAILED
    assert update.error_code == ErrorCode.NO_OUTPUT
    assert update.output_urls == ()


def test_success_without_the_field_is_a_failure() -> None:
    without = prediction()
    del without["output"]
    assert read(without).error_code == ErrorCode.NO_OUTPUT


def test_success_with_an_inline_file_is_not_settled_yet() -> None:
    update = read(prediction(output="data:image/png;base64," + "A" * 400_000))
    assert update.state is JobState.RUNNING
    assert update.output_urls == ()
    assert update.error_code == ""


def test_an_output_shown_before_the_end_is_not_used() -> None:
    assert read(prediction(status="processing")).output_urls == ()
    assert read(recorded("replicate", "running").object).output_urls == ()


def test_an_output_that_was_removed_has_expired() -> None:
    update = read(prediction(output=None, data_removed=True))
    assert (update.state, update.error_code) == (JobState.FAILED, ErrorCode.OUTPUT_EXPIRED)


def test_more_outputs_than_we_keep_are_counted() -> None:
    update = read(prediction(output=[f"{URL}?{number}" for number in range(1_000)]))
    assert update.state is JobState.SUCCEEDED
    assert len(update.output_urls) == 16
    assert "984" in update.error_detail


FAILURES = [
    ("NSFW content detected. Try running it again, or try a different prompt.", ErrorCode.CONTENT_REFUSED),
    ("All generated images contained NSFW content. Try a different prompt.", ErrorCode.CONTENT_REFUSED),
    ("The input or output was flagged as sensitive. Please try again. (E005)", ErrorCode.CONTENT_REFUSED),
    ("Error generating image: Prediction failed (E005)", ErrorCode.CONTENT_REFUSED),
    ('Prediction input failed validation: {"detail":[{"loc":["body","input","images"]}]}', ErrorCode.INPUT_REFUSED),
    ("Prediction timed out", ErrorCode.PROVIDER_TIMED_OUT),
    ("Director: request timeout", ErrorCode.PROVIDER_TIMED_OUT),
    ("E6716: the model did not start in time", ErrorCode.PROVIDER_TIMED_OUT),
    ("CUDA out of memory (E1001)", ErrorCode.PROVIDER_FAILED),
    ("unsupported NSFWX", ErrorCode.CONTENT_REFUSED),
    ("", ErrorCode.PROVIDER_FAILED),
    (None, ErrorCode.PROVIDER_FAILED),
    ({"detail": "something else"}, ErrorCode.PROVIDER_FAILED),
    (["NSFW"], ErrorCode.CONTENT_REFUSED),
]


@pytest.mark.parametrize(("error", "code"), FAILURES, ids=str)
def test_a_failed_run_is_sorted_by_its_text(error: object, code: ErrorCode) -> None:
    update = read(prediction(status="failed", output=None, error=error))
    assert (update.state, update.error_code) == (JobState.FAILED, code)


def test_the_vendors_words_are_kept_short_and_storable() -> None:
    update = read(prediction(status="failed", error="a\x00\ud800" + "b" * 9_000))
    assert update.error_detail.startswith("a?b")
    assert len(update.error_detail) == 1_999


@pytest.mark.parametrize("status", ["canceled", "aborted"])
def test_ended_by_the_fuse_is_a_timeout_and_ended_before_it_a_cancellation(status: str) -> None:
    times = {"deadline": "2026-11-22T10:05:00Z", "completed_at": "2026-11-22T10:05:00.120Z"}
    update = read(prediction(status=status, output=None, **times))
    assert (update.state, update.error_code) == (JobState.FAILED, ErrorCode.PROVIDER_TIMED_OUT)
    for changes in ({"completed_at": "2026-11-22T10:04:59.9Z"}, {"deadline": None}, {"completed_at": "soon"}):
        update = read(prediction(status=status, output=None, **(times | changes)))
        assert (update.state, update.error_code) == (JobState.CANCELLED, "")


@pytest.mark.parametrize(
    "metrics",
    [None, {}, [], *({"predict_time": value} for value in (None, "3", True, -1, 1e300, float("inf"), 10**400))],
)
def test_seconds_that_are_none_are_left_out(metrics: object) -> None:
    assert read(prediction(metrics=metrics)).provider_seconds is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-10-04T18:07:40.328Z", datetime(2024, 10, 4, 18, 7, 40, 328_000, UTC)),
        ("2023-11-27T13:35:45.99397566Z", datetime(2023, 11, 27, 13, 35, 45, 993_975, UTC)),
        ("2023-11-27T13:35:45.123456789Z", datetime(2023, 11, 27, 13, 35, 45, 123_456, UTC)),
        ("2023-08-16T18:57:12.170420Z", datetime(2023, 8, 16, 18, 57, 12, 170_420, UTC)),
        ("2023-08-16T18:57:12Z", datetime(2023, 8, 16, 18, 57, 12, 0, UTC)),
        ("2023-08-16T20:57:12+02:00", datetime(2023, 8, 16, 18, 57, 12, 0, UTC)),
        ("2023-08-16T18:57:12", datetime(2023, 8, 16, 18, 57, 12, 0, UTC)),
        ("0001-01-01T00:00:00+23:59", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1_700_000_000, None),
    ],
)
def test_times_are_read_in_every_precision(text: object, expected: datetime | None) -> None:
    assert moment(text) == expected


def test_recorded_times_are_all_readable() -> None:
    for name in ("submitted", "submitted_2024", "running", "succeeded", "succeeded_settled"):
        assert moment(recorded("replicate", name).object["created_at"]) is not None


def test_an_answer_about_another_job_is_not_believed(serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(Transient, match="other"):
        Replicate(line_to(serve(answers(200, prediction(id="other"))).origin)).fetch(JobRef(external_id="abc123"))


def test_a_job_that_is_gone_is_not_found(serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(NotFound):
        Replicate(line_to(serve(answers(404, {"detail": "Not found.", "status": 404})).origin)).fetch(
            JobRef(external_id="abc123")
        )


def test_cancelling_is_a_post_to_the_job(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(200, prediction()))
    update = Replicate(line_to(f"{server.origin}/v1")).cancel(JobRef(external_id="abc123"))
    [call] = server.calls
    assert (call.method, call.target) == ("POST", "/v1/predictions/abc123/cancel")
    assert update.state is JobState.SUCCEEDED  # too late: its final word decides


def test_anything_json_can_say_is_read_or_has_no_id() -> None:
    values: list[object] = [None, True, 1, 1e308, "x", [], {}, [[[]]], {"a": {"b": "https://x.example/y"}}]
    for value in values:
        for key in ("status", "output", "error", "metrics", "created_at", "completed_at", "deadline", "data_removed"):
            update = read(json.loads(json.dumps(prediction(**{key: value}))))
            assert update.external_id == "abc123"

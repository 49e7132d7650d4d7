"""fal's queue: what is accepted, how it is told on its way and at its end, how it is cancelled, what is refused."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox.fal import DEV, EDIT, WAN, Fal
from tests.sandbox.running import RunningSandbox, eventually


@pytest.fixture
def fal(sandbox: RunningSandbox) -> Iterator[Fal]:
    there = Fal(sandbox)
    yield there
    there.http.close()


def test_a_submit_is_answered_with_addresses_that_drop_the_path(fal: Fal) -> None:
    shown = fal.accepted("a lake [[slow=600]]")
    root = f"{fal.queue}/fal-ai/flux/requests/{shown['request_id']}"
    assert (shown["status"], shown["queue_position"]) == ("IN_QUEUE", 0)
    assert shown["response_url"] == root
    assert (shown["status_url"], shown["cancel_url"]) == (f"{root}/status", f"{root}/cancel")
    whole = f"{fal.queue}/{DEV}/requests/{shown['request_id']}/status"
    assert fal.http.get(whole, timeout=5).status_code == 404


def test_two_work_at_once_and_the_line_counts_down(fal: Fal) -> None:
    first, second = (fal.accepted(f"{number} [[slow=600]]") for number in range(2))
    third, fourth = (fal.accepted(f"{number} [[slow=600]]") for number in (3, 4))
    eventually(lambda: fal.is_at(first, "IN_PROGRESS") and fal.is_at(second, "IN_PROGRESS"))
    assert [fal.status(one).json()["queue_position"] for one in (third, fourth)] == [0, 1]
    assert fal.status(fourth).status_code == 202
    fal.cancel(first)
    eventually(lambda: fal.is_at(third, "IN_PROGRESS"))
    assert fal.status(fourth).json()["queue_position"] == 0


def test_another_account_has_a_line_of_its_own(fal: Fal) -> None:
    for number in range(3):
        fal.accepted(f"{number} [[slow=600]]")
    other = {"Authorization": "Key other:secret"}
    theirs = fal.accepted("theirs [[slow=600]]", headers=other)
    eventually(lambda: fal.is_at(theirs, "IN_PROGRESS"))


def test_logs_are_told_when_asked_for(fal: Fal) -> None:
    shown = fal.accepted("a lake")
    fal.result(shown)
    plain, full = fal.status(shown), fal.status(shown, logs="1")
    assert plain.json()["logs"] is None
    assert full.json()["logs"][-1]["message"] == "step 4 of 4"
    assert full.status_code == 200
    assert full.json()["metrics"]["inference_time"] >= 0


def test_the_result_is_the_models_output_with_a_seed_no_float_can_hold(fal: Fal) -> None:
    answer = fal.result(fal.accepted("a lake", num_images=2, seed=17454220438242315174))
    body = answer.json()
    assert b"17454220438242315174" in answer.content
    assert body["has_nsfw_concepts"] == [False, False]
    assert float(answer.headers["x-fal-billable-units"]) == pytest.approx(2 * 512 * 512 / 1e6)
    for one in body["images"]:
        file = requests.get(one["url"], timeout=5)
        picture = Image.open(io.BytesIO(file.content))
        assert (picture.size, file.headers["content-type"]) == ((one["width"], one["height"]), one["content_type"])


def test_a_result_that_is_not_ready_is_400(fal: Fal) -> None:
    shown = fal.accepted("x [[slow=600]]")
    answer = fal.http.get(shown["response_url"], timeout=5)
    assert (answer.status_code, answer.json()) == (400, {"detail": "Request is still in progress"})


def picture(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(content, "PNG")
    return content.getvalue()


def test_an_edit_works_on_the_file_that_was_handed_over(fal: Fal) -> None:
    address = fal.upload(picture("orange"))
    assert requests.get(address, timeout=5).content == picture("orange")
    body = fal.result(fal.accepted("in winter", EDIT, image_urls=[address])).json()
    [one] = body["images"]
    assert (one["file_size"], one["width"], one["height"]) == (None, None, None)
    made = Image.open(io.BytesIO(requests.get(one["url"], timeout=5).content))
    assert made.size == (320, 240)


def test_a_file_is_put_with_its_signature_only(fal: Fal) -> None:
    announced = fal.http.post(
        f"{fal.rest}/storage/upload/initiate", json={"file_name": "x", "content_type": "image/png"}, timeout=5
    ).json()
    assert requests.put(announced["file_url"], data=b"x", timeout=5).status_code == 403
    assert requests.get(announced["file_url"], timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("reference", "kind"),
    [("https://example.com/a.png", "file_download_error"), ("data:image/png;base64,AAAA", "image_load_error")],
)
def test_a_file_that_cannot_be_had_is_the_jobs_end(fal: Fal, reference: str, kind: str) -> None:
    answer = fal.result(fal.accepted("x", EDIT, image_urls=[reference]))
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (422, kind)


@pytest.mark.parametrize(
    ("endpoint", "given", "place", "kind"),
    [
        (DEV, {"prompt": None}, "prompt", "string_type"),
        (DEV, {"num_images": 5}, "num_images", "less_than_equal"),
        (DEV, {"num_images": True}, "num_images", "int_type"),
        (DEV, {"output_format": "gif"}, "output_format", "one_of"),
        (DEV, {"aspect_ratio": "1:1"}, "aspect_ratio", "extra_forbidden"),
        (EDIT, {}, "image_urls", "missing"),
    ],
)
def test_inputs_are_strict_and_what_is_wrong_is_told_at_the_end(
    fal: Fal, endpoint: str, given: dict[str, Any], place: str, kind: str
) -> None:
    body = {"prompt": "x"} | given
    shown = fal.http.post(f"{fal.queue}/{endpoint}", json=body, timeout=5).json()
    answer = fal.result(shown)
    assert answer.status_code == 422
    [detail] = answer.json()["detail"]
    assert (detail["loc"], detail["type"]) == (["body", place], kind)
    assert "error" not in fal.status(shown).json()


@pytest.mark.parametrize(
    ("directive", "status", "kind"),
    [
        ("refuse", 422, "content_policy_violation"),
        ("fail", 500, "internal_server_error"),
        ("fail=out of paint", 500, "internal_server_error"),
        ("fail=generation_timeout", 504, "generation_timeout"),
        ("fail=no_media_generated", 422, "no_media_generated"),
    ],
)
def test_completed_is_not_success(fal: Fal, directive: str, status: int, kind: str) -> None:
    answer = fal.result(fal.accepted(f"x [[{directive}]]"))
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (status, kind)


def test_a_filter_may_blacken_what_it_finds(fal: Fal) -> None:
    body = fal.result(fal.accepted("x [[refuse=black]]")).json()
    assert body["has_nsfw_concepts"] == [True]
    made = Image.open(io.BytesIO(requests.get(body["images"][0]["url"], timeout=5).content))
    assert made.convert("L").getextrema() == (0, 0)


def test_success_may_be_empty(fal: Fal) -> None:
    assert fal.result(fal.accepted("x [[empty]]")).json()["images"] == []
    assert fal.result(fal.accepted("x [[null]]")).json()["images"] is None


def test_who_does_not_start_in_time_is_ended(fal: Fal) -> None:
    for number in range(2):
        fal.accepted(f"{number} [[slow=600]]")
    late = fal.accepted("late", headers={"X-Fal-Request-Timeout": "30"})
    fal.sandbox.control("clock", advance_seconds=31)
    answer = fal.result(late)
    assert answer.status_code == 504
    assert answer.headers["X-Fal-Request-Timeout-Type"] == "user"
    assert fal.status(late).json()["error_type"] == "request_timeout"


def test_cancelling_has_three_answers(fal: Fal) -> None:
    shown = fal.accepted("x [[slow=600]]")
    asked, again = fal.cancel(shown), fal.cancel(shown)
    assert (asked.status_code, asked.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    assert (again.status_code, again.json()) == (400, {"status": "ALREADY_COMPLETED"})
    unknown = fal.http.put(f"{fal.queue}/fal-ai/flux/requests/nothing/cancel", timeout=5)
    assert (unknown.status_code, unknown.json()) == (404, {"status": "NOT_FOUND"})
    assert fal.result(shown).status_code == 499
    assert fal.status(shown).json()["error_type"] == "client_cancelled"


def test_a_cancelled_job_may_still_finish(fal: Fal) -> None:
    shown = fal.accepted("x [[slow=60]] [[unstoppable]]")
    eventually(lambda: fal.is_at(shown, "IN_PROGRESS"))
    assert fal.cancel(shown).status_code == 202
    fal.sandbox.control("clock", advance_seconds=61)
    assert fal.result(shown).status_code == 200


def test_the_stream_tells_each_change_and_ends(fal: Fal) -> None:
    shown = fal.accepted("x [[slow=0.5]]")
    answer = fal.http.get(f"{shown['status_url']}/stream?logs=1", timeout=20)
    words = [line for line in answer.text.splitlines() if line.startswith("data: ")]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"COMPLETED"' in words[-1]
    assert '"IN_PROGRESS"' in words[-2]


@pytest.mark.parametrize("endpoint", ["fal-ai/flux/nothing", "fal-ai/nothing", "x"])
def test_an_endpoint_without_a_schema_is_not_there(fal: Fal, endpoint: str) -> None:
    answer = fal.http.post(f"{fal.queue}/{endpoint}", json={"prompt": "x"}, timeout=5)
    assert answer.status_code == 404
    assert "not found" in answer.json()["detail"]


@pytest.mark.parametrize("key", ["", "Bearer test:secret", "Key half", "Key :secret", "Key id:"])
def test_a_key_has_two_halves(fal: Fal, key: str) -> None:
    answer = fal.submit("x", headers={"Authorization": key})
    assert answer.status_code == 401
    assert fal.sandbox.journal("") == []


@pytest.mark.parametrize(
    ("directive", "status"),
    [("401", 401), ("402", 403), ("403=admin", 403), ("422", 422), ("429=7", 429), ("500", 500)],
)
def test_a_prompt_can_ask_to_be_refused(fal: Fal, directive: str, status: int) -> None:
    answer = fal.submit(f"x [[{directive}]]")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert ("User is locked" in answer.text) is (status == 403)
    assert fal.sandbox.journal("") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"'])
def test_a_body_that_is_no_object_is_refused(fal: Fal, body: bytes) -> None:
    assert fal.http.post(f"{fal.queue}/{DEV}", data=body, timeout=5).status_code == 422


@pytest.mark.parametrize("timeout", ["0", "0.1", "-1", "soon", "inf"])
def test_a_start_timeout_is_a_number_of_seconds(fal: Fal, timeout: str) -> None:
    assert fal.submit("x", headers={"X-Fal-Request-Timeout": timeout}).status_code == 400


def test_the_list_has_what_ended_with_its_inputs(fal: Fal) -> None:
    done = [fal.accepted(f"number {number}") for number in range(3)]
    for one in done:
        fal.result(one)
    fal.accepted("open [[slow=600]]")
    address = f"{fal.sandbox.origin}/fal/api/v1/models/requests/by-endpoint"
    asked = {"endpoint_id": DEV, "limit": "2", "expand": "payloads"}
    first = fal.http.get(address, params=asked, timeout=5).json()
    second = fal.http.get(address, params=asked | {"cursor": first["next_cursor"]}, timeout=5).json()
    items = first["items"] + second["items"]
    assert [first["has_more"], second["has_more"], second["next_cursor"]] == [True, False, None]
    assert {item["request_id"] for item in items} == {one["request_id"] for one in done}
    assert {item["json_input"]["prompt"] for item in items} == {"number 0", "number 1", "number 2"}
    assert "json_input" not in fal.http.get(address, params={"endpoint_id": DEV}, timeout=5).json()["items"][0]
    assert fal.http.get(address, timeout=5).json()["error"]["type"] == "validation_error"


def test_a_film_is_made(fal: Fal) -> None:
    body = fal.result(fal.accepted("waves", WAN, duration=2, resolution="720p")).json()
    file = requests.get(body["video"]["url"], timeout=5)
    assert file.headers["content-type"] == "video/mp4"
    assert file.content[4:8] == b"ftyp"

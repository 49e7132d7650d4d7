"""Requests as Higgsfield documents them: keys, objects, cancelling, idempotency, refusals, files, estimates."""

import io
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox.higgsfield import DOP, KLING, SOUL, Higgsfield
from tests.sandbox.running import RunningSandbox, eventually


@pytest.fixture
def higgsfield(sandbox: RunningSandbox) -> Higgsfield:
    return Higgsfield(sandbox)


def png(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(out, "PNG")
    return out.getvalue()


def upload(higgsfield: Higgsfield, content: bytes) -> str:
    """The public address of an uploaded picture."""
    offer = higgsfield.call("POST", "files/generate-upload-url", json={"content_type": "image/png"}).json()
    put = requests.put(offer["upload_url"], data=content, headers=offer["upload_headers"], timeout=10)
    assert put.status_code == 200
    return str(offer["public_url"])


def test_a_request_goes_from_the_queue_to_its_pictures(higgsfield: Higgsfield) -> None:
    fresh = higgsfield.accepted("a lighthouse", aspect_ratio="16:9", batch_size=4)
    own = f"{higgsfield.base}/requests/{fresh['request_id']}"
    assert fresh == {
        "status": "queued",
        "request_id": fresh["request_id"],
        "status_url": f"{own}/status",
        "cancel_url": f"{own}/cancel",
    }
    done = higgsfield.ended(fresh["request_id"])
    assert done.keys() == fresh.keys() | {"images"}
    assert len({image["url"] for image in done["images"]}) == 4
    picture = Image.open(io.BytesIO(requests.get(done["images"][0]["url"], timeout=10).content))
    assert picture.width > picture.height


def test_a_film_begins_with_the_picture_that_was_uploaded(higgsfield: Higgsfield) -> None:
    done = higgsfield.ended(
        higgsfield.accepted("slowly closer", KLING, image_url=upload(higgsfield, png()), duration=3)["request_id"]
    )
    film = requests.get(done["video"]["url"], timeout=10)
    assert film.headers["content-type"] == "video/mp4"
    assert film.content[4:8] == b"ftyp"


@pytest.mark.parametrize(
    "reference",
    [
        "{base}/store/00000000-0000-0000-0000-000000000000",
        "https://example.org/a.png",
        "http://127.0.0.1:99999/a.png",
        "data:image/png;base64,AAAA",
    ],
)
def test_an_input_that_cannot_be_had_fails_the_request(reference: str, higgsfield: Higgsfield) -> None:
    fresh = higgsfield.accepted("closer", KLING, image_url=reference.replace("{base}", higgsfield.base))
    done = higgsfield.ended(fresh["request_id"])
    assert (done["status"], bool(done["error"])) == ("failed", True)


def test_an_upload_is_refused_when_control_says_so(higgsfield: Higgsfield) -> None:
    higgsfield.sandbox.control("faults", fault="upload", value="503")
    assert higgsfield.call("POST", "files/generate-upload-url", json={"content_type": "image/png"}).status_code == 503


@pytest.mark.parametrize(
    ("directive", "status", "more"),
    [("refuse", "nsfw", set()), ("fail=out of paint", "failed", {"error"}), ("empty", "completed", {"images"})],
)
def test_a_request_ends_otherwise_when_told(
    directive: str, status: str, more: set[str], higgsfield: Higgsfield
) -> None:
    fresh = higgsfield.accepted(f"a wall [[{directive}]]")
    done = higgsfield.ended(fresh["request_id"])
    assert done["status"] == status
    assert done.keys() - fresh.keys() == more


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer id:secret"},
        {"Authorization": "Key id"},
        {"Authorization": "Key id:"},
        {"hf-api-key": "id"},
        {"hf-secret": "secret"},
    ],
)
def test_without_a_whole_key_nobody_comes_in(headers: dict[str, str], higgsfield: Higgsfield) -> None:
    answer = higgsfield.call("POST", SOUL, json={"prompt": "x"}, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid credentials"})
    assert higgsfield.sandbox.journal("") == []


def test_both_ways_of_saying_the_key_are_taken(higgsfield: Higgsfield) -> None:
    for headers in (
        {"Authorization": "Key a:b"},
        {"hf-api-key": "a", "hf-secret": "b"},
        {"Authorization": "Key sandbox"},
    ):
        assert higgsfield.call("GET", "models", headers=headers).status_code == 200


def test_answers_name_the_host_that_was_called(higgsfield: Higgsfield) -> None:
    other = higgsfield.base.replace("127.0.0.1", "localhost")
    answer = higgsfield.call("POST", f"{other}/{SOUL}", json={"prompt": "two names"}).json()
    assert answer["status_url"].startswith(f"{other}/requests/")
    assert higgsfield.status(answer["request_id"])["status_url"].startswith(higgsfield.base)


def test_the_same_key_and_wish_is_the_same_request(higgsfield: Higgsfield) -> None:
    first = higgsfield.accepted("twice", key="k-1", seed=5)
    done = higgsfield.ended(first["request_id"])
    # The order of fields does not matter, and an ended request keeps its key.
    again = higgsfield.call(
        "POST",
        SOUL,
        data=b'{"seed": 5, "prompt": "twice"}',
        headers={"Authorization": "Key other:key", "Idempotency-Key": "k-1", "Content-Type": "application/json"},
    ).json()
    assert again == done
    assert len(higgsfield.sandbox.journal("twice")) == 1


@pytest.mark.parametrize(
    ("model", "more"),
    [(SOUL, {"seed": 6}), (SOUL, {"seed": 5, "hook": "http://127.0.0.1:9/hook"}), ("higgsfield-ai/soul/cinema", {})],
)
def test_the_same_key_with_another_wish_is_refused(model: str, more: dict[str, Any], higgsfield: Higgsfield) -> None:
    higgsfield.accepted("once", key="k-2", seed=5)
    answer = higgsfield.submit("once", model, key="k-2", **more)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)
    assert len(higgsfield.sandbox.journal("once")) == 1


def test_a_refused_submit_uses_up_no_key(higgsfield: Higgsfield) -> None:
    assert higgsfield.submit("later", key="k-3", seed=0).status_code == 422
    higgsfield.accepted("later", key="k-3", seed=1)


@pytest.mark.parametrize("key", ["two words", "k" * 256])
def test_a_key_is_visible_ascii(key: str, higgsfield: Higgsfield) -> None:
    assert higgsfield.submit("x", key=key).status_code == 400


def test_a_waiting_request_is_cancelled_without_a_word(higgsfield: Higgsfield) -> None:
    waiting = higgsfield.accepted("wait [[queue=60]]")
    answer = higgsfield.call("POST", waiting["cancel_url"])
    assert (answer.status_code, answer.content) == (202, b"")
    assert higgsfield.status(waiting["request_id"])["status"] == "canceled"
    assert higgsfield.call("POST", waiting["cancel_url"]).status_code == 400


def test_a_started_request_cannot_be_cancelled(higgsfield: Higgsfield) -> None:
    started = higgsfield.accepted("work [[slow=60]]")
    eventually(lambda: higgsfield.status(started["request_id"])["status"] == "in_progress")
    answer = higgsfield.call("POST", started["cancel_url"])
    assert (answer.status_code, "already started" in answer.json()["detail"]) == (400, True)
    assert higgsfield.status(started["request_id"])["status"] == "in_progress"


@pytest.mark.parametrize(
    ("body", "kind", "loc"),
    [
        ({}, "missing", ["body", "prompt"]),
        ({"prompt": 5}, "string_type", ["body", "prompt"]),
        ({"prompt": "x", "seed": 0}, "greater_than_equal", ["body", "seed"]),
        ({"prompt": "x", "seed": True}, "integer_type", ["body", "seed"]),
        ({"prompt": "x", "resolution": "4k"}, "literal_error", ["body", "resolution"]),
        ({"prompt": "x", "steps": 5}, "extra_forbidden", ["body", "steps"]),
    ],
)
def test_a_wrong_field_is_told_where_it_stands(
    body: dict[str, object], kind: str, loc: list[str], higgsfield: Higgsfield
) -> None:
    answer = higgsfield.call("POST", SOUL, json=body)
    assert answer.status_code == 422
    [told] = answer.json()["detail"]
    assert (told["type"], told["loc"]) == (kind, loc)
    assert told["msg"]


@pytest.mark.parametrize("path", ["nobody/nothing", "v1/image2video/nothing", "requests"])
def test_a_model_that_is_not_there_is_not_found(path: str, higgsfield: Higgsfield) -> None:
    answer = higgsfield.call("POST", path, json={"prompt": "x"})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_a_request_that_is_not_there_is_not_found(higgsfield: Higgsfield) -> None:
    for method, path in (("GET", "requests/x/status"), ("POST", "requests/x/cancel"), ("GET", "v1/job-sets/x")):
        answer = higgsfield.call(method, path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found"})


@pytest.mark.parametrize(
    "hook", ["http://studio.example.org/hook", "https://10.0.0.1/hook", "https://studio/hook", "x"]
)
def test_a_webhook_that_cannot_be_reached_refuses_the_submit(hook: str, higgsfield: Higgsfield) -> None:
    assert higgsfield.submit("x", hook=hook).status_code == 400
    assert higgsfield.sandbox.journal("") == []


@pytest.mark.parametrize(
    ("directive", "status", "text"),
    [
        ("401", 401, "Invalid credentials"),
        ("402", 403, "credits"),
        ("422", 422, "prompt"),
        ("422=key", 422, "Idempotency-Key"),
        ("429", 429, "account_queue_full"),
        ("429=older", 400, "Maximum number of concurrent requests (4) has been reached"),
        ("500", 500, "Internal"),
    ],
)
def test_a_submit_is_refused_when_told(directive: str, status: int, text: str, higgsfield: Higgsfield) -> None:
    answer = higgsfield.submit(f"a door [[{directive}]]")
    assert (answer.status_code, text in answer.text) == (status, True)
    assert ("Retry-After" in answer.headers) is (status == 429)
    assert higgsfield.sandbox.journal("") == []


def test_a_key_fails_when_control_says_so(higgsfield: Higgsfield) -> None:
    higgsfield.sandbox.control("tokens", token="id:secret", fault="403")
    assert higgsfield.submit("x").status_code == 403
    higgsfield.sandbox.control("tokens", token="id:secret", fault=None)
    assert higgsfield.submit("x").status_code == 200


def test_a_file_goes_only_where_it_was_signed_for_and_without_a_key(higgsfield: Higgsfield) -> None:
    offer = higgsfield.call("POST", "files/generate-upload-url", json={"content_type": "image/png"}).json()
    assert offer.keys() == {"upload_url", "public_url", "upload_headers"}
    address, own = offer["upload_url"], offer["upload_headers"]
    assert requests.put(address, data=b"x", headers=own | {"Authorization": "Key a:b"}, timeout=10).status_code == 400
    assert requests.put(address, data=b"x", headers={"Content-Type": "text/html"}, timeout=10).status_code == 403
    assert requests.put(address + "0", data=b"x", headers=own, timeout=10).status_code == 403
    assert requests.get(offer["public_url"], timeout=10).status_code == 403
    assert requests.put(address, data=png(), headers=own, timeout=10).status_code == 200
    found = requests.get(offer["public_url"], timeout=10)
    assert (found.content, found.headers["content-type"]) == (png(), "image/png")


@pytest.mark.parametrize("body", [{}, {"content_type": "text/html"}, {"content_type": 5}])
def test_a_file_of_no_known_kind_is_refused(body: dict[str, object], higgsfield: Higgsfield) -> None:
    assert higgsfield.call("POST", "files/generate-upload-url", json=body).status_code == 400


def test_an_estimate_is_two_texts(higgsfield: Higgsfield) -> None:
    answer = higgsfield.call("POST", f"estimate/{SOUL}", json={"prompt": "x"})
    assert answer.json() == {"credits": "1.500", "usd": "0.094"}
    assert higgsfield.call("POST", f"estimate/{SOUL}", json={}).status_code == 422
    assert higgsfield.call("POST", "estimate/nobody/nothing", json={}).status_code == 404
    assert higgsfield.sandbox.journal("") == []


def test_the_models_are_those_with_a_schema(higgsfield: Higgsfield) -> None:
    names = {one["id"] for one in higgsfield.call("GET", "models").json()["models"]}
    assert {SOUL, KLING} <= names
    assert DOP not in names

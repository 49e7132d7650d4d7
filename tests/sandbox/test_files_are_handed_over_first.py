"""Replicate's Files API: what comes back, how long it stays, whose it is; and predictions that name such files."""

import base64
import hashlib
import hmac
import io
import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image

from providers.sandbox.replicate.files import LARGEST_BYTES
from tests.sandbox.running import DEV, PRO, RunningSandbox


def picture(colour: str = "#20a040", size: tuple[int, int] = (640, 384)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "PNG")
    return target.getvalue()


def put(sandbox: RunningSandbox, content: bytes = b"hello", token: str = "r8_test", **more: Any) -> Any:
    return requests.post(
        f"{sandbox.api}/files",
        files={"content": ("a.png", content, "image/png"), **more},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )


def as_token(sandbox: RunningSandbox, method: str, path: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, f"{sandbox.api}{path}", headers=headers, timeout=10).status_code


def test_a_file_is_taken_in_described_listed_and_deleted(sandbox: RunningSandbox) -> None:
    answer = put(sandbox, b"hello", metadata=("blob", json.dumps({"a": 1}), "application/json"))
    told = answer.json()
    assert answer.status_code == 201
    assert (told["name"], told["content_type"], told["size"]) == ("a.png", "image/png", 5)
    assert told["checksums"]["sha256"] == hashlib.sha256(b"hello").hexdigest()
    assert told["checksums"]["md5"] == hashlib.md5(b"hello", usedforsecurity=False).hexdigest()
    assert told["metadata"] == {"a": 1}
    assert told["urls"] == {"get": f"{sandbox.api}/files/{told['id']}"}
    lifetime = datetime.fromisoformat(told["expires_at"]) - datetime.fromisoformat(told["created_at"])
    assert lifetime == timedelta(hours=24)
    assert sandbox.http.get(told["urls"]["get"]).json() == told
    assert sandbox.http.get(f"{sandbox.api}/files").json() == {"next": None, "previous": None, "results": [told]}
    gone = sandbox.http.delete(told["urls"]["get"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert gone.headers["content-type"].startswith("text/plain")
    assert sandbox.http.get(told["urls"]["get"]).status_code == 404
    assert sandbox.http.delete(told["urls"]["get"]).status_code == 404


def test_a_file_is_gone_after_a_day(sandbox: RunningSandbox) -> None:
    url = put(sandbox).json()["urls"]["get"]
    sandbox.control("clock", advance_seconds=24 * 3600 - 60)
    assert sandbox.http.get(url).status_code == 200
    sandbox.control("clock", advance_seconds=120)
    assert sandbox.http.get(url).status_code == 404
    assert sandbox.http.get(f"{sandbox.api}/files").json()["results"] == []


def test_a_file_belongs_to_the_account_of_its_token(sandbox: RunningSandbox) -> None:
    path = f"/files/{put(sandbox).json()['id']}"
    assert as_token(sandbox, "GET", path, "r8_other") == 404
    assert as_token(sandbox, "DELETE", path, "r8_other") == 404
    assert as_token(sandbox, "GET", path, "wrong") == 401
    assert as_token(sandbox, "GET", path, "r8_test") == 200
    for wrong in ("/files/nothing", "/files/..%2F..%2Fjournal", "/files/б"):
        assert as_token(sandbox, "GET", wrong, "r8_test") == 404


def test_too_large_files_and_no_files_are_refused(sandbox: RunningSandbox) -> None:
    large = put(sandbox, b"\0" * (LARGEST_BYTES + 1))
    assert large.status_code == 413
    assert large.headers["content-type"] == "application/problem+json"
    assert large.json()["detail"] == "Files must be less than 100MB in size"
    missing = sandbox.http.post(f"{sandbox.api}/files", data={"content": "text"})
    assert (missing.status_code, missing.json()["detail"]) == (400, "Missing content")
    assert put(sandbox, metadata=("blob", "{", "application/json")).status_code == 400
    assert sandbox.http.get(f"{sandbox.api}/files").json()["results"] == []


def test_an_upload_can_be_told_to_fail(sandbox: RunningSandbox) -> None:
    sandbox.control("faults", fault="upload", value="503")
    assert put(sandbox).status_code == 503
    assert put(sandbox).status_code == 201


def test_a_signed_address_downloads_without_a_token(sandbox: RunningSandbox) -> None:
    told, expiry = put(sandbox).json(), str(4_000_000_000)
    secret = sandbox.http.get(f"{sandbox.api}/webhooks/default/secret").json()["key"]
    digest = hmac.new(secret.encode(), f"me {told['id']} {expiry}".encode(), hashlib.sha256).digest()
    query = {"owner": "me", "expiry": expiry, "signature": base64.b64encode(digest).decode()}
    url = f"{sandbox.api}/files/{told['id']}/download"
    answer = requests.get(url, params=query, timeout=10)
    assert (answer.content, answer.headers["content-type"]) == (b"hello", "image/png")
    for change in ({"owner": "you"}, {"expiry": "1"}, {"expiry": "x"}, {"signature": ""}):
        assert requests.get(url, params=query | change, timeout=10).status_code == 404


def result(sandbox: RunningSandbox, **given: Any) -> Any:
    created = sandbox.create("at night", DEV, output_format="png", **given)
    assert created.status_code in (201, 202), created.text
    ended = sandbox.ended(created.json()["id"])
    assert ended["status"] == "succeeded", ended["error"]
    return np.asarray(Image.open(io.BytesIO(requests.get(ended["output"][0], timeout=10).content)), np.int16)


def test_a_prediction_works_on_the_file_it_names_in_every_way(sandbox: RunningSandbox) -> None:
    uri = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    uploaded = put(sandbox, picture()).json()["urls"]["get"]
    inline, by_file = result(sandbox, image=uri, seed=1), result(sandbox, image=uploaded, seed=1)
    assert np.array_equal(inline, by_file)
    earlier = sandbox.ended(sandbox.create("a lake", DEV, output_format="png").json()["id"])["output"][0]
    assert not np.array_equal(result(sandbox, image=earlier, seed=1), inline)
    red = f"data:image/png;base64,{base64.b64encode(picture('#a02020')).decode()}"
    assert np.abs(result(sandbox, image=red, seed=1) - inline).mean() > 5


@pytest.mark.parametrize("image", ["data:image/png;base64,AAAA", "data:image/png;base64,?", "data:image/png"])
def test_a_file_that_cannot_be_opened_fails_the_prediction(sandbox: RunningSandbox, image: str) -> None:
    ended = sandbox.ended(sandbox.create("x", DEV, image=image).json()["id"])
    assert (ended["status"], ended["output"]) == ("failed", None)
    assert ended["error"].startswith("Prediction input failed validation: ")


def test_a_file_that_is_not_there_or_not_ours_fails_the_prediction(sandbox: RunningSandbox) -> None:
    foreign = put(sandbox, picture(), token="r8_other").json()["urls"]["get"]
    for url in (foreign, f"{sandbox.api}/files/nothing", f"{sandbox.origin}/nothing", "http://127.0.0.1:9/x"):
        ended = sandbox.ended(sandbox.create("x", PRO, image_prompt=url).json()["id"])
        assert ended["status"] == "failed", url


def test_files_outlive_a_restart(own_sandbox: RunningSandbox) -> None:
    url = put(own_sandbox).json()["urls"]["get"]
    own_sandbox.end(9)
    own_sandbox.start()
    assert own_sandbox.http.get(url).json()["size"] == 5

"""What is handed out at a delivery address: good files of the size and type asked for, or bad ones when told."""

import io
import time
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox.running import PRO, SCHNELL, RunningSandbox


def delivered(sandbox: RunningSandbox, prompt: str, model: str = SCHNELL, **given: Any) -> Any:
    """The response for the first file of a new job, not yet read."""
    output = sandbox.ended(sandbox.create(prompt, model, **given).json()["id"])["output"]
    return requests.get(output if isinstance(output, str) else output[0], stream=True, timeout=20)


@pytest.mark.parametrize(
    ("ratio", "size"),
    [("1:1", (512, 512)), ("16:9", (672, 384)), ("21:9", (768, 320)), ("3:2", (608, 416)), ("4:5", (448, 544)),
     ("9:16", (384, 672)), ("9:21", (320, 768))],
)  # fmt: skip
def test_the_picture_has_the_size_of_its_ratio(sandbox: RunningSandbox, ratio: str, size: tuple[int, int]) -> None:
    with delivered(sandbox, "a lake", aspect_ratio=ratio) as answer:
        assert Image.open(io.BytesIO(answer.content)).size == size


@pytest.mark.parametrize(("form", "kind"), [("webp", "image/webp"), ("jpg", "image/jpeg"), ("png", "image/png")])
def test_the_file_has_the_type_asked_for(sandbox: RunningSandbox, form: str, kind: str) -> None:
    with delivered(sandbox, "a lake", output_format=form) as answer:
        assert answer.headers["content-type"] == kind
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert f"image/{Image.open(io.BytesIO(answer.content)).format}".lower() == kind


def test_a_full_megapixel_and_a_custom_size(sandbox: RunningSandbox) -> None:
    with delivered(sandbox, "a lake", megapixels="1", aspect_ratio="16:9") as answer:
        assert Image.open(io.BytesIO(answer.content)).size == (1344, 768)
    with delivered(sandbox, "a lake", PRO, aspect_ratio="custom", width=321, height=640) as answer:
        assert Image.open(io.BytesIO(answer.content)).size == (320, 640)


def test_quality_makes_the_file_larger(sandbox: RunningSandbox) -> None:
    def size(quality: int) -> int:
        with delivered(sandbox, "a forest", seed=1, output_quality=quality) as answer:
            return len(answer.content)

    assert size(95) > 2 * size(20)


def test_lie_gives_another_size_than_asked(sandbox: RunningSandbox) -> None:
    with delivered(sandbox, "a lake [[lie]]") as answer:
        assert Image.open(io.BytesIO(answer.content)).size == (384, 256)


@pytest.mark.parametrize(("directive", "least"), [("truncated", 1), ("huge", 10_000_000_000)])
def test_the_length_is_not_what_comes(sandbox: RunningSandbox, directive: str, least: int) -> None:
    with delivered(sandbox, f"a lake [[{directive}]]") as answer:
        declared = int(answer.headers["content-length"])
        got = 0
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            for piece in answer.iter_content(4096):
                got += len(piece)
    assert 0 < got < declared
    assert declared >= least


def test_html_comes_as_a_picture(sandbox: RunningSandbox) -> None:
    with delivered(sandbox, "a lake [[html-file]]") as answer:
        assert answer.headers["content-type"] == "image/webp"
        assert answer.content.startswith(b"<!doctype html>")


def test_gone_is_404(sandbox: RunningSandbox) -> None:
    with delivered(sandbox, "a lake [[gone]]") as answer:
        assert answer.status_code == 404


def test_a_slow_file_drips(sandbox: RunningSandbox) -> None:
    began = time.monotonic()
    with delivered(sandbox, "a lake [[slow-file=1.2]]") as answer:
        whole = answer.content
    assert time.monotonic() - began > 1
    assert Image.open(io.BytesIO(whole)).size == (512, 512)


def test_a_file_needs_no_token_and_no_other_name_is_there(sandbox: RunningSandbox) -> None:
    job = sandbox.create("a lake").json()["id"]
    sandbox.ended(job)
    for name in ("out-1.webp", "out-0.png", "..%2f..%2fwebhook_secret", ".."):
        assert requests.get(f"{sandbox.origin}/replicate/delivery/{job}/{name}", timeout=5).status_code == 404

"""Endpoints that only have a schema file: a film, an upscale, a cut-out, by name and by version."""

import base64
import io
from typing import Any

import av
import pytest
import requests
from PIL import Image

from tests.sandbox.running import RunningSandbox

FILM = "wan-video/wan-2.2-t2v-fast"
UPSCALE = "nightmareai/real-esrgan"
CUT_OUT = "851-labs/background-remover"


def uri(size: tuple[int, int] = (64, 48)) -> str:
    target = io.BytesIO()
    Image.new("RGB", size, "#406080").save(target, "PNG")
    return f"data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}"


def ended(sandbox: RunningSandbox, model: str, **given: Any) -> Any:
    created = sandbox.http.post(f"{sandbox.api}/models/{model}/predictions", json={"input": given}, timeout=30)
    assert created.status_code in (201, 202), created.text
    return sandbox.ended(created.json()["id"])


def test_a_film_comes_as_one_address_with_its_own_type(sandbox: RunningSandbox) -> None:
    told = ended(sandbox, FILM, prompt="a lighthouse", aspect_ratio="9:16", num_frames=81)
    assert told["output"].endswith("/out-0.mp4")
    assert "image_count" not in told["metrics"]
    file = requests.get(told["output"], timeout=10)
    assert file.headers["content-type"] == "video/mp4"
    with av.open(io.BytesIO(file.content), "r") as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (480, 856)


def test_what_needs_no_words_is_done_on_the_file(sandbox: RunningSandbox) -> None:
    larger = ended(sandbox, UPSCALE, image=uri(), scale=3)["output"]
    assert Image.open(io.BytesIO(requests.get(larger, timeout=10).content)).size == (192, 144)
    cut = ended(sandbox, CUT_OUT, image=uri())["output"]
    assert Image.open(io.BytesIO(requests.get(cut, timeout=10).content)).mode == "RGBA"


def test_a_version_is_found_whether_its_schema_names_it_or_not(sandbox: RunningSandbox) -> None:
    for model in (UPSCALE, FILM):
        (first, *_) = sandbox.http.get(f"{sandbox.api}/models/{model}/versions").json()["results"]
        assert len(first["id"]) == 64
        given = {"image": uri()} if model == UPSCALE else {"prompt": "x [[slow=60]]"}
        answer = sandbox.http.post(f"{sandbox.api}/predictions", json={"version": first["id"], "input": given})
        assert answer.status_code in (201, 202), answer.text
        assert answer.json()["version"] == first["id"]


@pytest.mark.parametrize(
    ("model", "given", "complaint"),
    [
        (FILM, {}, "- input: prompt is required"),
        (FILM, {"prompt": "x", "num_frames": 80}, "- input.num_frames: Must be greater than or equal to 81"),
        (UPSCALE, {"image": "x"}, "- input.image: Does not match format 'uri'"),
        (UPSCALE, {"image": uri(), "prompt": "x"}, "- input: Additional property prompt is not allowed"),
    ],
)
def test_their_inputs_are_strict_too(
    sandbox: RunningSandbox, model: str, given: dict[str, Any], complaint: str
) -> None:
    answer = sandbox.http.post(f"{sandbox.api}/models/{model}/predictions", json={"input": given})
    assert (answer.status_code, answer.json()["detail"]) == (422, complaint)
    assert answer.json()["invalid_fields"] == [complaint.removeprefix("- ").split(":")[0]]


def test_a_job_without_words_can_be_told_to_fail_from_outside(sandbox: RunningSandbox) -> None:
    sandbox.control("faults", fault="fail", value="no memory")
    assert ended(sandbox, UPSCALE, image=uri())["error"] == "no memory"

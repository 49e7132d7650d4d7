"""Requests that fal answered with a result: our schemas accept them, and our models write the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from providers import catalogue
from tests.providers.recorded import FOLDER

SCHEMAS = Path(catalogue.__file__).parents[1] / "sandbox" / "schemas" / "fal"
REQUESTS: list[dict[str, Any]] = json.loads((FOLDER / "requests" / "fal.json").read_text(encoding="utf-8"))
# What a model says even where the recorded call left it to fal: our own default, or a seed that is always ours.
OURS = {"seed", "resolution", "cfg_scale", "enable_prompt_expansion", "image_size"}
requests = pytest.mark.parametrize("request_", REQUESTS, ids=[one["endpoint"] for one in REQUESTS])


def schema_of(endpoint: str) -> Draft202012Validator:
    file = SCHEMAS / f"{endpoint.replace('/', '__')}.json"
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8"))["input"])


@requests
def test_a_recorded_request_is_accepted(request_: dict[str, Any]) -> None:
    assert not list(schema_of(request_["endpoint"]).iter_errors(request_["body"]))


@requests
def test_the_same_wish_writes_the_recorded_request(request_: dict[str, Any]) -> None:
    model = catalogue.get(request_["model"])
    route = next(one for one in model.routes_for(request_["task"]) if one.provider == "fal")
    cleaned = model.fill_seed(model.clean(request_["settings"]))
    written = model.build_inputs(route, request_["body"]["prompt"], cleaned)
    # The safety checker is on there anyway and is left to fal.
    recorded = {name: value for name, value in request_["body"].items() if name != "enable_safety_checker"}
    assert route.endpoint == request_["endpoint"]
    assert {name: value for name, value in written.items() if name in recorded} == recorded
    assert set(written) - set(recorded) <= OURS


@pytest.mark.parametrize(
    ("endpoint", "mistake"),
    [
        ("fal-ai/wan/v2.7/text-to-video", {"prompt": "a", "duration": "2"}),
        ("fal-ai/sora-2/text-to-video", {"prompt": "a", "duration": 6}),
        ("fal-ai/veo3.1", {"prompt": "a", "duration": 4}),
        ("bytedance/seedance-2.0/text-to-video", {"prompt": "a", "duration": 4}),
        ("fal-ai/kling-video/v3/standard/image-to-video", {"prompt": "a", "image_url": "https://example.org/a.png"}),
        ("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", {"prompt": "a", "start_image_url": "https://example.org"}),
        ("fal-ai/veo3.1/image-to-video", {"image_url": "https://example.org/a.png"}),
    ],
)
def test_what_fal_would_refuse_is_refused(endpoint: str, mistake: dict[str, Any]) -> None:
    assert list(schema_of(endpoint).iter_errors(mistake))

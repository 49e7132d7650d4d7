"""The npm package `@fal-ai/client`, pointed at the sandbox by its setting for `fetch` and nothing else."""

import json

import requests

from tests.clients.conftest import RunJs
from tests.sandbox.running import Receiver, RunningSandbox, eventually


def test_the_official_javascript_client_works_unchanged(
    sandbox: RunningSandbox, receiver: Receiver, run_js: RunJs
) -> None:
    told = run_js("fal.mjs", ORIGIN=sandbox.origin, WEBHOOK=receiver.url)
    assert (told["first"], told["done"], told["seen"]) == ("IN_QUEUE", "COMPLETED", "COMPLETED")
    assert told["logs"][-1] == "step 4 of 4"
    assert (told["image"]["width"], told["image"]["content_type"]) == (512, "image/jpeg")
    for address in (told["subscribed"], told["streamed"], told["uploaded"], told["edited"], told["run"]):
        assert address.startswith(f"{sandbox.origin}/fal/files/")
        assert requests.get(address, timeout=5).headers["content-type"].startswith("image/")
    assert (told["cancelled"], told["late"]) == ("COMPLETED", 400)
    assert told["refused"] == ["ValidationError", 422, "content_policy_violation"]
    assert told["unknown"] == 404
    [delivered] = eventually(lambda: receiver.received)
    assert json.loads(delivered.body)["request_id"] == told["requestId"]

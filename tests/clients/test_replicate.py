"""The npm package `replicate`, pointed at the sandbox by its baseUrl and nothing else."""

import hashlib
import json

from tests.clients.conftest import RunJs
from tests.sandbox.running import Receiver, RunningSandbox, eventually


def test_the_official_javascript_client_works_unchanged(
    sandbox: RunningSandbox, receiver: Receiver, run_js: RunJs
) -> None:
    sandbox.create("webhook", webhook=receiver.url, webhook_events_filter=["completed"])
    arrived = eventually(lambda: receiver.received)[0]
    headers = {name: value for name, value in arrived.headers.items() if name.lower().startswith("webhook-")}
    told = run_js(
        "replicate.mjs", BASE_URL=sandbox.api, DELIVERY=json.dumps({"headers": headers, "body": arrived.body})
    )
    assert told["url"].startswith(f"{sandbox.origin}/replicate/delivery/")
    assert told["bytes"] > 1000
    assert told["blocking"] == "image/webp"
    assert told["edited"].endswith("/out-0.webp")
    assert told["file"] == {
        "size": 5,
        "metadata": {"note": "kept"},
        "sha256": hashlib.sha256(b"hello").hexdigest(),
    }
    assert len(told["listed"]) == 2
    assert told["listed"][0] == 5
    assert (told["deleted"], told["gone"]) == (True, 404)
    assert told["canceled"] == "canceled"
    assert "out of paint" in told["failed"]
    assert told["refused"] == 422
    assert told["predictions"] == len(sandbox.journal(""))
    assert (told["model"], told["account"]) == ("flux-dev", "sandbox")
    assert (told["valid"], told["forged"]) == (True, False)

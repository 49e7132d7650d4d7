"""The levers: journal, faults, tokens, clock, reset, deliveries by hand."""

import json
import time
from datetime import UTC, datetime

import pytest
import requests
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.sandbox.running import Receiver, RunningSandbox, eventually


def test_the_journal_tells_what_was_accepted(sandbox: RunningSandbox, receiver: Receiver) -> None:
    job = sandbox.create("a red barn", seed=3, webhook=receiver.url).json()
    eventually(lambda: sandbox.journal("red barn")[0]["webhooks_sent"] == 2)
    (told,) = sandbox.journal("red")
    assert told["id"] == job["id"]
    assert told["provider"] == "replicate"
    assert told["endpoint"] == "black-forest-labs/flux-schnell"
    assert told["input"] == {"prompt": "a red barn", "seed": 3, "megapixels": "0.25"}
    assert told["webhook"] == receiver.url
    assert told["state"] == "succeeded"
    assert [delivery["answer"] for delivery in told["webhooks"]] == [200, 200]
    assert sandbox.journal("blue") == []


def test_the_journal_goes_by_time(sandbox: RunningSandbox) -> None:
    sandbox.create("old [[slow=9000]]")
    sandbox.control("clock", advance_seconds=1000)
    sandbox.create("new [[slow=9000]]")
    moment = time.time() + 500
    for since in (str(moment), datetime.fromtimestamp(moment, UTC).isoformat()):
        answer = sandbox.http.get(f"{sandbox.origin}/control/journal", params={"since": since})
        assert [job["input"]["prompt"] for job in answer.json()["jobs"]] == ["new [[slow=9000]]"]


def test_a_fault_is_used_up(sandbox: RunningSandbox) -> None:
    sandbox.control("faults", match="barn", fault="fail", value="burnt", times=1)
    sandbox.control("faults", match="*", fault="429", value="credit", times=1)
    assert sandbox.create("a house").status_code == 429
    first, second = (sandbox.create("a barn").json()["id"] for _ in range(2))
    assert sandbox.ended(first)["error"] == "burnt"
    assert sandbox.ended(second)["status"] == "succeeded"


@pytest.mark.parametrize(("fault", "path"), [("list", "/predictions"), ("secret", "/webhooks/default/secret")])
def test_calls_without_a_prompt_can_fail_too(sandbox: RunningSandbox, fault: str, path: str) -> None:
    sandbox.control("faults", fault=fault, value="503", times=2)
    answers = [sandbox.http.get(sandbox.api + path).status_code for _ in range(3)]
    assert answers == [503, 503, 200]


def test_polling_can_fail_for_a_while(sandbox: RunningSandbox) -> None:
    job = sandbox.create("a barn").json()["id"]
    sandbox.control("faults", match="barn", fault="get", value="500", times=2)
    url = f"{sandbox.api}/predictions/{job}"
    assert [sandbox.http.get(url).status_code for _ in range(3)] == [500, 500, 200]


def test_a_token_can_be_told_to_fail_and_to_heal(sandbox: RunningSandbox) -> None:
    sandbox.control("tokens", token="r8_test", fault="402")
    assert sandbox.create("a barn").status_code == 402
    other = requests.get(f"{sandbox.api}/account", headers={"Authorization": "Token r8_other"}, timeout=5)
    assert other.status_code == 200
    sandbox.control("tokens", token="r8_test", fault=None)
    assert sandbox.create("a barn").status_code in (201, 202)
    sandbox.control("tokens", token="*", fault="401", times=1)
    assert [sandbox.http.get(f"{sandbox.api}/account").status_code for _ in range(2)] == [401, 200]


@pytest.mark.parametrize(
    ("lever", "body"),
    [
        ("faults", {"fault": "explode"}),
        ("faults", {"fault": "slow", "value": "soon"}),
        ("tokens", {"token": "r8_x", "fault": "drop"}),
        ("clock", {"advance_seconds": -1}),
        ("clock", {}),
        ("deliver", {"id": "nothing"}),
    ],
)
def test_what_cannot_be_followed_is_a_sentence(sandbox: RunningSandbox, lever: str, body: dict[str, object]) -> None:
    answer = sandbox.http.post(f"{sandbox.origin}/control/{lever}", json=body)
    assert answer.status_code == 400
    assert " " in answer.json()["error"]


def test_reset_forgets_all_but_the_secret(sandbox: RunningSandbox) -> None:
    def secret() -> str:
        key: str = sandbox.http.get(f"{sandbox.api}/webhooks/default/secret").json()["key"]
        return key

    before = secret()
    sandbox.create("a barn [[slow=60]]")
    sandbox.control("faults", fault="500", times=5)
    sandbox.control("clock", advance_seconds=500)
    sandbox.control("reset")
    assert sandbox.journal("") == []
    assert sandbox.create("a barn").status_code in (201, 202)
    assert abs(sandbox.http.get(f"{sandbox.origin}/control/health").json()["now"] - time.time()) < 30
    assert secret() == before


def test_a_webhook_is_delivered_again_by_hand(sandbox: RunningSandbox, receiver: Receiver) -> None:
    job = sandbox.create("a barn", webhook=receiver.url, webhook_events_filter=["completed"]).json()["id"]
    eventually(lambda: receiver.received)
    answer = sandbox.control("deliver", id=job, times=3)
    assert [delivery["answer"] for delivery in answer["deliveries"]] == [200, 200, 200]
    again = receiver.received[1:]
    assert len({arrived.headers["webhook-id"] for arrived in again}) == 1
    sandbox.control("deliver", id=job, event="start")
    sandbox.control("deliver", id=job, event="output")
    start, output = (json.loads(arrived.body) for arrived in receiver.received[-2:])
    assert start["status"] == output["status"] == "processing"
    assert "output" not in start
    assert output["output"] == json.loads(again[0].body)["output"]


@pytest.mark.parametrize("forgery", ["signature", "secret", "old", "unsigned", "v2", "body", "two"])
def test_a_forged_webhook_is_forged(sandbox: RunningSandbox, receiver: Receiver, forgery: str) -> None:
    job = sandbox.create("a barn", webhook=receiver.url, webhook_events_filter=["completed"]).json()["id"]
    eventually(lambda: receiver.received)
    sandbox.control("deliver", id=job, forge=forgery)
    arrived = receiver.received[-1]
    key = sandbox.http.get(f"{sandbox.api}/webhooks/default/secret").json()["key"]
    if forgery == "two":
        Webhook(key).verify(arrived.body, arrived.headers)
        return
    with pytest.raises(WebhookVerificationError):
        Webhook(key).verify(arrived.body, arrived.headers)

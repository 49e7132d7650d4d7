"""Which webhooks are sent, in which order, how they are signed, and how often the last one is tried again."""

import json

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.sandbox.running import Receiver, RunningSandbox, eventually

ALL = ["start", "output", "logs", "completed"]


def statuses(receiver: Receiver) -> list[str]:
    """The prediction's status in each delivery, in the order of arrival."""
    return [json.loads(arrived.body)["status"] for arrived in receiver.received]


def is_signed(sandbox: RunningSandbox, receiver: Receiver, number: int = 0) -> bool:
    """Whether a delivery passes the standard's own library."""
    secret = sandbox.http.get(f"{sandbox.api}/webhooks/default/secret").json()["key"]
    arrived = receiver.received[number]
    try:
        Webhook(secret).verify(arrived.body, arrived.headers)
    except WebhookVerificationError:
        return False
    return True


def test_the_body_is_the_prediction_and_the_events_come_in_order(sandbox: RunningSandbox, receiver: Receiver) -> None:
    job = sandbox.create("a lake", webhook=receiver.url, webhook_events_filter=["start", "output", "completed"]).json()
    eventually(lambda: len(receiver.received) == 3)
    start, output, completed = (json.loads(arrived.body) for arrived in receiver.received)
    assert statuses(receiver) == ["processing", "processing", "succeeded"]
    assert "output" not in start
    assert output["output"] == completed["output"] == sandbox.get(job["id"])["output"]
    assert completed["metrics"]["predict_time"] > 0
    assert all(is_signed(sandbox, receiver, number) for number in range(3))
    assert len({arrived.headers["webhook-id"] for arrived in receiver.received}) == 3


def test_output_and_completed_are_sent_when_no_events_are_named(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.create("a lake", webhook=receiver.url)
    eventually(lambda: len(receiver.received) == 2)
    assert statuses(receiver) == ["processing", "succeeded"]


def test_logs_are_told_at_most_twice_a_second(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.create("a lake [[slow=1.6]]", webhook=receiver.url, webhook_events_filter=["logs", "completed"])
    eventually(lambda: "succeeded" in statuses(receiver))
    assert 2 <= statuses(receiver).count("processing") <= 4


def test_the_last_webhook_is_tried_for_a_minute(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.answers = [500] * 20
    sandbox.create("a lake", webhook=receiver.url, webhook_events_filter=ALL)
    eventually(lambda: "succeeded" in statuses(receiver))
    sandbox.control("clock", advance_seconds=58)
    eventually(lambda: statuses(receiver).count("succeeded") == 6)
    sandbox.control("clock", advance_seconds=3)
    eventually(lambda: statuses(receiver).count("succeeded") == 7)
    (job,) = eventually(lambda: [job for job in sandbox.journal("a lake") if job["webhooks"][-1]["attempt"] == 7])
    assert [delivery["answer"] for delivery in job["webhooks"] if delivery["event"] == "start"] == [500]
    completed = [delivery for delivery in job["webhooks"] if delivery["event"] == "completed"]
    assert [delivery["attempt"] for delivery in completed] == [1, 2, 3, 4, 5, 6, 7]
    assert len({delivery["webhook_id"] for delivery in completed}) == 1
    assert is_signed(sandbox, receiver, -1)


@pytest.mark.parametrize(("answer", "deliveries"), [(404, 2), (503, 2), (302, 1), (204, 1)])
def test_only_failures_are_tried_again(
    sandbox: RunningSandbox, receiver: Receiver, answer: int, deliveries: int
) -> None:
    receiver.answers = [answer]
    sandbox.create("a lake", webhook=receiver.url, webhook_events_filter=["completed"])
    eventually(lambda: sandbox.journal("a lake")[0]["webhooks"])
    sandbox.control("clock", advance_seconds=120)
    eventually(lambda: len(sandbox.journal("a lake")[0]["webhooks"]) == deliveries)
    assert len(receiver.received) == deliveries


def test_a_receiver_that_is_away_is_a_network_failure(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.stop()
    sandbox.create("a lake", webhook=receiver.url, webhook_events_filter=["completed"])
    (delivery, *_) = eventually(lambda: sandbox.journal("a lake")[0]["webhooks"])
    assert delivery["answer"] == "ConnectionError"


def test_a_failed_and_a_cancelled_prediction_are_told_too(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.create("a lake [[fail=no water]]", webhook=receiver.url)
    eventually(lambda: statuses(receiver) == ["failed"])
    job = sandbox.create("a hill [[slow=600]]", webhook=receiver.url).json()["id"]
    sandbox.http.post(f"{sandbox.api}/predictions/{job}/cancel")
    eventually(lambda: statuses(receiver) == ["failed", "canceled"])
    assert json.loads(receiver.received[0].body)["error"] == "no water"


def test_drop_sends_nothing(sandbox: RunningSandbox, receiver: Receiver) -> None:
    job = sandbox.create("a lake [[drop]]", webhook=receiver.url, webhook_events_filter=ALL).json()["id"]
    sandbox.ended(job)
    other = sandbox.create("a hill", webhook=receiver.url, webhook_events_filter=["completed"]).json()["id"]
    eventually(lambda: receiver.received)
    assert [json.loads(arrived.body)["id"] for arrived in receiver.received] == [other]


def test_duplicate_sends_the_same_delivery_several_times(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.create("a lake [[duplicate=3]]", webhook=receiver.url, webhook_events_filter=["completed"])
    eventually(lambda: len(receiver.received) == 3)
    assert len({arrived.headers["webhook-id"] for arrived in receiver.received}) == 1


def test_reorder_tells_the_end_before_the_beginning(sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.create("a lake [[reorder]]", webhook=receiver.url, webhook_events_filter=["start", "output", "completed"])
    eventually(lambda: len(receiver.received) == 3)
    assert statuses(receiver) == ["succeeded", "processing", "processing"]


def test_corrupt_signs_wrongly_as_often_as_it_is_told(sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.answers = [401]
    sandbox.create("a lake [[corrupt=1]]", webhook=receiver.url, webhook_events_filter=["completed"])
    eventually(lambda: sandbox.journal("a lake")[0]["webhooks"])
    sandbox.control("clock", advance_seconds=2)
    eventually(lambda: len(receiver.received) == 2)
    assert not is_signed(sandbox, receiver, 0)
    assert is_signed(sandbox, receiver, 1)


def test_late_waits_by_the_clock(sandbox: RunningSandbox, receiver: Receiver) -> None:
    job = sandbox.create("a lake [[late=3000]]", webhook=receiver.url, webhook_events_filter=["completed"]).json()["id"]
    sandbox.ended(job)
    assert not receiver.received
    sandbox.control("clock", advance_seconds=3001)
    eventually(lambda: receiver.received)


def test_early_tells_the_end_before_the_creation_is_answered(sandbox: RunningSandbox, receiver: Receiver) -> None:
    answer = sandbox.create("a lake [[early]]", webhook=receiver.url, webhook_events_filter=["completed"])
    assert statuses(receiver) == ["succeeded"]
    assert answer.json()["status"] == "starting"
    assert sandbox.create("a hill [[early]]").status_code in (201, 202)

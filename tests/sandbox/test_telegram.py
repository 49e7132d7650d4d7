"""Telegram as the sandbox plays it: the Bot API's calls and refusals, people, and updates for the bot's webhook."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.sandbox.running import Receiver, RunningSandbox, eventually

TOKEN = "8300:sandbox-token"
Call = Callable[..., requests.Response]


@pytest.fixture
def call(sandbox: RunningSandbox) -> Iterator[Call]:
    """A call to the Bot API, as JSON or with files as multipart."""

    def make(method: str, token: str = TOKEN, files: Any = None, **params: Any) -> requests.Response:
        kind = {"data": params, "files": files} if files else {"json": params}
        return requests.post(f"{sandbox.origin}/telegram/bot{token}/{method}", timeout=10, **kind)

    yield make
    make("deleteWebhook")


def person(sandbox: RunningSandbox, act: str, **said: Any) -> Any:
    return sandbox.control(f"telegram/{act}", person=42, **said)


def journal(sandbox: RunningSandbox) -> Any:
    return sandbox.http.get(f"{sandbox.origin}/control/telegram/journal", timeout=10).json()


def test_a_bot_says_who_it_is_and_only_with_a_token(call: Call) -> None:
    said = call("getMe").json()
    assert said["ok"] is True
    assert said["result"]["is_bot"] is True
    assert said["result"]["username"] == "dotbase_sandbox_bot"
    unknown = call("getMe", token="nonsense")
    assert (unknown.status_code, unknown.json()) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


def test_a_webhook_is_https_or_on_loopback(call: Call) -> None:
    assert call("setWebhook", url="http://studio.example.org/hook").status_code == 400
    assert call("setWebhook", url="https://studio.example.org/hook").json() == {"ok": True, "result": True}
    assert call("getWebhookInfo").json()["result"]["url"] == "https://studio.example.org/hook"
    call("deleteWebhook")
    assert call("getWebhookInfo").json()["result"]["url"] == ""


def test_nobody_is_written_to_who_has_not_started_the_bot(sandbox: RunningSandbox, call: Call) -> None:
    refused = call("sendMessage", chat_id=42, text="hello")
    assert refused.json()["description"] == "Bad Request: chat not found"
    person(sandbox, "write", text="/start abc", first_name="Alice", language="ru")
    sent = call("sendMessage", chat_id=42, text="hello").json()["result"]
    assert sent["text"] == "hello"
    assert sent["chat"] == {"id": 42, "first_name": "Alice", "type": "private"}


def test_updates_come_in_order_with_the_secret(sandbox: RunningSandbox, call: Call, receiver: Receiver) -> None:
    call("setWebhook", url=receiver.url, secret_token="s3cret")
    person(sandbox, "write", text="/start abc")
    person(sandbox, "write", text="hello")
    eventually(lambda: len(receiver.received) == 2)
    bodies = [json.loads(one.body) for one in receiver.received]
    assert [body["message"]["text"] for body in bodies] == ["/start abc", "hello"]
    assert bodies[1]["update_id"] == bodies[0]["update_id"] + 1
    assert {one.headers["X-Telegram-Bot-Api-Secret-Token"] for one in receiver.received} == {"s3cret"}


def test_what_was_not_taken_comes_again(sandbox: RunningSandbox, call: Call, receiver: Receiver) -> None:
    call("setWebhook", url=receiver.url)
    receiver.answers = [503]
    person(sandbox, "write", text="/start")
    eventually(lambda: len(receiver.received) == 1)
    eventually(lambda: sandbox.control("clock", advance_seconds=60) and len(receiver.received) == 2)
    assert receiver.received[0].body == receiver.received[1].body


def test_a_button_is_pressed_and_answered_once(sandbox: RunningSandbox, call: Call) -> None:
    person(sandbox, "write", text="/start")
    keyboard = {"inline_keyboard": [[{"text": "Again", "callback_data": "again:1"}]]}
    message = call("sendMessage", chat_id=42, text="ready", reply_markup=keyboard).json()["result"]
    pressed = person(sandbox, "press", message=message["message_id"], data="again:1")
    update = journal(sandbox)["updates"][-1]["body"]["callback_query"]
    assert (update["data"], update["from"]["id"], update["id"]) == ("again:1", 42, pressed["query"])
    assert call("answerCallbackQuery", callback_query_id=pressed["query"], text="done").json()["result"] is True
    assert "query is too old" in call("answerCallbackQuery", callback_query_id=pressed["query"]).json()["description"]
    changed = call("editMessageReplyMarkup", chat_id=42, message_id=message["message_id"]).json()["result"]
    assert "reply_markup" not in changed
    again = call("editMessageReplyMarkup", chat_id=42, message_id=message["message_id"])
    assert "message is not modified" in again.json()["description"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": " "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}},
            "BUTTON_DATA_INVALID",
        ),
    ],
)
def test_messages_are_checked(sandbox: RunningSandbox, call: Call, params: dict[str, Any], description: str) -> None:
    person(sandbox, "write", text="/start")
    refused = call("sendMessage", chat_id=42, **params)
    assert (refused.status_code, refused.json()["description"]) == (400, f"Bad Request: {description}")


def test_files_come_as_multipart_or_by_address(sandbox: RunningSandbox, call: Call) -> None:
    person(sandbox, "write", text="/start")
    sent = call("sendPhoto", files={"photo": ("a.jpg", b"pixels", "image/jpeg")}, chat_id=42, caption="a barn")
    message = sent.json()["result"]
    assert (message["caption"], message["photo"][0]["file_size"]) == ("a barn", 6)
    file = sandbox.http.get(f"{sandbox.origin}/telegram/files/{message['message_id']}", timeout=10)
    assert (file.content, file.headers["content-type"]) == (b"pixels", "image/jpeg")
    assert call("sendVideo", chat_id=42, video="https://studio.example.org/film.mp4").json()["ok"] is True
    too_long = call("sendPhoto", files={"photo": ("a.jpg", b"pixels", "image/jpeg")}, chat_id=42, caption="x" * 1025)
    assert too_long.json()["description"] == "Bad Request: message caption is too long"
    too_big = call("sendPhoto", files={"photo": ("a.jpg", bytes(10_485_761), "image/jpeg")}, chat_id=42)
    assert "too big for a photo" in too_big.json()["description"]


def test_calls_fail_when_told(sandbox: RunningSandbox, call: Call) -> None:
    person(sandbox, "write", text="/start")
    sandbox.control("telegram/faults", method="sendMessage", fault="429", value="7")
    throttled = call("sendMessage", chat_id=42, text="one")
    assert throttled.status_code == 429
    assert throttled.json()["parameters"] == {"retry_after": 7}
    sandbox.control("telegram/faults", fault="401")
    assert call("getMe").json()["description"] == "Unauthorized"
    sandbox.control("telegram/faults", fault="cut")
    with pytest.raises(requests.ConnectionError):
        call("sendMessage", chat_id=42, text="done, and nobody knows")
    sandbox.control("telegram/faults", fault="lost")
    with pytest.raises(requests.ConnectionError):
        call("sendMessage", chat_id=42, text="never")
    texts = [message["text"] for message in journal(sandbox)["messages"]]
    assert texts == ["/start", "done, and nobody knows"]


def test_a_person_blocks_the_bot(sandbox: RunningSandbox, call: Call) -> None:
    person(sandbox, "write", text="/start")
    person(sandbox, "block")
    assert journal(sandbox)["updates"][-1]["body"]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    refused = call("sendMessage", chat_id=42, text="hello")
    assert (refused.status_code, refused.json()["description"]) == (403, "Forbidden: bot was blocked by the user")
    person(sandbox, "write", text="/start")
    assert call("sendMessage", chat_id=42, text="hello").status_code == 200


def test_a_restart_forgets_nothing(own_sandbox: RunningSandbox) -> None:
    person(own_sandbox, "write", text="/start")
    requests.post(
        f"{own_sandbox.origin}/telegram/bot{TOKEN}/setWebhook", json={"url": "http://127.0.0.1:1/hook"}, timeout=10
    )
    before = journal(own_sandbox)
    own_sandbox.end()
    own_sandbox.start()
    after = journal(own_sandbox)
    for part in ("webhook", "people", "messages"):
        assert after[part] == before[part]
    assert [one["id"] for one in after["updates"]] == [one["id"] for one in before["updates"]]


def test_the_page_plays_a_person(sandbox: RunningSandbox, call: Call) -> None:
    page = f"{sandbox.origin}/telegram/t.me/dotbase_sandbox_bot"
    assert "/start n0nce" in sandbox.http.get(page, params={"start": "n0nce"}, timeout=10).text
    sandbox.http.post(page, data={"person": 42, "text": "/start n0nce"}, timeout=10)
    keyboard = {"inline_keyboard": [[{"text": "Do <it>", "callback_data": "it"}]]}
    message = call("sendMessage", chat_id=42, text="a & b", reply_markup=keyboard).json()["result"]
    shown = sandbox.http.get(page, timeout=10).text
    assert "a &amp; b" in shown
    assert "Do &lt;it&gt;" in shown
    sandbox.http.post(page, data={"person": 42, "message": message["message_id"], "data": "it"}, timeout=10)
    assert journal(sandbox)["updates"][-1]["body"]["callback_query"]["data"] == "it"
    assert sandbox.http.post(page, data={"message": message["message_id"], "data": "no"}, timeout=10).status_code == 400

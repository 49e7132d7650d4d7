"""A studio with the sandbox's bot, people who play in Telegram, and what the bot told them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.test import Client

from accounts.models import User
from notifications.models import Preference
from notifications.telegram.line import line
from notifications.telegram.models import Bot, Update
from notifications.telegram.steps import hearing, setting_up
from tests.generations.conftest import Sandbox

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Telegram:
    """The sandbox's side. Updates are carried to the webhook by hand, as its own courier cannot reach a test's rows."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.http = requests.Session()
        self.carried = 0

    def control(self, lever: str, **said: Any) -> Any:
        answer = self.http.post(f"{self.origin}/control/telegram/{lever}", json=said, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    @property
    def journal(self) -> Any:
        return self.http.get(f"{self.origin}/control/telegram/journal", timeout=30).json()

    @property
    def updates(self) -> list[dict[str, Any]]:
        return [update["body"] for update in self.journal["updates"]]

    def sent(self, person: int = 42) -> list[dict[str, Any]]:
        """What the bot wrote to that person, oldest first."""
        return [one for one in self.journal["messages"] if one["from"]["is_bot"] and one["chat"]["id"] == person]

    @property
    def toasts(self) -> list[str]:
        return [toast["text"] for toast in self.journal["toasts"]]

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [call for call in self.journal["calls"] if call["method"] == method]

    def carry(self) -> None:
        """Everything new goes to the webhook and is heard."""
        for body in self.updates[self.carried :]:
            assert deliver(body).status_code == 200
            self.carried += 1
        for pk in Update.objects.due().order_by("update_id").values_list("pk", flat=True):
            hearing.hear(pk)

    def write(self, text: str, person: int = 42, **more: Any) -> None:
        self.control("write", person=person, text=text, **more)
        self.carry()

    def press(self, message: dict[str, Any], verb: str, person: int = 42) -> None:
        """The first button of that kind below a message."""
        data = next(
            one["callback_data"] for one in buttons_of(message) if one.get("callback_data", "").startswith(verb)
        )
        self.control("press", person=person, message=message["message_id"], data=data)
        self.carry()


def deliver(body: Any, secret: str | None = None, **headers: str) -> Any:
    """One update at the webhook's door."""
    here = line()
    given = here.secret if here and secret is None else secret
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(
        "/api/telegram/webhook", content, content_type="application/json", headers={SECRET: given or "", **headers}
    )


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


@pytest.fixture
def telegram(db: None, sandbox: Sandbox) -> Iterator[Telegram]:
    """Set up, and nobody has written yet."""
    playing = Telegram(sandbox.origin)
    setting_up.set_up()
    assert Bot.objects.get().username == "dotbase_sandbox_bot"
    # The courier would knock at a studio that is not there.
    requests.post(f"{sandbox.origin}/telegram/botsandbox/deleteWebhook", timeout=10)
    playing.control("reset")
    yield playing
    playing.http.close()


Link = Callable[..., str]


@pytest.fixture
def nonce_for() -> Link:
    """Presses the button in the preferences; what the link carries."""

    def ask(user: User) -> str:
        page = Client()
        page.force_login(user)
        answer = page.post("/notifications/telegram/link/")
        assert answer.status_code == 200
        found = re.search(r"dotbase_sandbox_bot\?start=([\w-]{1,64})", answer.content.decode())
        assert found
        return found[1]

    return ask


@pytest.fixture
def linked(telegram: Telegram, nonce_for: Link) -> Callable[..., None]:
    """A person and their chat."""

    def link(user: User, person: int = 42) -> None:
        telegram.write(f"/start {nonce_for(user)}", person=person, first_name="Alice")
        assert user.telegram_chat.chat_id == person

    return link


@pytest.fixture
def wants(db: None) -> Callable[[User], None]:
    """Wants to hear everything there."""

    def choose(user: User) -> None:
        kinds = {kind: ["bell", "telegram"] for kind in ("completed", "failed", "late", "refunded", "archive")}
        Preference.objects.update_or_create(user=user, defaults={"channels": kinds})

    return choose

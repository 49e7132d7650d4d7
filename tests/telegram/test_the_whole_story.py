"""Every process for real: Telegram is told where we are, a person presses START, and gets what they asked for."""

import re
from typing import Any

import pytest
import requests

from config.local.waiting import until
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = pytest.mark.system
PERSON = 7007


class Phone:
    """Somebody's Telegram at the system's sandbox."""

    def __init__(self, system: RunningSystem) -> None:
        self.control = f"{system.sandbox_url}/control/telegram"

    def do(self, lever: str, **said: Any) -> None:
        answer = requests.post(f"{self.control}/{lever}", json={"person": PERSON, **said}, timeout=10)
        assert answer.ok, answer.text

    @property
    def journal(self) -> Any:
        return requests.get(f"{self.control}/journal", timeout=10).json()

    def messages(self, part: str) -> list[dict[str, Any]]:
        """From the bot, with these words."""
        own = [one for one in self.journal["messages"] if one["from"]["is_bot"] and one["chat"]["id"] == PERSON]
        return [one for one in own if part in one.get("text", one.get("caption", ""))]


def test_a_picture_reaches_a_phone_and_a_failure_is_asked_for_again(system: RunningSystem) -> None:
    alice, phone = Visitor(system).sign_in(), Phone(system)
    assert until(lambda: phone.journal["webhook"]["url"] == f"{system.url}/api/telegram/webhook", 30)
    found = None

    def has_link() -> bool:
        nonlocal found
        alice.browser.get(f"{system.url}/notifications/preferences/", timeout=10)
        form = {"csrfmiddlewaretoken": alice.browser.cookies["csrftoken"]}
        page = alice.browser.post(f"{system.url}/notifications/telegram/link/", data=form, timeout=10)
        found = re.search(r"start=([\w-]{32})", page.text)
        return found is not None

    assert until(has_link, 30)
    assert found
    phone.do("write", text=f"/start {found[1]}")
    assert until(lambda: phone.messages(f"Connected with {alice.email}"), 20)

    alice.ask("a quiet harbour")
    assert until(lambda: phone.messages("Ready: a quiet harbour"), 40)
    assert "photo" in phone.messages("Ready")[0]

    failed = alice.ask("a crowd [[refuse]]")
    assert until(lambda: phone.messages("Failed: a crowd"), 40)
    (message,) = phone.messages("Failed: a crowd")
    button = message["reply_markup"]["inline_keyboard"][0][0]
    phone.do("press", message=message["message_id"], data=button["callback_data"])
    retries = "SELECT count(*) FROM generations_generation WHERE retry_of_id = %s"
    assert until(lambda: system.query(retries, failed) == [(1,)], 20)
    assert until(lambda: len(phone.messages("Failed: a crowd")) == 2, 40)
    assert len(phone.messages("Ready: a quiet harbour")) == 1

"""What the bot says back. Values; whoever has closed the update's row sends them."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from notifications.telegram.client import Client

LONGEST_TOAST = 200


class Reply(Protocol):
    @property
    def chat_id(self) -> int: ...

    def send(self, client: Client) -> None: ...


@dataclass(frozen=True, slots=True)
class Say:
    """A new message."""

    chat_id: int
    text: str
    keyboard: list[Any] = field(default_factory=list)

    def send(self, client: Client) -> None:
        client.send(self.chat_id, self.text, self.keyboard)


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a pressed button; until it comes, the button shows that it works."""

    chat_id: int
    query: str
    text: str

    def send(self, client: Client) -> None:
        # An alert: what it cost should not vanish after three seconds.
        text = self.text if len(self.text) <= LONGEST_TOAST else f"{self.text[: LONGEST_TOAST - 1]}…"
        client.ask("answerCallbackQuery", callback_query_id=self.query, text=text, show_alert=True)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Other buttons below a message; with a text, another text, too."""

    chat_id: int
    message_id: int
    keyboard: list[Any]
    text: str = ""

    def send(self, client: Client) -> None:
        params: dict[str, Any] = {"chat_id": self.chat_id, "message_id": self.message_id}
        params["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.text:
            client.ask("editMessageText", text=self.text, **params)
        else:
            client.ask("editMessageReplyMarkup", **params)

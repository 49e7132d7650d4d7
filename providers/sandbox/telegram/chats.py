"""What Telegram knows of one bot: webhook, people who wrote to it, messages, updates. In memory and a journal."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from providers.sandbox.journal import Journal

BOT = {"id": 8300, "is_bot": True, "first_name": ".base sandbox", "username": "dotbase_sandbox_bot"}
LONGEST_DATA = 64  # bytes of a button's callback_data


@dataclass(kw_only=True, slots=True)
class Person:
    """Somebody with Telegram. In a private chat the chat's id is the person's."""

    id: int
    first_name: str
    language_code: str = "en"
    has_started: bool = False
    has_blocked: bool = False

    @property
    def shown(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "first_name": self.first_name, "type": "private"}


@dataclass(kw_only=True, slots=True)
class Update:
    """answers: what the webhook's receiver said each time; the last one counts."""

    id: int
    body: dict[str, Any]
    answers: list[int | str] = field(default_factory=list)

    @property
    def is_taken(self) -> bool:
        return any(isinstance(answer, int) and 200 <= answer < 300 for answer in self.answers)  # noqa: PLR2004


class Chats:
    """All of it survives a restart, but for the calls' own list."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "telegram"
        self._journal = Journal(folder / "telegram.jsonl")
        self.url, self.secret = "", ""
        self.people: dict[int, Person] = {}
        self.messages: dict[int, dict[str, Any]] = {}
        self.updates: dict[int, Update] = {}
        self.queries: dict[str, float] = {}  # callback queries that wait for an answer, with their time
        self.toasts: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        for line in self._journal.read():
            self._replay(dict(line))

    def set_webhook(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self._journal.append("webhook", url=url, secret=secret)

    def person(self, person_id: int, **changes: Any) -> Person:
        """That person, made if new, with these changes."""
        person = self.people.get(person_id) or Person(id=person_id, first_name=f"Person {person_id}")
        for name, value in changes.items():
            setattr(person, name, value)
        self.people[person_id] = person
        self._journal.append("person", **asdict(person))
        return person

    def keep(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A new message or an edited one. With it in the journal it is sent."""
        self.messages[message["message_id"]] = dict(message)
        self._journal.append("message", message=message)
        return dict(message)

    @property
    def next_message_id(self) -> int:
        return max(self.messages, default=0) + 1

    def add_update(self, body: Mapping[str, Any]) -> Update:
        """Numbered upwards, as Telegram does; after a reset never with a number that was used before."""
        number = max(self.updates, default=int(time.time())) + 1
        update = self.updates[number] = Update(id=number, body={"update_id": number, **body})
        self._journal.append("update", id=number, body=update.body)
        return update

    def note_answer(self, update: Update, answer: int | str) -> None:
        update.answers.append(answer)
        self._journal.append("answer", id=update.id, answer=answer)

    def note_call(self, method: str, params: Mapping[str, Any], answer: int | str) -> None:
        """params: without the content of files. answer: the status, or how it went without one."""
        self.calls.append({"method": method, "params": dict(params), "answer": answer})

    def clear(self) -> None:
        """Forgets everything but the webhook, which only the bot's owner sets."""
        self._journal.clear()
        for kept in (self.people, self.messages, self.updates, self.queries, self.toasts, self.calls):
            kept.clear()
        shutil.rmtree(self.files, ignore_errors=True)
        self.set_webhook(self.url, self.secret)

    def close(self) -> None:
        self._journal.close()

    def _replay(self, line: dict[str, Any]) -> None:
        event = line.pop("event")
        if event == "webhook":
            self.url, self.secret = line["url"], line["secret"]
        elif event == "person":
            self.people[line["id"]] = Person(**line)
        elif event == "message":
            self.messages[line["message"]["message_id"]] = line["message"]
        elif event == "update":
            self.updates[line["id"]] = Update(**line)
        elif event == "answer" and line["id"] in self.updates:
            self.updates[line["id"]].answers.append(line["answer"])

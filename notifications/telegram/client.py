"""Calls to the Bot API (https://core.telegram.org/bots/api, read in November 2026), as one bot.

What may be repeated goes over the process's pooled session; a message gets a connection of its own and no retry, so
that what was surely not sent can be told from what is not known (providers.http does the same). No exception of the
libraries gets out: their texts quote the address, and with it the token.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from notifications.telegram.errors import (
    Blocked,
    Refused,
    TelegramError,
    Throttled,
    TokenInvalid,
    Unanswered,
    Unreachable,
)
from notifications.telegram.line import Line
from providers import __version__
from providers.bodies import json_object, storable
from providers.connections import Session, pooled_session
from providers.errors import NotSent
from providers.http import chunks_of

MOST_BYTES = 1024 * 1024
BROKEN = (requests.RequestException, HTTPError, HTTPException, OSError)
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 3600.0
# Of 400s, those that are about the person and not about the message.
GONE = ("chat not found", "user is deactivated", "bot can't initiate conversation")


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """kind: photo, video or document, as the methods are named."""

    kind: str
    name: str
    content_type: str
    content: bytes = field(repr=False)


class Client:
    """Cheap to make. Every call raises the TelegramError family and nothing else."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def ask(self, method: str, **params: Any) -> Any:
        """What may be repeated: questions, settings, answers to a pressed button, changes of a message."""
        return self._call(pooled_session("telegram"), method, params)

    def send(self, chat_id: int, text: str, keyboard: list[Any] | None = None, file: File | None = None) -> int:
        """One new message, with a file or without; its id. text: at most 4096 characters, 1024 below a file."""
        params: dict[str, Any] = {"chat_id": chat_id, "caption" if file else "text": text}
        if keyboard:
            params["reply_markup"] = {"inline_keyboard": keyboard}
        with Session() as session:
            result = self._call(session, f"send{file.kind.capitalize()}" if file else "sendMessage", params, file)
        number = result.get("message_id") if isinstance(result, dict) else None
        return number if isinstance(number, int) else 0

    def _call(self, session: requests.Session, method: str, params: Mapping[str, Any], file: File | None = None) -> Any:
        try:
            status, body = self._exchange(session, self._prepare(method, params, file))
        except NotSent:
            raise Unreachable("no connection to Telegram") from None
        except BROKEN as error:
            raise Unanswered(f"{method} broke off: {type(error).__name__}") from None
        return _result(method, status, body)

    def _prepare(self, method: str, params: Mapping[str, Any], file: File | None) -> requests.PreparedRequest:
        headers = {"User-Agent": f"dotbase/{__version__}", "Accept-Encoding": "identity"}
        if file:
            headers["Connection"] = "close"
        url = f"{self._line.base_url}/bot{self._line.token}/{method}"
        try:
            if file is None:
                return requests.Request("POST", url, headers=headers, json=params).prepare()
            named = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
            files = {file.kind: (file.name, file.content, file.content_type)}
            return requests.Request("POST", url, headers=headers, data=named, files=files).prepare()
        except (requests.RequestException, ValueError):
            raise TokenInvalid("no address can be made of TELEGRAM_BASE_URL and TELEGRAM_BOT_TOKEN") from None

    @staticmethod
    def _exchange(session: requests.Session, request: requests.PreparedRequest) -> tuple[int, bytes]:
        patience = (settings.PROVIDER_CONNECT_TIMEOUT_SECONDS, settings.PROVIDER_READ_TIMEOUT_SECONDS)
        deadline = time.monotonic() + sum(patience)
        with session.send(request, stream=True, timeout=patience) as response:
            return response.status_code, b"".join(chunks_of(response, deadline, MOST_BYTES))


def _result(method: str, status: int, body: bytes) -> Any:
    try:
        answer = json_object(body)
    except ValueError:
        answer = {}
    if answer.get("ok") is True and status == HTTPStatus.OK:
        return answer.get("result")
    raise _refusal(method, status, answer)


def _refusal(method: str, status: int, answer: Mapping[str, Any]) -> TelegramError:
    words = storable(answer.get("description"), 200)
    said = f"{method} was answered {status}: {words}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(said, _pause(answer.get("parameters")))
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        return TokenInvalid(said)
    if status == HTTPStatus.FORBIDDEN or (status == HTTPStatus.BAD_REQUEST and words.partition(": ")[2] in GONE):
        return Blocked(said)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(said)
    return Unanswered(said)


def _pause(parameters: Any) -> float:
    """Seconds, as Telegram has them in the body and not in a header."""
    given = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return min(float(given), LONGEST_PAUSE_SECONDS) if isinstance(given, int) and given >= 0 else PAUSE_SECONDS

"""One open page in plain Python: it places what a socket sends, and confirms it when it is told to."""

import asyncio
import json
import re
from contextlib import suppress
from typing import Any

from channels.testing import WebsocketCommunicator
from django.conf import settings

from config.asgi import application

SEQ = re.compile(r'data-seq="(\d+)"')


class Page:
    """cursor, parts: what the page has. waiting: the batch it has got and not yet confirmed."""

    def __init__(self, session_key: str, cursor: int) -> None:
        self.cursor = self.shown = cursor
        self.parts: dict[str, str] = {}
        self.waiting: dict[str, Any] | None = None
        self._session_key = session_key
        self._tab: WebsocketCommunicator | None = None

    async def connect(self, have: int | None = None) -> None:
        """have: an older cursor than the page's own, as after "back"."""
        headers = [
            (b"origin", settings.WEB_ORIGINS[0].encode()),
            (b"cookie", f"{settings.SESSION_COOKIE_NAME}={self._session_key}".encode()),
        ]
        self._tab = WebsocketCommunicator(application, "/ws/live/", headers)
        accepted, _protocol = await self._tab.connect(10)
        assert accepted
        self.cursor = self.cursor if have is None else have
        await self._say({"have": self.cursor, "page": "create", "lang": "en"})

    async def leave(self) -> None:
        if self._tab is not None:
            await self._tab.disconnect()
        self._tab, self.waiting = None, None

    async def listen(self, until_seq: int) -> None:
        """Reads and confirms until it has been told of this change."""
        async with asyncio.timeout(20):
            await self.confirm()
            while self.cursor < until_seq:
                assert await self.read(10), "the socket said nothing"
                await self.confirm()

    async def read(self, seconds: float) -> bool:
        """Takes one batch and does not confirm it. False: none came."""
        assert self._tab is not None
        # A time-out of the communicator's own would end the socket.
        if await self._tab.receive_nothing(seconds, 0.005):
            return False
        frame = await self._tab.receive_json_from(5)
        assert self.waiting is None, "a second batch before the first was confirmed"
        assert "reset" not in frame
        self.waiting = frame
        return True

    async def confirm(self) -> None:
        if self.waiting is None:
            return
        frame, self.waiting = self.waiting, None
        assert frame["cursor"] > self.cursor
        self.cursor = frame["cursor"]
        for part in frame["fragments"]:
            self._place(part["id"], part["html"])
        await self._say({"ack": self.cursor})

    def _place(self, name: str, html: str) -> None:
        """As static/js/fragments.js: never an older one over a newer one."""
        before, now = SEQ.search(self.parts.get(name, "")), SEQ.search(html)
        if not (before and now and int(now[1]) < int(before[1])):
            self.parts[name] = html

    async def _say(self, message: dict[str, int | str]) -> None:
        assert self._tab is not None
        with suppress(RuntimeError):
            await self._tab.send_to(text_data=json.dumps(message))

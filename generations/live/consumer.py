"""One tab's socket: holds a cursor, sends what changed since, waits for the page's word before the next batch."""

import asyncio
import json
import time
from dataclasses import replace
from typing import Any

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import InterfaceError, OperationalError

from accounts.models import User
from generations import feed
from generations.live import messages
from generations.live.hub import hub
from generations.live.sessions import Ticket

logger = structlog.get_logger(__name__)
NOT_UNDERSTOOD, SIGNED_OUT, STALLED, TOO_MANY = 4400, 4401, 4408, 4409
# Come back after a moment of your own choosing; after a longer one.
RESTARTING, FULL = 4012, 4013
# The standard's own "unexpected condition" (RFC 6455, 7.4.1).
BROKEN = 1011
SECONDS_AFTER_FAILURE = 1.0


class LiveConsumer(AsyncWebsocketConsumer):
    # The hub talks to Redis for all sockets of the process, so that a socket opens without it, too.
    channel_layer_alias = "none"
    ticket: Ticket

    async def connect(self) -> None:
        user = self.scope.get("user")
        await self.accept()
        if not isinstance(user, User) or not user.is_active:
            # Said on an open socket: a page cannot read why a handshake was refused, and would try for ever.
            await self.turn_away()
            return
        if hub.is_draining or hub.is_full:
            await self.close(code=RESTARTING if hub.is_draining else FULL)
            return
        self.ticket = Ticket(self.scope["session"].session_key, user.pk, user.get_session_auth_hash())
        self.cursor: int | None = None
        self.told_at = 0.0
        self.page = feed.Page()
        # Where a queue that was opened over the page was read, when that is before the cursor.
        self.behind: int | None = None
        self.dirty = asyncio.Event()
        # The number of the batch that was sent and not acknowledged, the only one that the page may say.
        self.unconfirmed: int | None = None
        self.acknowledged = asyncio.Event()
        self.pump: asyncio.Task[None] | None = None
        self.heart = asyncio.get_running_loop().create_task(self._beat())
        for oldest in hub.join(self):
            if isinstance(oldest, LiveConsumer):
                await oldest.close(code=TOO_MANY)

    async def disconnect(self, code: int) -> None:
        if not hasattr(self, "ticket"):
            return
        hub.leave(self)
        tasks = [task for task in (self.heart, self.pump) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def turn_away(self) -> None:
        """Nobody is signed in here, or no longer; the page loads itself anew."""
        await self.close(code=SIGNED_OUT)

    async def send_elsewhere(self) -> None:
        """This process ends. What was sent stands before the goodbye, so the page loses nothing."""
        await self.close(code=RESTARTING)

    def nudge(self, seq: int) -> None:
        """Somebody says the person is at this change."""
        if self.cursor is not None and seq > self.cursor:
            self.dirty.set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = messages.read(text_data)
        if not hasattr(self, "ticket"):
            return
        if message is None or not self._heard(message):
            await self.close(code=NOT_UNDERSTOOD)

    def _heard(self, message: dict[str, Any]) -> bool:
        """Does what it says; False when it does not say so at this point."""
        if "have" in message:
            if self.pump is not None:
                return False
            self.cursor, self.page = message["have"], messages.page_of(message)
            self.pump = asyncio.get_running_loop().create_task(self._pump())
            self.pump.add_done_callback(self._pump_ended)
        elif "ack" in message:
            if self.unconfirmed is None or message["ack"] != self.unconfirmed:
                return False
            self.unconfirmed = None
            self.acknowledged.set()
            return True
        elif self.pump is None:
            return False
        else:
            self.page = replace(self.page, has_jobs=True, asked=messages.asked_of(message))
            self.behind = message["jobs"]
        # With "have" the present truth comes first: whatever happened between the page and the socket.
        self.dirty.set()
        return True

    async def _beat(self) -> None:
        """A connection that died without a word is noticed by the page: it hears nothing any more."""
        while True:
            await asyncio.sleep(settings.SOCKET_HEARTBEAT_SECONDS)
            await self.send(text_data=json.dumps({"t": self.cursor}))

    async def _pump(self) -> None:
        while await self._tell():
            pass

    def _pump_ended(self, pump: asyncio.Task[None]) -> None:
        """An error that nobody foresaw ends this socket alone; the page opens another for what it missed."""
        if not pump.cancelled() and (error := pump.exception()):
            logger.error("live_pump_failed", exc_info=error)
            self.farewell = asyncio.get_running_loop().create_task(self.close(code=BROKEN))

    async def _tell(self) -> bool:
        """Waits for a change and sends it; False when there is no more to say."""
        await self.dirty.wait()
        # A lone change is told at once; what pours in is told together.
        await asyncio.sleep(max(0.0, self.told_at + settings.SOCKET_COALESCE_SECONDS - time.monotonic()))
        self.dirty.clear()
        if self.behind is not None:
            self.cursor, self.behind = min(self.cursor or 0, self.behind), None
        try:
            frame = await database_sync_to_async(feed.read)(self.ticket.user_id, self.cursor or 0, self.page)
        except (OperationalError, InterfaceError):
            await asyncio.sleep(SECONDS_AFTER_FAILURE)
            self.dirty.set()
            return True
        return frame is None or await self._deliver(frame)

    async def _deliver(self, frame: dict[str, Any]) -> bool:
        """Sends one batch and waits for its acknowledgement; False closes the pump."""
        self.acknowledged.clear()
        self.told_at = time.monotonic()
        self.unconfirmed = frame.get("cursor")
        await self.send(text_data=feed.encode(frame))
        if "reset" in frame:
            return False
        try:
            async with asyncio.timeout(settings.SOCKET_ACK_SECONDS):
                await self.acknowledged.wait()
        except TimeoutError:
            await self.close(code=STALLED)
            return False
        self.cursor = frame["cursor"]
        self.dirty.set()
        return True

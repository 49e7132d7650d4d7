"""One job's webhooks: which events are told, throttled, in which order, and how often the last one is tried again."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from providers.sandbox.desk import Desk
from providers.sandbox.jobs import Delivery, Job
from providers.sandbox.replicate.shapes import edge
from providers.sandbox.signature import headers_for

EVENTS = ("start", "output", "logs", "completed")
DEFAULT_EVENTS = ("output", "completed")
THROTTLED = ("output", "logs")
THROTTLE_SECONDS = 0.5
AGENT = "Replicate/1.0 (sandbox)"
# Seconds after the end at which the last webhook is tried again, when it failed: the last one about a minute later.
RETRIES_SECONDS = (1, 3, 7, 15, 31, 60)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; the id is the same in every attempt."""

    event: str
    webhook_id: str
    body: bytes


def message_of(desk: Desk, job: Job, event: str, names: tuple[str, ...] | None = None) -> Message:
    """The prediction as it is now. The event's name is not in it."""
    shown = edge(job, desk.clock.now_ns(), desk.environment.origin, names=names)
    body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    return Message(event, f"msg_{secrets.token_hex(13)}", body)


async def send(desk: Desk, job: Job, message: Message, *, attempt: int = 1, forgery: str = "") -> Delivery:
    """One attempt, signed now."""
    headers = headers_for(message.body, agent=AGENT, webhook_id=message.webhook_id, secret=desk.secret, forgery=forgery)
    return await desk.courier.send(
        job,
        event=message.event,
        webhook_id=message.webhook_id,
        body=message.body,
        headers=headers,
        attempt=attempt,
    )


def is_worth_another(delivery: Delivery) -> bool:
    """Network failures and 4xx and 5xx are; a redirect is not followed and not tried again."""
    return isinstance(delivery.answer, str) or delivery.answer >= HTTPStatus.BAD_REQUEST


class Notices:
    """Told of events in the order they happen, hands them over in that order (unless told to reorder them)."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self._job = job
        self._waiting: asyncio.Queue[Message] = asyncio.Queue()
        self._told_at: dict[str, float] = {}
        self.is_silent = not job.webhook or job.is_told("drop")
        self.completed_tried = asyncio.Event()
        if self.is_silent or "completed" not in job.events:
            self.completed_tried.set()

    def tell(self, event: str, names: tuple[str, ...] | None = None) -> None:
        """Puts the prediction as it is now in line, if this event was asked for and not told just now."""
        if self.is_silent or event not in self._job.events:
            return
        now = self._desk.clock.now()
        if event in THROTTLED and now - self._told_at.get(event, 0) < THROTTLE_SECONDS:
            return
        self._told_at[event] = now
        self._waiting.put_nowait(message_of(self._desk, self._job, event, names))

    async def hand_over(self) -> None:
        """Sends what is in line until the last webhook is delivered or given up."""
        held = []
        while True:
            message = await self._waiting.get()
            if message.event == "completed":
                await self._complete(message)
                break
            if self._job.is_told("reorder"):
                held.append(message)
            else:
                await send(self._desk, self._job, message)
        for message in held:
            await send(self._desk, self._job, message)

    async def _complete(self, message: Message) -> None:
        job = self._job
        ended = job.ended_at + job.told_seconds("late")
        await self._desk.clock.sleep_until(ended)
        copies = int(job.directives.get("duplicate") or 2) if job.is_told("duplicate") else 1
        attempt = 1
        first = await asyncio.gather(*(self._try(message, attempt) for _ in range(copies)))
        self.completed_tried.set()
        if not all(is_worth_another(delivery) for delivery in first):
            return
        for delay in RETRIES_SECONDS:
            await self._desk.clock.sleep_until(ended + delay)
            attempt += 1
            if not is_worth_another(await self._try(message, attempt)):
                return

    async def _try(self, message: Message, attempt: int) -> Delivery:
        told = self._job.directives.get("corrupt")
        is_corrupt = told is not None and attempt <= int(told or 99)
        forgery = "signature" if is_corrupt else ""
        return await send(self._desk, self._job, message, attempt=attempt, forgery=forgery)

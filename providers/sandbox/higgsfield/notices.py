"""One job's webhook: signed or not as the account stands, tried again after 5xx and lost connections.

A 4xx is final (docs: "Webhooks"): the receiver does not want it. Nothing is sent about a cancelled job.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from providers.sandbox.desk import Desk
from providers.sandbox.higgsfield.access import PROVIDER
from providers.sandbox.higgsfield.shapes import shown
from providers.sandbox.jobs import Delivery, Job, State
from providers.sandbox.signature import former, headers_for

EVENT = "completed"
AGENT = "Higgsfield/1.0 (sandbox)"
# Seconds after the end at which it is tried again: up to two hours.
RETRIES_SECONDS = (1, 5, 15, 60, 300, 900, 1800, 3600, 7200)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent; the id is the same in every attempt."""

    webhook_id: str
    body: bytes


def message_of(desk: Desk, job: Job) -> Message:
    """What the status would be answered with now."""
    said = shown(job, f"{desk.environment.origin}/{PROVIDER}")
    return Message(f"msg_{secrets.token_hex(13)}", json.dumps(said, separators=(",", ":")).encode())


def headers_of(desk: Desk, job: Job, message: Message, forgery: str = "") -> dict[str, str]:
    """Signed as the account stands ("unsigned" until its secret was revealed), or as the job was told."""
    mode = job.directives.get("sign") or desk.signing
    sign = partial(headers_for, message.body, agent=AGENT, webhook_id=message.webhook_id)
    headers = sign(secret=desk.secret, forgery=forgery or ("unsigned" if mode == "unsigned" else ""))
    if mode == "dual" and not forgery:
        older = sign(secret=former(desk.secret))
        headers["webhook-signature"] += f" {older['webhook-signature']}"
    if job.details["secret"]:
        headers["x-webhook-secret-key"] = job.details["secret"]
    return headers


async def send(desk: Desk, job: Job, message: Message, *, attempt: int = 1, forgery: str = "") -> Delivery:
    """One attempt, signed now."""
    headers = headers_of(desk, job, message, forgery)
    return await desk.courier.send(
        job, event=EVENT, webhook_id=message.webhook_id, body=message.body, headers=headers, attempt=attempt
    )


def is_worth_another(delivery: Delivery) -> bool:
    """Network failures and 5xx are. 4xx and redirects are not."""
    return isinstance(delivery.answer, str) or delivery.answer >= HTTPStatus.INTERNAL_SERVER_ERROR


class Notice:
    """Told of the end, hands it over until it is delivered, refused or two hours old."""

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self._job = job
        self.tried = asyncio.Event()
        if self._is_silent:
            self.tried.set()

    @property
    def _is_silent(self) -> bool:
        return not self._job.webhook or self._job.is_told("drop")

    def tell(self) -> None:
        """The job has ended."""
        if self._is_silent or self._job.state not in (State.SUCCEEDED, State.FAILED):
            self.tried.set()
            return
        self._desk.begin(self._job, "notices", self._hand_over(message_of(self._desk, self._job)))

    async def _hand_over(self, message: Message) -> None:
        job = self._job
        ended = job.ended_at + job.told_seconds("late")
        await self._desk.clock.sleep_until(ended)
        copies = int(job.directives.get("duplicate") or 2) if job.is_told("duplicate") else 1
        first = await asyncio.gather(*(self._try(message, 1) for _ in range(copies)))
        self.tried.set()
        if not all(is_worth_another(delivery) for delivery in first):
            return
        for attempt, delay in enumerate(RETRIES_SECONDS, start=2):
            await self._desk.clock.sleep_until(ended + delay)
            if not is_worth_another(await self._try(message, attempt)):
                return

    async def _try(self, message: Message, attempt: int) -> Delivery:
        told = self._job.directives.get("corrupt")
        is_corrupt = told is not None and attempt <= int(told or 99)
        return await send(self._desk, self._job, message, attempt=attempt, forgery="signature" if is_corrupt else "")

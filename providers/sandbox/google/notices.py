"""An interaction's webhook: a thin envelope that says which one has news, with a token, and tried again."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from providers.sandbox.desk import Desk
from providers.sandbox.google.responses import WORDS, stamp
from providers.sandbox.google.signature import FORGERIES, headers_for
from providers.sandbox.jobs import Delivery, Job

RETRIES_SECONDS = (1, 3, 7, 15, 31, 60)


@dataclass(frozen=True, slots=True)
class Message:
    event: str
    webhook_id: str
    envelope: dict[str, Any]


def message_of(desk: Desk, job: Job, event: str) -> Message:
    is_operation = job.details["method"] == "predictLongRunning"
    known = f"models/{job.endpoint}/operations/{job.id}" if is_operation else job.id
    kind = "video.generated" if is_operation else f"interaction.{event}"
    envelope = {"type": kind, "version": "v1", "timestamp": stamp(desk.clock.now()), "data": {"id": known}}
    return Message(event, f"msg_{secrets.token_hex(13)}", envelope)


async def send(desk: Desk, job: Job, message: Message, *, attempt: int = 1, forgery: str = "") -> Delivery:
    """One attempt, signed now. The forgery "body" names another job beside the right token."""
    folder = desk.environment.folder
    own = "" if forgery == "body" else forgery
    headers = await asyncio.to_thread(
        headers_for, message.envelope, folder=folder, webhook_id=message.webhook_id, audience=job.webhook, forgery=own
    )
    told = message.envelope | {"data": {"id": "v1_another"}} if forgery == "body" else message.envelope
    return await desk.courier.send(
        job,
        event=message.event,
        webhook_id=message.webhook_id,
        body=json.dumps(told, separators=(",", ":")).encode(),
        headers=headers,
        attempt=attempt,
    )


async def tell(desk: Desk, job: Job) -> None:
    """The end of a job, told until somebody accepts it or the time for that is over."""
    if not job.webhook or job.is_told("drop"):
        return
    message = message_of(desk, job, WORDS[job.state])
    ended = job.ended_at + job.told_seconds("late")
    copies = int(job.directives.get("duplicate") or 2) if job.is_told("duplicate") else 1
    for attempt, delay in enumerate((0, *RETRIES_SECONDS), start=1):
        await desk.clock.sleep_until(ended + delay)
        told = job.directives.get("corrupt")
        forgery = "signature" if told is not None and attempt <= int(told or 99) else ""
        sending = (send(desk, job, message, attempt=attempt, forgery=forgery) for _ in range(copies))
        if any(not _is_worth_another(delivery) for delivery in await asyncio.gather(*sending)):
            return
        copies = 1


def can_send(event: str, forgery: str) -> bool:
    """Whether there are such an event and such a forgery."""
    return event in ("completed", "failed", "cancelled", "requires_action") and forgery in ("", "body", *FORGERIES)


async def send_again(desk: Desk, job: Job, event: str, forgery: str, times: int) -> list[Delivery]:
    """`times` deliveries at once, all of one webhook-id."""
    message = message_of(desk, job, event)
    return list(await asyncio.gather(*(send(desk, job, message, forgery=forgery) for _ in range(times))))


def _is_worth_another(delivery: Delivery) -> bool:
    return isinstance(delivery.answer, str) or delivery.answer >= HTTPStatus.BAD_REQUEST

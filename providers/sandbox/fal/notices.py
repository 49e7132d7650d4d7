"""A job's one webhook, at its end: what it says, how often it is tried again, what a directive changes in it."""

import asyncio
import json
import uuid
from dataclasses import dataclass

from providers.sandbox.desk import Desk
from providers.sandbox.fal.shapes import ending, output
from providers.sandbox.fal.signature import FORGERIES, headers_for, key_of_day
from providers.sandbox.jobs import Delivery, Job

EVENT = "completed"
# Seconds after the end at which it is tried again, when it failed: ten tries within two hours.
RETRIES_SECONDS = (10, 30, 70, 150, 310, 630, 1_270, 3_000, 7_200)
UNTELLABLE = "Response payload is not JSON serializable. Either return a JSON serializable object or use the queue."


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. Its gateway's id changes when the platform repeats a run; the request's never does."""

    gateway_id: str
    body: bytes


def message_of(desk: Desk, job: Job, gateway_id: str = "") -> Message:
    """As the real ones are written: Python's own JSON, keys by the alphabet, null where there is no error."""
    code, body = ending(job)
    told = {
        "request_id": job.id,
        "gateway_request_id": gateway_id or job.id,
        "status": "OK" if body is None else "ERROR",
        "error": None if body is None else f"Invalid status code: {code}",
        "payload": output(job, desk.environment.origin) if body is None else body,
    }
    if body is None and job.is_told("payload-error"):
        told |= {"payload": None, "payload_error": UNTELLABLE}
    return Message(gateway_id or job.id, json.dumps(told, sort_keys=True).encode())


async def send(desk: Desk, job: Job, message: Message, *, attempt: int = 1, forgery: str = "") -> Delivery:
    """One attempt, signed now. "body": altered after signing."""
    key = key_of_day(desk.environment.folder, desk.clock.now())
    proof = forgery if forgery in FORGERIES else ""
    headers = headers_for(message.body, request_id=job.id, key=key, forgery=proof)
    body = message.body.replace(b'"status": "', b'"status":  "') if forgery == "body" else message.body
    return await desk.courier.send(
        job, event=EVENT, webhook_id=message.gateway_id, body=body, headers=headers, attempt=attempt
    )


def can_send(event: str, forgery: str) -> bool:
    """Whether there are such an event and such a forgery."""
    return event == EVENT and forgery in ("", "body", *FORGERIES)


async def send_again(desk: Desk, job: Job, event: str, forgery: str, times: int) -> list[Delivery]:
    """`times` deliveries at once, each from another gateway."""
    del event
    messages = [message_of(desk, job, str(uuid.uuid4())) for _ in range(times)]
    return list(await asyncio.gather(*(send(desk, job, message, forgery=forgery) for message in messages)))


async def hand_over(desk: Desk, job: Job) -> None:
    """Sends the webhook of an ended job until it is delivered or given up."""
    if not job.webhook or job.is_told("drop"):
        return
    ended = job.ended_at + job.told_seconds("late")
    await desk.clock.sleep_until(ended)
    copies = int(job.directives.get("duplicate") or 2) if job.is_told("duplicate") else 1
    messages = [message_of(desk, job, str(uuid.uuid4()) if number else "") for number in range(copies)]
    first = await asyncio.gather(*(_try(desk, job, message, 1) for message in messages))
    if any(delivery.is_accepted for delivery in first):
        return
    for attempt, delay in enumerate(RETRIES_SECONDS, start=2):
        await desk.clock.sleep_until(ended + delay)
        if (await _try(desk, job, messages[0], attempt)).is_accepted:
            return


async def _try(desk: Desk, job: Job, message: Message, attempt: int) -> Delivery:
    told = job.directives.get("corrupt")
    is_corrupt = told is not None and attempt <= int(told or 99)
    return await send(desk, job, message, attempt=attempt, forgery="signature" if is_corrupt else "")

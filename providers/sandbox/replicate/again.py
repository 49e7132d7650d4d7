"""Sends a webhook of a job again when /control asks: late, several times at once, or forged."""

import asyncio
import dataclasses

from providers.sandbox.desk import Desk
from providers.sandbox.jobs import Delivery, Job, State
from providers.sandbox.replicate.notices import AGENT, EVENTS, Message, message_of, send
from providers.sandbox.signature import FORGERIES, headers_for


def can_send(event: str, forgery: str) -> bool:
    """Whether there are such an event and such a forgery."""
    return event in EVENTS and forgery in ("", "body", *FORGERIES)


def _as_it_was(desk: Desk, job: Job, event: str) -> Message:
    """The prediction as it stood when the event happened, as far as the job still tells."""
    if event == "completed":
        return message_of(desk, job, event)
    earlier = dataclasses.replace(job, state=State.RUNNING, completed_ns=0, error=None)
    return message_of(desk, earlier, event, job.outputs if event == "output" else None)


async def send_again(desk: Desk, job: Job, event: str, forgery: str, times: int) -> list[Delivery]:
    """`times` deliveries at once, all of one webhook-id."""
    message = _as_it_was(desk, job, event)
    if forgery == "body":
        return await _send_altered(desk, job, message, times)
    return list(await asyncio.gather(*(send(desk, job, message, forgery=forgery) for _ in range(times))))


async def _send_altered(desk: Desk, job: Job, message: Message, times: int) -> list[Delivery]:
    headers = headers_for(message.body, agent=AGENT, webhook_id=message.webhook_id, secret=desk.secret)
    altered = message.body.replace(b'"status":"', b'"status": "')
    sending = (
        desk.courier.send(
            job, event=message.event, webhook_id=message.webhook_id, body=altered, headers=headers, attempt=1
        )
        for _ in range(times)
    )
    return list(await asyncio.gather(*sending))

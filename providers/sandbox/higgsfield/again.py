"""Sends a webhook of a job again when /control asks: several times at once, or forged."""

import asyncio
import json

from providers.sandbox.desk import Desk
from providers.sandbox.higgsfield.notices import EVENT, Message, headers_of, message_of, send
from providers.sandbox.jobs import Delivery, Job
from providers.sandbox.signature import FORGERIES

CLAIMED_ADDRESS = "https://example.org/not-made-by-anybody.png"


def can_send(event: str, forgery: str) -> bool:
    """Whether there are such an event and such a forgery: those of the signature, "body", and "claim", which says
    unsigned that the job is completed, whether it is or not."""
    return event == EVENT and forgery in ("", "body", "claim", *FORGERIES)


async def send_again(desk: Desk, job: Job, event: str, forgery: str, times: int) -> list[Delivery]:
    """`times` deliveries at once, all of one webhook-id."""
    del event
    message = message_of(desk, job)
    if forgery == "claim":
        told = json.loads(message.body) | {"status": EVENT, "images": [{"url": CLAIMED_ADDRESS}]}
        message = Message(message.webhook_id, json.dumps(told).encode())
        forgery = "unsigned"
    if forgery == "body":
        headers = headers_of(desk, job, message)
        altered = message.body.replace(b'":"', b'": "')
        sending = [
            desk.courier.send(job, event=EVENT, webhook_id=message.webhook_id, body=altered, headers=headers, attempt=1)
            for _ in range(times)
        ]
        return list(await asyncio.gather(*sending))
    return list(await asyncio.gather(*(send(desk, job, message, forgery=forgery) for _ in range(times))))

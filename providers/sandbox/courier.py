"""Carries a webhook to its address and writes down what came back. When to send and what to sign: the face knows."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import requests

from providers.sandbox.clock import Clock
from providers.sandbox.jobs import Delivery, Job
from providers.sandbox.store import Store

PATIENCE_SECONDS = 5
CARRIERS = 32


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int | str:
    """The status, or the name of what went wrong on the way."""
    # A connection of its own: a kept one that the receiver has just closed would look like a network failure.
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(
                url, data=body, headers=dict(headers), timeout=PATIENCE_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            return type(error).__name__
        return answer.status_code


class Courier:
    """Sends from a few threads, so that a slow receiver holds up nobody else."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._threads = ThreadPoolExecutor(CARRIERS, thread_name_prefix="courier")

    async def send(
        self, job: Job, *, event: str, webhook_id: str, body: bytes, headers: Mapping[str, str], attempt: int
    ) -> Delivery:
        """One attempt. Redirects are not followed; a network failure is an answer too."""
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, post, job.webhook, body, headers)
        delivery = Delivery(
            webhook_id=webhook_id, event=event, attempt=attempt, answer=answer, at=round(self._clock.now(), 6)
        )
        self._store.note(job, delivery)
        return delivery

    def close(self) -> None:
        """Does not wait for deliveries on their way."""
        self._threads.shutdown(wait=False, cancel_futures=True)

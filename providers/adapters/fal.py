"""fal: jobs through its queue, files through its storage. Quirks in docs/providers/fal.md; no synchronous runs.

API: https://fal.ai/docs/api-reference/inference-api. Base address https://queue.fal.run, `Authorization: Key …`;
options: rest_url (storage), jwks_url (keys of webhooks), api_url (lists). There is no idempotency key: an answerless
submit is found by its callback or in the list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from providers.adapters import fal_addresses as addresses
from providers.adapters import fal_listing, fal_prices, fal_requests, fal_signatures, fal_uploads
from providers.adapters.fal_keys import keys_of
from providers.adapters.fal_refusals import refusal
from providers.bodies import json_object
from providers.contract import (
    InputFile,
    JobRef,
    JobRequest,
    JobState,
    JobUpdate,
    Line,
    ListedJob,
    Traits,
    Uploaded,
    Verified,
)
from providers.errors import Ambiguous, BadSignature, NotFound, Rejected, Transient, UnreadableWebhook
from providers.http import Answer, Client

NAME = "fal"
# Outputs are fetched at once; a week is for a studio that was down over the holidays.
FILES_LIVE = '{"expiration_duration_seconds": 604800}'


class Fal:
    name = NAME

    def __init__(self, line: Line) -> None:
        self._line = line
        self._headers = {"Authorization": f"Key {line.token}"}
        self._client = Client(NAME, line, headers=self._headers)
        # A finished job takes two questions, which together must not outlast the one the caller has time for.
        half = replace(
            line,
            connect_timeout_seconds=line.connect_timeout_seconds / 2,
            fetch_timeout_seconds=line.fetch_timeout_seconds / 2,
        )
        self._quick = Client(NAME, half, headers=self._headers)

    def traits(self, endpoint: str) -> Traits:
        del endpoint
        return Traits()

    def upload(self, file: InputFile) -> Uploaded:
        """Two steps: an address is asked for, then the bytes are put there. It stays valid for the week it is kept."""
        return fal_uploads.upload(self._line, self._headers, file)

    def submit(self, request: JobRequest) -> JobUpdate:
        """Puts one job into the queue; the body is the bare input.

        The fuse is a limit on the time until it starts; one that runs has none. No-Retry: fal would run a job up to ten
        times by itself. Store-IO: without it a result of 10 KB or more is gone after six minutes, and no list shows it.
        """
        if not addresses.ENDPOINT.fullmatch(request.endpoint):
            raise Rejected(f"{request.endpoint!r} is not owner/app or owner/app/path")
        seconds = str(max(1, request.deadline_seconds))
        headers = {
            "X-Fal-Request-Start-Timeout": seconds,
            "X-Fal-Request-Timeout": seconds,  # its former name
            "X-Fal-No-Retry": "1",
            "X-Fal-Store-IO": "1",
            "X-Fal-Object-Lifecycle-Preference": FILES_LIVE,
        }
        callback = {"fal_webhook": request.callback_url} if request.callback_url else {}
        answer = self._client.submit(f"/{request.endpoint}", request.inputs, headers=headers, params=callback)
        if not answer.is_success:
            raise refusal(answer)
        try:
            return fal_requests.accepted(answer.object, self._line.base_url)
        except ValueError as error:
            raise Ambiguous(f"accepted, but unreadable: {error}", http_status=answer.status) from error

    def fetch(self, job: JobRef) -> JobUpdate:
        """Status first. COMPLETED only means that it ended: the result is asked for, and its HTTP status counts."""
        answer = self._quick.read("GET", addresses.of_status(job, self._line.base_url))
        if not answer.is_success:
            raise refusal(answer)
        _about(answer, job)
        update = fal_requests.progress(job.external_id, answer.object)
        if update is not None:
            return update
        return fal_requests.ended(
            job.external_id, answer.object, self._quick.look(addresses.of_result(job, self._line.base_url))
        )

    def cancel(self, job: JobRef) -> JobUpdate:
        """Asks only. A waiting job is taken out of the queue; a running one may still finish and be billed.

        Too late is told as "still at it": the next question has the end.
        """
        answer = self._client.read("PUT", addresses.of_cancel(job, self._line.base_url))
        if answer.is_success or answer.object.get("status") == "ALREADY_COMPLETED":
            return JobUpdate(external_id=job.external_id, state=JobState.RUNNING)
        if answer.object.get("status") == "NOT_FOUND":
            raise NotFound("404 fal does not know this job", http_status=answer.status)
        raise refusal(answer)

    def check(self) -> None:
        """Asks for a price, which costs nothing."""
        fal_prices.ask(self._line, self._headers)

    def download_headers(self, url: str) -> Mapping[str, str]:
        """Output addresses are open to whoever knows them."""
        del url
        return {}

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> Verified:
        """Ed25519 over id, user, time and the body's SHA-256, by one of the keys fal publishes.

        There is no id of a delivery, and gateway_request_id changes when fal repeats a run: the job and its status are
        the key (https://fal.ai/docs/documentation/model-apis/inference/webhooks).
        """
        delivery = fal_signatures.read_headers(headers, now, self._line.webhook_tolerance_seconds)
        keys = keys_of(self._line.options.get("jwks_url", ""))
        if not (
            fal_signatures.is_signed(delivery, body, keys.known(self._line))
            or fal_signatures.is_signed(delivery, body, keys.refreshed(self._line))
        ):
            raise BadSignature("no signature matches")
        return Verified(key=fal_requests.key_of(body, delivery.request_id))

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        """Only the end of a job is told. A result that could not be told is "still at it": the next question has it."""
        del headers
        try:
            return fal_requests.told(json_object(body))
        except ValueError as error:
            raise UnreadableWebhook(str(error)) from error

    def list_since(self, created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
        """This account's jobs at one endpoint, with what was sent. Sorted by their end: open ones may be missing."""
        return fal_listing.listed_since(self._line, self._headers, created_after, endpoint)


def _about(answer: Answer, job: JobRef) -> None:
    told = answer.object.get("request_id", job.external_id)
    if told != job.external_id:
        raise Transient(f"asked for {job.external_id}, answered about {str(told)[:120]}")
